"""What one request has written and nobody has confirmed yet: an answer goes out when all of it is kept."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, Protocol


class StoreError(Exception):
    """The store does not answer, or not with what was written; the message is one sentence. Nothing was promised."""


class Write(Protocol):
    """Something that is on its way to a store."""

    async def kept(self) -> None:
        """Wait until it is there. StoreError."""
        ...


@dataclass(slots=True)
class Promises:
    """The writes of one request, and the records it read that change seldom: it goes on with those it began with.

    ``new``: keys, each behind its store's name, of which nobody else can know yet; ``counted``: the counters of those.
    """

    writes: list[Write] = field(default_factory=list)
    seen: dict[tuple[str, type, str], Any] = field(default_factory=dict)
    new: set[tuple[str, str]] = field(default_factory=set)
    counted: dict[tuple[str, str], int] = field(default_factory=dict)

    async def kept(self) -> None:
        """Wait until everything that was written is there. StoreError."""
        while self.writes:
            await self.writes.pop().kept()


_present: ContextVar[Promises | None] = ContextVar("promises", default=None)


def present() -> Promises | None:
    """The promises of the request that is being handled; None outside of one: a write is then waited for at once."""
    return _present.get()


@contextmanager
def promising() -> Iterator[Promises]:
    """In this block a store may write without waiting. Wait for ``kept`` before an answer goes out."""
    promises = Promises()
    token = _present.set(promises)
    try:
        yield promises
    finally:
        _present.reset(token)
