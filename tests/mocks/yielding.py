"""A store in which everybody else may come in between: what a store across a network does, without the network."""

import asyncio
from typing import TypeVar

from sparring.mocks.engine.entropy import Entropy
from sparring.mocks.engine.store import Store, Taken

R = TypeVar("R")


class YieldingStore:
    """Yields to the event loop before and after each operation of another store, a seeded number of times."""

    def __init__(self, store: Store, seed: int = 0, most: int = 3) -> None:
        self._store = store
        self._entropy = Entropy(seed)
        self._most = most
        self._pauses = 0

    async def _pause(self) -> None:
        self._pauses += 1
        for _ in range(self._entropy.draw(1, "pause", self._pauses)[0] % (self._most + 1)):
            await asyncio.sleep(0)

    async def put(self, key: str, record: object, *, until: float | None = None, new: bool = False) -> None:
        """Write a record."""
        await self._pause()
        await self._store.put(key, record, until=until, new=new)
        await self._pause()

    async def get(self, kind: type[R], key: str) -> R | None:
        """Read a record."""
        await self._pause()
        found = await self._store.get(kind, key)
        await self._pause()
        return found

    async def take(self, kind: type[R], key: str) -> Taken[R] | None:
        """Consume a record."""
        await self._pause()
        taken = await self._store.take(kind, key)
        await self._pause()
        return taken

    async def delete(self, kind: type[R], key: str) -> None:
        """Forget a record."""
        await self._pause()
        await self._store.delete(kind, key)
        await self._pause()

    async def every(self, kind: type[R]) -> tuple[R, ...]:
        """All records of a type."""
        await self._pause()
        found = await self._store.every(kind)
        await self._pause()
        return found

    async def count(self, name: str) -> int:
        """Add one to a counter."""
        await self._pause()
        value = await self._store.count(name)
        await self._pause()
        return value

    async def number(self, name: str) -> int:
        """A number of one's own."""
        await self._pause()
        value = await self._store.number(name)
        await self._pause()
        return value
