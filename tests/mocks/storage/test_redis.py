"""The store across a network: it conforms, alone and among requests; it does what memory does; places are cleared."""

# ruff: noqa: D103 - the names are sentences

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sparring.mocks.engine.sessions import Ticket
from sparring.mocks.engine.store import Store
from sparring.mocks.storage.memory import MemoryStore
from sparring.mocks.storage.promises import StoreError, promising
from tests.mocks.stages import START, Wall, in_loop
from tests.mocks.storage_conformance import CODE, StoreConformance, names, ticket

redis = pytest.importorskip("redis", reason="the redis library is not installed")
pytest.importorskip("hiredis", reason="hiredis is not installed")
from sparring.mocks.storage.redis import Link, RedisStore  # noqa: E402

_places = count(1)


@asynccontextmanager
async def opened(url: str, wall: Wall | None = None, limit: int = 20_000) -> AsyncIterator[RedisStore]:
    """A store at a place where nobody was before."""
    link = Link(url)
    store = RedisStore(link, f"conformance/{next(_places)}", wall or Wall(), limit)
    try:
        yield store
        await store.clear()
    finally:
        await link.close()


@asynccontextmanager
async def _in_a_request(url: str, wall: Wall | None, limit: int) -> AsyncIterator[RedisStore]:
    async with opened(url, wall, limit) as store:
        with promising() as promises:
            yield store
            await promises.kept()


class TestRedisStore(StoreConformance):
    """The store itself: each write is waited for."""

    @pytest.fixture(autouse=True)
    def _server(self, redis_url: str) -> None:
        self.url = redis_url

    def opened(self, wall: Wall | None = None, limit: int = 20_000) -> AbstractAsyncContextManager[Store]:
        """A link and a place of its own."""
        return opened(self.url, wall, limit)


class TestRedisStoreInARequest(TestRedisStore):
    """Among what one request does, where writes do not wait."""

    def opened(self, wall: Wall | None = None, limit: int = 20_000) -> AbstractAsyncContextManager[Store]:
        """In the promises of one request."""
        return _in_a_request(self.url, wall, limit)


_KEYS = st.sampled_from("abcd")
_STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("put"), _KEYS, st.none() | st.integers(-3, 3)),
        st.tuples(st.sampled_from(("take", "get", "delete", "count")), _KEYS, st.none()),
        st.tuples(st.just("pass"), st.none(), st.integers(1, 3)),
    ),
    max_size=40,
)


async def _play(store: Store, wall: Wall, steps: list[tuple[str, str, int]]) -> list[Any]:
    seen: list[Any] = []
    for number, (what, key, seconds) in enumerate(steps):
        if what == "pass":
            wall.seconds += seconds
        elif what == "put":
            await store.put(key, Ticket(session_id=key, about=str(number)), until=seconds and wall() + seconds)
        elif what == "take":
            seen.append(await store.take(Ticket, key))
        elif what == "get":
            seen.append(await store.get(Ticket, key))
        elif what == "delete":
            await store.delete(Ticket, key)
        else:
            seen.append(await store.count(key))
        seen.append(await store.every(Ticket))
    return seen


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(steps=_STEPS, limit=st.integers(1, 3))
def test_it_does_what_memory_does(redis_url: str, steps: list[tuple[str, str, int]], limit: int) -> None:
    async def both() -> None:
        wall, other = Wall(), Wall()
        async with opened(redis_url, other, limit) as store:
            assert await _play(store, other, steps) == await _play(MemoryStore(wall, limit), wall, steps)

    asyncio.run(both())


@in_loop
async def test_among_thousands_nothing_is_left_out(redis_url: str) -> None:
    async with opened(redis_url, limit=2500) as store:
        with promising() as promises:
            for number in range(2501):
                await store.put(str(number), ticket(str(number)), until=START - 1 if number % 2 else None)
            await promises.kept()
        assert await names(store) == [str(number) for number in range(0, 2501, 2)]


