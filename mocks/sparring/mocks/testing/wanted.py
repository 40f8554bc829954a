"""What a test wants a request to be, and how one differs from that."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, cast

from sparring.mocks.control.interface import ControlError
from sparring.mocks.recorder.redact import PRIVATE, label

_PRIVATE_HEADERS = {"authorization": "credentials", "cookie": "cookie", "proxy-authorization": "credentials"}
_ABSENT = "not there"


class Asked(Protocol):
    """The request that is looked at."""

    @property
    def endpoint(self) -> str:
        """Where it went."""
        ...

    @property
    def method(self) -> str:
        """GET, POST and so on."""
        ...

    @property
    def status(self) -> int | None:
        """What was answered."""
        ...

    @property
    def headers(self) -> Mapping[str, str]:
        """Its headers."""
        ...

    @property
    def params(self) -> Mapping[str, Any]:
        """Its parameters."""
        ...


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is not as it should be. ``name`` is a parameter's or header's, both values as they are told."""

    name: str
    wanted: str
    was: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A request to that endpoint with that method, status, headers and parameters; what is None does not matter.

    A parameter is wanted as text, as a number, as a compiled pattern that is found in it, as a function that says yes,
    as ``...`` (any value) or as None (not there).
    """

    endpoint: str | None = None
    method: str | None = None
    status: int | None = None
    headers: Mapping[str, Any] = field(default_factory=dict)
    params: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def read(cls, endpoint: str | None, wanted: Mapping[str, Any]) -> "Wanted":
        """What was said in keywords: ``method``, ``status``, ``headers``, and parameters. ControlError."""
        params = dict(wanted)
        method, status, headers = params.pop("method", None), params.pop("status", None), params.pop("headers", {})
        if method is not None and not isinstance(method, str):
            raise ControlError(f"a method is text such as 'POST', not {method!r}")
        if status is not None and not isinstance(status, int):
            raise ControlError(f"a status is a number such as 400, not {status!r}")
        lower = {str(name).lower(): value for name, value in dict(headers).items()}
        return cls(endpoint=endpoint, method=method, status=status, headers=lower, params=params)

    def covers(self, request: Asked) -> bool:
        """Whether that request is one of those."""
        return self.endpoint in {None, request.endpoint} and next(self.differences(request), None) is None

    def differences(self, request: Asked) -> Iterator[Difference]:
        """How that request, to that endpoint or another one, differs."""
        if self.method is not None and self.method.upper() != request.method:
            yield Difference("method", self.method.upper(), request.method)
        if self.status is not None and self.status != request.status:
            was = "no answer" if request.status is None else str(request.status)
            yield Difference("status", str(self.status), was)
        yield from _compared("header ", self.headers, request.headers)
        yield from _compared("", self.params, request.params)

    def __str__(self) -> str:
        pairs = [f"{name}={_told(name, value)}" for name, value in self.params.items()]
        pairs += [f"{name}: {_told(name, value)}" for name, value in self.headers.items()]
        if self.status is not None:
            pairs.append(f"status {self.status}")
        where = "any endpoint" if self.endpoint is None else f"{self.endpoint!r}"
        method = "" if self.method is None else f"{self.method.upper()} "
        return f"{method}request to {where}" + (f" with {', '.join(pairs)}" if pairs else "")


def _compared(prefix: str, wanted: Mapping[str, Any], actual: Mapping[str, Any]) -> Iterator[Difference]:
    for name, value in wanted.items():
        if not _fits(value, actual.get(name)):
            was = _shown(name, actual[name]) if name in actual else _ABSENT
            yield Difference(f"{prefix}{name}", _told(name, value), was)


def _fits(wanted: Any, actual: Any) -> bool:
    if wanted is None or actual is None:
        return wanted is None and actual is None
    if wanted is ...:
        return True
    if isinstance(wanted, re.Pattern):
        return wanted.search(str(actual)) is not None
    if callable(wanted):
        return bool(cast("Callable[[Any], object]", wanted)(actual))
    return bool(wanted == actual) or (isinstance(wanted, (str, int, float)) and str(wanted) == str(actual))


def _told(name: str, wanted: Any) -> str:
    if wanted is None:
        return _ABSENT
    if wanted is ...:
        return "any value"
    if isinstance(wanted, re.Pattern):
        return f"something like {wanted.pattern!r}"
    if callable(wanted):
        return f"something that {getattr(wanted, '__name__', 'a function')} accepts"
    return _shown(name, wanted)


def _shown(name: str, value: Any) -> str:
    """The value, or its fingerprint where it is none of anybody's business."""
    kind = PRIVATE.get(name.lower()) or _PRIVATE_HEADERS.get(name.lower())
    return repr(value) if kind is None or not value else label(kind, str(value))
