"""Where a contract is tried: a provider that can be asked, and sometimes governed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import urlsplit

from sparring.contracts.grammar import StageGiven

Headers = tuple[tuple[str, str], ...]


class NotApplicableError(Exception):
    """A trial cannot take place here; the message is the reason, in a few words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A request: an absolute URL, header names as they are sent; a Host among them goes before the URL's."""

    method: str
    url: str
    headers: Headers = ()
    body: bytes = b""

    def header(self, name: str) -> str | None:
        """The first header of that name, in any case, or None."""
        return _header(self.headers, name)

    @property
    def authority(self) -> str:
        """Whom the request is meant for: its Host header, or the URL's authority."""
        return self.header("host") or urlsplit(self.url).netloc


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """An answer, its headers in the order in which they came."""

    status: int
    headers: Headers = ()
    body: bytes = b""

    def header(self, name: str) -> str | None:
        """The first header of that name, in any case, or None."""
        return _header(self.headers, name)

    @property
    def text(self) -> str:
        """The body as text; what is no UTF-8 is replaced."""
        return self.body.decode("utf-8", "replace")


def _header(headers: Headers, name: str) -> str | None:
    return next((value for key, value in headers if key.lower() == name.lower()), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What a place shall be opened with."""

    provider: str
    variant: str = "default"
    stage: StageGiven = field(default_factory=StageGiven)


class Place(Protocol):
    """One provider, opened for one trial.

    ``values`` are those of ``OF_THE_PLACE`` and more; ``endpoints`` are absolute URLs by name. ``exact``: every header
    is the provider's own, so that set and order are compared; otherwise only that the expected ones are there.
    """

    @property
    def values(self) -> Mapping[str, Any]:
        """What ``${name}`` stands for."""
        ...

    @property
    def endpoints(self) -> Mapping[str, str]:
        """URLs by name."""
        ...

    @property
    def exact(self) -> bool:
        """Whether headers are compared as a whole."""
        ...

    async def send(self, call: Call) -> Reply:
        """The answer to a request. ConnectionError where there is none."""
        ...

    async def control(self, verb: str, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
        """Do what a step of that verb says, and tell what came of it. NotApplicableError where nobody governs it; a
        ValueError says in a sentence why it could not be done.
        """
        ...

    async def now(self) -> float:
        """The provider's time in POSIX seconds."""
        ...

    async def rule(self) -> str | None:
        """The id of the rule that decided the last answer, where that is known."""
        ...

    async def close(self) -> None:
        """End it."""
        ...


class World(Protocol):
    """Where places come from."""

    async def open(self, given: Given) -> Place:
        """A place of its own for one trial. NotApplicableError where it cannot be had like that."""
        ...
