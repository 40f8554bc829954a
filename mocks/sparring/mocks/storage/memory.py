"""The embedded store: dictionaries, bounded."""

from collections import OrderedDict
from collections.abc import Callable
from itertools import islice
from typing import Any, TypeVar

from sparring.mocks.engine.store import Taken

R = TypeVar("R")
_MOST_FRONTS = 1_000


class _Table:
    """The records of a type, each alone or with the time from which on it may be forgotten."""

    __slots__ = ("records", "soonest")

    def __init__(self) -> None:
        self.records: dict[str, Any] = {}
        self.soonest = float("inf")
        """Before that time none may be forgotten."""


class MemoryStore:
    """Every operation is one step of the event loop, so it is atomic. ``limit`` bounds the records of each type: beyond
    it, those that may be forgotten go first, then the oldest.
    """

    def __init__(self, now: Callable[[], float], limit: int = 20_000) -> None:
        self._now = now
        self._limit = limit
        self._tables: dict[type, _Table] = {}
        self._taken: set[tuple[type, str]] = set()
        self._counters: OrderedDict[str, dict[str, int] | str] = OrderedDict()
        """By the last part of their names, which often is the key of a record: they are forgotten with it. Where there
        is one, and it has been counted once, its front stands for it.
        """
        self._fronts: dict[str, str] = {}

    async def put(self, key: str, record: object, *, until: float | None = None, new: bool = False) -> None:  # noqa: ARG002
        """Write a record, over an older one of its type and key."""
        kind = type(record)
        table = self._tables.get(kind)
        if table is None:
            table = self._tables[kind] = _Table()
        if until is None:
            table.records[key] = record
        else:
            table.records[key] = (record, until)
            table.soonest = min(table.soonest, until)
        if len(table.records) > self._limit:
            self._forget(kind, table)

    def _forget(self, kind: type, table: _Table) -> None:
        now, records = self._now(), table.records
        room = self._limit // 10 or 1  # a tenth at a time, so that it is seldom
        dead: list[str] = []
        if table.soonest < now:
            ends = {key: found[1] for key, found in records.items() if type(found) is tuple}
            dead = [key for key, until in ends.items() if until < now]
            table.soonest = min((until for until in ends.values() if until >= now), default=float("inf"))
        gone = set(dead)
        oldest = islice((key for key in records if key not in gone), max(room - len(dead), 0))
        for key in [*dead, *oldest]:
            del records[key]
            self._taken.discard((kind, key))
            self._counters.pop(key, None)

    def _find(self, kind: type, key: str) -> Any:
        table = self._tables.get(kind)
        found = None if table is None else table.records.get(key)
        return found[0] if type(found) is tuple else found

    async def get(self, kind: type[R], key: str) -> R | None:
        """Read a record, consumed or not."""
        found: R | None = self._find(kind, key)
        return found

    async def take(self, kind: type[R], key: str) -> Taken[R] | None:
        """Consume a record: ``first`` is True for one caller."""
        found = self._find(kind, key)
        if found is None:
            return None
        first = (kind, key) not in self._taken
        self._taken.add((kind, key))
        return Taken(found, first)

    async def delete(self, kind: type[R], key: str) -> None:
        """Forget a record."""
        if kind in self._tables:
            self._tables[kind].records.pop(key, None)
        self._taken.discard((kind, key))

    async def every(self, kind: type[R]) -> tuple[R, ...]:
        """All records of a type, oldest first."""
        table = self._tables.get(kind, _Table())
        return tuple(found[0] if type(found) is tuple else found for found in table.records.values())

    async def count(self, name: str) -> int:
        """Add one to a counter and say the new value."""
        front, _, last = name.rpartition("/")
        counts = self._counters.get(last)
        front = self._fronts.get(front) or self._one(front)
        if counts is None:
            self._counters[last] = front
            if len(self._counters) > 10 * self._limit:
                self._counters.popitem(last=False)
            return 1
        if isinstance(counts, str):
            counts = self._counters[last] = {counts: 1}
        self._counters.move_to_end(last)
        value = counts[front] = counts.get(front, 0) + 1
        return value

    number = count

    def _one(self, front: str) -> str:
        """Keep one of each of the fronts that many names have."""
        if len(self._fronts) < _MOST_FRONTS:
            self._fronts[front] = front
        return front
