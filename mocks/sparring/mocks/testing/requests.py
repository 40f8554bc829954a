"""What a client has sent, as a test reads it: requests with their answers, and a log of them to look through."""

import base64
import binascii
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, overload
from urllib.parse import parse_qsl, unquote_plus, urlsplit

from sparring.mocks.control.interface import ControlError, Json
from sparring.mocks.testing.telling import briefly, in_full
from sparring.mocks.testing.wanted import Wanted

Hide = Callable[[Sequence[Json]], list[Json]]
"""Puts fingerprints in the place of secrets, tokens and codes."""


@dataclass(frozen=True, eq=False)
class RecordedRequest:
    """One request and what was answered. Names of headers are lower case; as text it tells no secrets.

    ``status`` is None where nothing was answered. ``rule`` is the id of what decided the answer, ``why`` what to mend.
    """

    document: Mapping[str, Any] = field(repr=False)
    """The exchange as the control port gives it, raw."""

    hide: Hide = field(repr=False)

    n: int = field(init=False)
    provider: str = field(init=False)
    endpoint: str = field(init=False)
    method: str = field(init=False)
    url: str = field(init=False)
    status: int | None = field(init=False)
    rule: str = field(init=False)
    why: str = field(init=False)
    source: str = field(init=False)
    at: float = field(init=False)

    def __post_init__(self) -> None:
        """Name the members that tests ask for most."""
        for name in ("n", "provider", "endpoint", "method", "url", "status", "rule", "source", "at"):
            object.__setattr__(self, name, self.document[name])
        object.__setattr__(self, "why", self.document["mend"])

    @property
    def path(self) -> str:
        """The path of the URL."""
        return urlsplit(self.url).path

    @cached_property
    def headers(self) -> dict[str, str]:
        """The request's headers; of several with one name the first."""
        return _headers(self.document["headers"])

    @cached_property
    def response_headers(self) -> dict[str, str]:
        """The answer's headers; of several with one name the first."""
        return _headers(self.document["response_headers"])

    @property
    def body(self) -> bytes:
        """The request's body."""
        return _octets(self.document["body"])

    @property
    def response_body(self) -> bytes:
        """The answer's body."""
        return _octets(self.document["response_body"])

    @cached_property
    def query(self) -> dict[str, str]:
        """The parameters of the URL."""
        return dict(parse_qsl(urlsplit(self.url).query, keep_blank_values=True))

    @cached_property
    def form(self) -> dict[str, str]:
        """The parameters of a form-encoded body; empty for any other body."""
        kind = self.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind != "application/x-www-form-urlencoded":
            return {}
        return dict(parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True))

    @property
    def json(self) -> Any:
        """The request's body as JSON; None where it is none."""
        return _json(self.body)

    @property
    def response_json(self) -> Any:
        """The answer's body as JSON; None where it is none."""
        return _json(self.response_body)

    @property
    def params(self) -> dict[str, Any]:
        """What was asked, wherever it stood: query, form, and the members of a JSON object."""
        members = self.json
        return {**self.query, **(members if isinstance(members, dict) else {}), **self.form}

    @property
    def error(self) -> str | None:
        """The OAuth error code of the answer, if it bears one."""
        told = self.response_json
        found = told.get("error") if isinstance(told, dict) else None
        if found is None:
            _, _, query = self.response_headers.get("location", "").partition("#")[0].partition("?")
            found = dict(parse_qsl(query)).get("error")
        return found if isinstance(found, str) else None

    @property
    def bearer(self) -> str | None:
        """The token of the Authorization header (RFC 6750 section 2.1)."""
        scheme, _, token = self.headers.get("authorization", "").partition(" ")
        return token if scheme.lower() == "bearer" else None

    @property
    def basic(self) -> tuple[str, str] | None:
        """Client id and secret of the Authorization header (RFC 6749 section 2.3.1)."""
        scheme, _, encoded = self.headers.get("authorization", "").partition(" ")
        try:
            name, colon, password = base64.b64decode(encoded, validate=True).decode().partition(":")
        except (binascii.Error, ValueError):
            return None
        return (unquote_plus(name), unquote_plus(password)) if scheme.lower() == "basic" and colon else None

    @property
    def client_id(self) -> str | None:
        """Who asked: as the provider recognised it, or else as the request says."""
        known = self.document["facts"].get("client") or self.params.get("client_id")
        return known or (self.basic[0] if self.basic else None)

    @property
    def faults(self) -> tuple[str, ...]:
        """The ids of the faults that fired on it."""
        return tuple(self.document["facts"].get("faults", ()))

    def __str__(self) -> str:
        return in_full(self.hide([dict(self.document)])[0])

    def __repr__(self) -> str:
        return f"<{briefly(self.document)}>"


class RequestLog(Sequence[RecordedRequest]):
    """Requests in the order of their arrival; as text they tell no secrets."""

    def __init__(self, requests: Sequence[RecordedRequest], hide: Hide) -> None:
        self._requests = tuple(requests)
        self._hide = hide

    @overload
    def __getitem__(self, index: int) -> RecordedRequest: ...
    @overload
    def __getitem__(self, index: slice) -> "RequestLog": ...
    def __getitem__(self, index: int | slice) -> "RecordedRequest | RequestLog":
        if isinstance(index, slice):
            return RequestLog(self._requests[index], self._hide)
        try:
            return self._requests[index]
        except IndexError:
            raise IndexError(f"there are {len(self)} requests, so there is no [{index}]") from None

    def __iter__(self) -> Iterator[RecordedRequest]:
        return iter(self._requests)

    def __len__(self) -> int:
        return len(self._requests)

    def to(self, endpoint: str | None = None, **wanted: Any) -> "RequestLog":
        """Those to that endpoint, with these parameters: as ``assert_requested`` reads them."""
        criteria = Wanted.read(endpoint, wanted)
        return RequestLog([one for one in self if criteria.covers(one)], self._hide)

    @property
    def last(self) -> RecordedRequest:
        """The newest. ControlError where there is none."""
        if not self._requests:
            raise ControlError("there is no such request: nobody has asked that yet", 404)
        return self._requests[-1]

    def documents(self) -> list[Json]:
        """The exchanges as the control port gives them, redacted."""
        return self._hide([dict(one.document) for one in self])

    def __str__(self) -> str:
        return "\n".join(in_full(document) for document in self.documents()) or "nobody has asked anything"

    def __repr__(self) -> str:
        return f"<{len(self)} requests: {', '.join(briefly(one.document) for one in self)}>"


def _headers(pairs: Sequence[Sequence[str]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in pairs:
        found.setdefault(name.lower(), value)
    return found


def _octets(body: str | Mapping[str, str]) -> bytes:
    return body.encode() if isinstance(body, str) else base64.b64decode(body["base64"])


def _json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None