_TAKER = """
import asyncio, json, sys
from sparring.mocks.engine.codes import Code
from sparring.mocks.storage.redis import Link, RedisStore

async def main(url, place, many):
    link = Link(url)
    store = RedisStore(link, place, lambda: 0.0)
    await link.there()
    print("ready", flush=True)
    sys.stdin.readline()
    taken = await asyncio.gather(*(store.take(Code, str(number % many)) for number in range(3 * many)))
    print(json.dumps([number % many for number, one in enumerate(taken) if one.first]))
    await link.close()

asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3])))
"""


@in_loop
async def test_of_two_processes_one_is_first(redis_url: str) -> None:
    many = 300
    async with opened(redis_url) as store:
        for number in range(many):
            await store.put(str(number), CODE)
        command = (sys.executable, "-c", _TAKER, redis_url, f"conformance/{next(_places) - 1}", str(many))
        pipe = asyncio.subprocess.PIPE
        takers = [await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe) for _ in range(2)]
        for taker in takers:
            assert taker.stdout is not None
            assert await taker.stdout.readline() == b"ready\n"
        said = await asyncio.gather(*(taker.communicate(b"\n") for taker in takers))
        firsts = [json.loads(out) for out, _ in said]
        assert sorted(firsts[0] + firsts[1]) == list(range(many))


@in_loop
async def test_what_one_link_has_written_another_one_reads(redis_url: str) -> None:
    async with opened(redis_url) as store:
        await store.put("k", CODE)
        link = Link(redis_url)
        other = RedisStore(link, f"conformance/{next(_places) - 1}", Wall())
        first = await other.take(type(CODE), "k")
        second = await store.take(type(CODE), "k")
        await link.close()
        assert [one.first for one in (first, second) if one] == [True, False]


@in_loop
async def test_what_was_counted_under_a_new_key_is_counted_for_all(redis_url: str) -> None:
    async with opened(redis_url) as one:
        with promising() as promises:
            await one.put("k", CODE, new=True)
            assert [await one.count("n/k") for _ in range(2)] == [1, 2]
            assert len(promises.writes) == 1, "nothing was waited for"
            await promises.kept()
        assert await one.count("n/k") == 3


@in_loop
async def test_a_cleared_place_leaves_no_key_and_no_other_place_alone(redis_url: str) -> None:
    client = redis.Redis.from_url(redis_url)
    async with opened(redis_url, limit=1) as store, opened(redis_url) as neighbour:
        for each in (store, neighbour):
            for key in "ab":
                await each.put(key, CODE, until=START)
                await each.take(type(CODE), key)
            for number in range(6):
                await each.count(str(number))
        keys = {key.decode() for key in client.keys("sparring:*")}
        assert all(0 < client.ttl(key) <= 604_800 for key in keys)
        await store.clear()
        left = {key.decode() for key in client.keys("sparring:*")}
        assert left < keys
        assert len({key.partition("}")[0] for key in keys}) == len({key.partition("}")[0] for key in left}) + 1
        assert await neighbour.get(type(CODE), "a") == CODE
        assert await store.count("0") == 1
    assert client.keys("sparring:*") == []
    client.close()


@in_loop
async def test_a_forgotten_script_is_sent_again(redis_url: str) -> None:
    client = redis.Redis.from_url(redis_url)
    async with opened(redis_url) as store:
        assert await store.count("n") == 1
        client.script_flush()
        assert await store.count("n") == 2
    client.close()


@in_loop
async def test_what_another_version_wrote_is_said_to_be_unreadable(redis_url: str) -> None:
    client = redis.Redis.from_url(redis_url)
    async with opened(redis_url) as store:
        await store.put("k", ticket("s"))
        (key,) = client.keys("*Ticket:records")
        client.hset(key, "k", b"\x81\xa3new\x01")
        with pytest.raises(StoreError, match="a Ticket in the store cannot be read"):
            await store.get(Ticket, "k")
    client.close()
