"""Where a provider keeps its state: one small asynchronous Protocol with an atomic ``take``."""

from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Taken(Generic[R]):
    """A record that was asked for once and for all. ``first`` is True for exactly one caller."""

    record: R
    first: bool


class Store(Protocol):
    """Records (frozen dataclasses) by type and key. Expiry is the engine's business: ``until`` (POSIX seconds of the
    stage) only says from when on a record may be forgotten.
    """

    async def put(self, key: str, record: object, *, until: float | None = None, new: bool = False) -> None:
        """Write a record, over an older one of its type and key. What was consumed stays consumed.

        ``new``: the caller knows that nobody has had that key, nor a counter whose name ends in ``/`` and that key.
        """
        ...

    async def get(self, kind: type[R], key: str) -> R | None:
        """Read a record, consumed or not."""
        ...

    async def take(self, kind: type[R], key: str) -> Taken[R] | None:
        """Consume a record atomically: whoever comes first gets ``first=True``, all later callers ``first=False``.

        The record stays readable, so that a replay can be told from a value that never was. None: there is none.
        """
        ...

    async def delete(self, kind: type[R], key: str) -> None:
        """Forget a record; nothing happens where there is none."""
        ...

    async def every(self, kind: type[R]) -> tuple[R, ...]:
        """All records of a type, oldest first."""
        ...

    async def count(self, name: str) -> int:
        """Add one to a counter, atomically, and say the new value (the first is 1)."""
        ...

    async def number(self, name: str) -> int:
        """A number that nobody else is given under that name, from 1 up; servers that share it may leave gaps."""
        ...
