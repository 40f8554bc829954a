"""The store that any number of workers and replicas share: Redis 7 or Valkey."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from sparring.mocks.engine.clients import Client
from sparring.mocks.engine.clock import Clock
from sparring.mocks.engine.store import Store, Taken
from sparring.mocks.engine.users import User
from sparring.mocks.storage.link import Link
from sparring.mocks.storage.memory import MemoryStore
from sparring.mocks.storage.promises import StoreError, present
from sparring.mocks.storage.records import decode, digest, encode, name_of

__all__ = ["SHARED", "Link", "RedisStorage", "RedisStore", "StoreError"]

SHARED = frozenset({"main"})
"""The stages that are kept in Redis. The others belong to the server that opened them, as their sockets do."""

R = TypeVar("R")
_SELDOM = frozenset({Client, User})
"""Kinds that a request reads more than once and that hardly ever change: it goes on with what it has read first."""


class RedisStorage:
    """The stores of one server, over one link. ``url``: redis://, rediss:// or unix://; ValueError where it is none."""

    def __init__(self, url: str) -> None:
        self._link = Link(url)

    def __call__(self, clock: Clock) -> Store:
        """An empty store in memory."""
        return MemoryStore(clock.now)

    def at(self, stage: str, provider: str, clock: Clock) -> Store:
        """The store of that provider: in Redis if the stage is a shared one, else in memory."""
        return RedisStore(self._link, f"{stage}/{provider}", clock.now) if stage in SHARED else self(clock)

    async def close(self) -> None:
        """Hang up; what is kept stays there."""
        await self._link.close()


class RedisStore:
    """Records and counters at one ``place`` (a stage and a provider of it). Every operation is one step of one script.

    Bounded as ``MemoryStore`` is. Where Redis is away every operation raises StoreError. While a request is handled,
    writes do not wait; see ``promises``.
    """

    def __init__(self, link: Link, place: str, now: Callable[[], float], limit: int = 20_000) -> None:
        self._link = link
        self._name = place
        self._place = f"sparring:{{{place}}}:".encode()
        self._now = now
        self._limit = b"%d" % limit
        link.keep(self._place)

    async def put(self, key: str, record: object, *, until: float | None = None) -> None:
        """Write a record, over an older one of its type and key. What was consumed stays consumed."""
        kind = type(record)
        ends = b"" if until is None else repr(until).encode()
        now = repr(self._now()).encode()
        await self._write(b"p", name_of(kind), _bytes(key), encode(record), ends, self._limit, now)
        self._see(kind, key, record)

    async def _write(self, letter: bytes, *arguments: bytes) -> None:
        batch = self._link.tell(letter, self._place, *arguments)
        promises = present()
        if promises is None:
            await batch.kept()
        elif not promises.writes or promises.writes[-1] is not batch:
            promises.writes.append(batch)

    def _see(self, kind: type, key: str, record: Any) -> None:
        promises = present()
        if promises is not None and kind in _SELDOM:
            promises.seen[self._name, kind, key] = record

    async def get(self, kind: type[R], key: str) -> R | None:
        """Read a record, consumed or not."""
        promises = present() if kind in _SELDOM else None
        if promises is not None and (self._name, kind, key) in promises.seen:
            seen: R | None = promises.seen[self._name, kind, key]
            return seen
        found = await self._link.ask(b"g", self._place, name_of(kind), _bytes(key))
        record = None if found is None else decode(kind, found)
        if promises is not None:
            promises.seen[self._name, kind, key] = record
        return record

    async def take(self, kind: type[R], key: str) -> Taken[R] | None:
        """Consume a record: ``first`` is True for one caller, wherever it runs."""
        found = await self._link.ask(b"t", self._place, name_of(kind), _bytes(key))
        return None if found is None else Taken(decode(kind, found[0]), bool(found[1]))

    async def delete(self, kind: type[R], key: str) -> None:
        """Forget a record."""
        await self._write(b"d", name_of(kind), _bytes(key))
        self._see(kind, key, None)

    async def every(self, kind: type[R]) -> tuple[R, ...]:
        """All records of a type, oldest first."""
        found = await self._link.ask(b"e", self._place, name_of(kind))
        return tuple(decode(kind, each) for each in found)

    async def count(self, name: str) -> int:
        """Add one to a counter and say the new value."""
        value: int = await self._link.ask(b"c", self._place, _bytes(name), self._limit)
        return value

    async def furnish(self, records: Sequence[tuple[str, object]]) -> None:
        """Write what a place begins with, unless these very records were written already; and again if Redis comes back
        and has forgotten them.
        """
        many = b"%d" % len(records)
        parts = [part for key, each in records for part in (name_of(type(each)), _bytes(key), encode(each))]
        now = repr(self._now()).encode()
        operation = (b"f", self._place, digest(records), many, self._limit, now, *parts)
        await self._link.tell(*operation).kept()
        self._link.open_with(self._place, *operation)

    async def clear(self) -> None:
        """Forget everything at this place."""
        self._link.open_with(self._place)
        await self._link.tell(b"x", self._place).kept()


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
