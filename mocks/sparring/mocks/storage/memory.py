"""The embedded store: dictionaries, bounded."""

from collections import OrderedDict, defaultdict
from collections.abc import Callable
from itertools import islice
from typing import Any, TypeVar

from sparring.mocks.engine.store import Taken

R = TypeVar("R")


class MemoryStore:
    """Every operation is one step of the event loop, so it is atomic. ``limit`` bounds the records of each type: beyond
    it, those that may be forgotten go first, then the oldest.
    """

    def __init__(self, now: Callable[[], float], limit: int = 20_000) -> None:
        self._now = now
        self._limit = limit
        self._records: defaultdict[type, OrderedDict[str, tuple[Any, float | None]]] = defaultdict(OrderedDict)
        self._taken: set[tuple[type, str]] = set()
        self._counters: OrderedDict[str, dict[str, int]] = OrderedDict()
        """By the last part of their names, which often is the key of a record: they are forgotten with it."""

    async def put(self, key: str, record: object, *, until: float | None = None, new: bool = False) -> None:  # noqa: ARG002
        """Write a record, over an older one of its type and key."""
        table = self._records[type(record)]
        table[key] = (record, until)
        if len(table) > self._limit:
            self._forget(type(record), table)

    def _forget(self, kind: type, table: OrderedDict[str, tuple[Any, float | None]]) -> None:
        now = self._now()
        room = self._limit // 10 or 1  # a tenth at a time, so that it is seldom
        dead = [key for key, (_, until) in table.items() if until is not None and until < now]
        gone = set(dead)
        oldest = (key for key in table if key not in gone)
        for key in [*dead, *islice(oldest, max(room - len(dead), 0))]:
            del table[key]
            self._taken.discard((kind, key))
            self._counters.pop(key, None)

    async def get(self, kind: type[R], key: str) -> R | None:
        """Read a record, consumed or not."""
        found = self._records[kind].get(key)
        return None if found is None else found[0]

    async def take(self, kind: type[R], key: str) -> Taken[R] | None:
        """Consume a record: ``first`` is True for one caller."""
        found = self._records[kind].get(key)
        if found is None:
            return None
        first = (kind, key) not in self._taken
        self._taken.add((kind, key))
        return Taken(found[0], first)

    async def delete(self, kind: type[R], key: str) -> None:
        """Forget a record."""
        self._records[kind].pop(key, None)
        self._taken.discard((kind, key))

    async def every(self, kind: type[R]) -> tuple[R, ...]:
        """All records of a type, oldest first."""
        return tuple(record for record, _ in self._records[kind].values())

    async def count(self, name: str) -> int:
        """Add one to a counter and say the new value."""
        front, _, last = name.rpartition("/")
        counts = self._counters.get(last)
        if counts is None:
            counts = self._counters[last] = {}
            if len(self._counters) > 10 * self._limit:
                self._counters.popitem(last=False)
        else:
            self._counters.move_to_end(last)
        value = counts[front] = counts.get(front, 0) + 1
        return value

    number = count
