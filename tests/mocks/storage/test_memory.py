"""The embedded store: it conforms, alone and with others in between, and it is bounded."""

# ruff: noqa: D103 - the names are sentences

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from hypothesis import given
from hypothesis import strategies as st

from sparring.mocks.engine.sessions import Ticket
from sparring.mocks.engine.store import Store
from sparring.mocks.storage.memory import MemoryStore
from tests.mocks.stages import START, Wall
from tests.mocks.storage_conformance import StoreConformance, ticket
from tests.mocks.yielding import YieldingStore


@asynccontextmanager
async def _memory(wall: Wall | None, limit: int) -> AsyncIterator[Store]:
    yield MemoryStore(wall or Wall(), limit)


@asynccontextmanager
async def _yielding(wall: Wall | None, limit: int) -> AsyncIterator[Store]:
    yield YieldingStore(MemoryStore(wall or Wall(), limit), seed=7)


class TestMemoryStore(StoreConformance):
    """The store itself."""

    def opened(self, wall: Wall | None = None, limit: int = 20_000) -> AbstractAsyncContextManager[Store]:
        """Nothing to open or close."""
        return _memory(wall, limit)


class TestYieldingStore(StoreConformance):
    """The double that lets everybody else in between keeps the promises of the store it wraps."""

    def opened(self, wall: Wall | None = None, limit: int = 20_000) -> AbstractAsyncContextManager[Store]:
        """One around a memory store."""
        return _yielding(wall, limit)


@given(st.lists(st.tuples(st.text("ab", max_size=2), st.integers(-5, 5)), max_size=40), st.integers(1, 5))
def test_it_never_holds_more_than_its_limit(puts: list[tuple[str, int]], limit: int) -> None:
    async def fill() -> None:
        store = MemoryStore(Wall(), limit=limit)
        for key, life in puts:
            await store.put(key, ticket(key), until=START + life)
            assert len(await store.every(Ticket)) <= limit

    asyncio.run(fill())
