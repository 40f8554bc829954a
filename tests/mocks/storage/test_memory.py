"""The embedded store: it conforms, alone and with others in between, and it is bounded."""

# ruff: noqa: D103 - the names are sentences

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from hypothesis import given
from hypothesis import strategies as st

from sparring.mocks.engine.sessions import Session, Ticket
from sparring.mocks.engine.store import Store
from sparring.mocks.storage.memory import MemoryStore
from tests.mocks.stages import START, Wall, in_loop
from tests.mocks.storage_conformance import StoreConformance
from tests.mocks.yielding import YieldingStore


@asynccontextmanager
async def _memory() -> AsyncIterator[Store]:
    yield MemoryStore(Wall())


@asynccontextmanager
async def _yielding() -> AsyncIterator[Store]:
    yield YieldingStore(MemoryStore(Wall()), seed=7)


class TestMemoryStore(StoreConformance):
    """The store itself."""

    def opened(self) -> AbstractAsyncContextManager[Store]:
        """Nothing to open or close."""
        return _memory()


class TestYieldingStore(StoreConformance):
    """The double that lets everybody else in between keeps the promises of the store it wraps."""

    def opened(self) -> AbstractAsyncContextManager[Store]:
        """One around a memory store."""
        return _yielding()


def _ticket(name: str) -> Ticket:
    return Ticket(session_id=name, about="")


async def _names(store: Store) -> list[str]:
    return [ticket.session_id for ticket in await store.every(Ticket)]


@in_loop
async def test_beyond_the_limit_the_dead_go_first() -> None:
    wall = Wall()
    store = MemoryStore(wall, limit=3)
    await store.put("old", _ticket("old"))
    await store.put("dead", _ticket("dead"), until=START + 1)
    await store.put("live", _ticket("live"), until=START + 9)
    wall.seconds += 5
    assert await _names(store) == ["old", "dead", "live"]
    await store.put("new", _ticket("new"))
    assert await _names(store) == ["old", "live", "new"]


@in_loop
async def test_where_nothing_is_dead_the_oldest_go() -> None:
    store = MemoryStore(Wall(), limit=20)
    for number in range(21):
        await store.put(str(number), _ticket(str(number)))
    assert await _names(store) == [str(number) for number in range(2, 21)]


@in_loop
async def test_one_type_cannot_push_out_another() -> None:
    store = MemoryStore(Wall(), limit=2)
    session = Session(id="s", subject="u", signed_in_at=START)
    await store.put("s", session)
    for number in range(9):
        await store.put(str(number), _ticket(str(number)))
    assert await store.get(Session, "s") == session


@in_loop
async def test_a_forgotten_record_leaves_no_mark_of_its_consumption() -> None:
    store = MemoryStore(Wall(), limit=1)
    await store.put("a", _ticket("a"))
    await store.take(Ticket, "a")
    await store.put("b", _ticket("b"))
    assert await store.get(Ticket, "a") is None
    await store.put("a", _ticket("a"))
    taken = await store.take(Ticket, "a")
    assert taken is not None
    assert taken.first


@in_loop
async def test_counters_are_bounded_and_those_in_use_stay() -> None:
    store = MemoryStore(Wall(), limit=1)
    for number in range(30):
        assert await store.count("in use") == number + 1
        await store.count(f"stray {number}")


@given(st.lists(st.tuples(st.text("ab", max_size=2), st.integers(-5, 5)), max_size=40), st.integers(1, 5))
def test_it_never_holds_more_than_its_limit(puts: list[tuple[str, int]], limit: int) -> None:
    async def fill() -> None:
        store = MemoryStore(Wall(), limit=limit)
        for key, life in puts:
            await store.put(key, _ticket(key), until=START + life)
            assert len(await store.every(Ticket)) <= limit

    asyncio.run(fill())
