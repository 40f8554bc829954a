"""The store that any number of workers and replicas share: Redis 7 or Valkey."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from sparring.mocks.engine.clients import Client
from sparring.mocks.engine.clock import Clock
from sparring.mocks.engine.store import Store, Taken
from sparring.mocks.engine.users import User
from sparring.mocks.storage.link import Link
from sparring.mocks.storage.memory import MemoryStore
from sparring.mocks.storage.numbers import Numbers
from sparring.mocks.storage.promises import StoreError, present
from sparring.mocks.storage.records import as_key as _bytes
from sparring.mocks.storage.records import decode, digest, encode, name_of
from sparring.mocks.storage.redis_scene import RedisScene

__all__ = ["SHARED", "Link", "RedisStorage", "RedisStore", "StoreError"]

SHARED = frozenset({"main"})
"""The stages that are kept in Redis. The others belong to the server that opened them, as their sockets do."""

R = TypeVar("R")
_SELDOM = frozenset({Client, User})
"""Kinds that a request reads more than once and that hardly ever change: it goes on with what it has read first."""
_MOST_KNOWN = 1_000


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

    def scene(self, stage: str) -> RedisScene | None:
        """What the servers of that stage share besides; None where it is no shared one."""
        return RedisScene(self._link, stage) if stage in SHARED else None

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
        self._numbers = Numbers(self._draw)
        self._known: dict[str, tuple[bytes, Any]] = {}
        link.keep(self._place)

    async def put(self, key: str, record: object, *, until: float | None = None, new: bool = False) -> None:
        """Write a record, over an older one of its type and key. What was consumed stays consumed."""
        kind = type(record)
        ends = b"" if until is None else repr(until).encode()
        now = repr(self._now()).encode()
        await self._write(b"p", name_of(kind), _bytes(key), encode(record), ends, self._limit, now)
        if kind in _SELDOM:
            self._see(kind, key, record)
        elif new and (promises := present()) is not None:
            promises.new.add((self._name, key))

    async def _write(self, letter: bytes, *arguments: bytes) -> None:
        batch = self._link.tell(letter, self._place, *arguments)
        promises = present()
        if promises is None:
            await batch.kept()
        elif not promises.writes or promises.writes[-1] is not batch:
            promises.writes.append(batch)

    def _see(self, kind: type, key: str, record: Any) -> None:
        promises = present()
        if promises is not None:
            promises.seen[self._name, kind, key] = record

    async def get(self, kind: type[R], key: str) -> R | None:
        """Read a record, consumed or not."""
        promises = present() if kind in _SELDOM else None
        if promises is not None and (self._name, kind, key) in promises.seen:
            seen: R | None = promises.seen[self._name, kind, key]
            return seen
        found = await self._link.ask(b"g", self._place, name_of(kind), _bytes(key))
        if promises is None:
            return None if found is None else decode(kind, found)
        record = promises.seen[self._name, kind, key] = self._as_known(kind, key, found)
        return record

    def _as_known(self, kind: type[R], key: str, found: bytes | None) -> R | None:
        """The record, read once as long as it stays the same."""
        if found is None:
            return None
        known = self._known.get(key)
        if known is not None and known[0] == found and isinstance(known[1], kind):
            return known[1]
        if len(self._known) >= _MOST_KNOWN:
            self._known.clear()
        record = decode(kind, found)
        self._known[key] = (found, record)
        return record

    async def arrive(self, scene: bytes, client_id: str | None) -> tuple[bytes, int]:
        """A request begins: the version of what its stage is set to, and its number. Its client is read on the way."""
        kind, key = (b"", b"") if client_id is None else (name_of(Client), _bytes(client_id))
        version, number, found = await self._link.ask(b"a", scene, self._place, kind, key)
        if client_id is not None:
            self._see(Client, client_id, self._as_known(Client, client_id, found))
        return version or b"", number

    async def take(self, kind: type[R], key: str) -> Taken[R] | None:
        """Consume a record: ``first`` is True for one caller, wherever it runs."""
        found = await self._link.ask(b"t", self._place, name_of(kind), _bytes(key))
        return None if found is None else Taken(decode(kind, found[0]), bool(found[1]))

    async def delete(self, kind: type[R], key: str) -> None:
        """Forget a record."""
        await self._write(b"d", name_of(kind), _bytes(key))
        if kind in _SELDOM:
            self._see(kind, key, None)

    async def every(self, kind: type[R]) -> tuple[R, ...]:
        """All records of a type, oldest first."""
        found = await self._link.ask(b"e", self._place, name_of(kind))
        return tuple(decode(kind, each) for each in found)

    async def count(self, name: str) -> int:
        """Add one to a counter and say the new value."""
        return await self._count_unseen(name) or await self._draw(name, 1)

    async def _count_unseen(self, name: str) -> int:
        """Count under a name of which nobody else can know: that waits for nothing. 0 where others may know it."""
        promises = present()
        if promises is None or not promises.new or (self._name, name.rpartition("/")[2]) not in promises.new:
            return 0
        value = promises.counted[self._name, name] = promises.counted.get((self._name, name), 0) + 1
        await self._write(b"c", _bytes(name), self._limit, b"1")
        return value

    async def number(self, name: str) -> int:
        """A number of one's own: see ``Numbers``."""
        return await self._count_unseen(name) or await self._numbers.number(name)

    async def _draw(self, name: str, many: int) -> int:
        value: int = await self._link.ask(b"c", self._place, _bytes(name), self._limit, b"%d" % many)
        return value

    def renew(self) -> None:
        """What was known of it holds no longer: somebody has cleared it."""
        self._numbers.forget()
        self._known.clear()

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
        self.renew()
        await self._link.tell(b"x", self._place).kept()
