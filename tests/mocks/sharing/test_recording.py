"""Whichever server is asked, it tells the whole story."""

# ruff: noqa: D103 - the names are sentences

import asyncio
from contextlib import aclosing
from itertools import count
from typing import Any

from sparring.mocks.recorder.recorder import LIMIT
from sparring.mocks.sharing.exchanges import decode, encode
from sparring.mocks.storage.link import Link
from sparring.mocks.storage.redis_scene import RedisScene
from tests.mocks.sharing.servers import servers, token_in
from tests.mocks.stages import in_loop, open_stage, request


@in_loop
async def test_exchanges_are_numbered_and_told_as_they_were(redis_url: str) -> None:
    async with servers(redis_url) as (one, two):
        token = token_in(await one.token())
        assert await two.videos(token) == 200
        await two.control.add_fault("main", {"match": {"endpoint": "token"}, "effect": {"kind": "close"}})
        assert await one.token() is None
        told = await two.control.recording("main")
        assert told == await one.control.recording("main")
        assert [(each["n"], each["endpoint"], each["status"]) for each in told] == [
            (1, "token", 200),
            (2, "api", 200),
            (3, "token", None),
        ]
        (issued, *_), (presented,) = told[0]["facts"]["issued"], told[1]["facts"]["presented"]
        assert issued["fp"] == presented["fp"]
        assert presented["valid"]
        assert told[2]["facts"]["faults"] == ["fault-1"]
        assert told[0]["connection"] != told[1]["connection"]
        assert [each["n"] for each in await one.control.recording("main", endpoint="api", since=1)] == [2]
        page = await two.control.page("main", limit=1)
        assert (page["last"], page["kept"], page["more"]) == (3, 3, True)
        assert token not in str(await two.control.har("main"))
        assert (await two.control.saved("main"))["faults"][0]["effect"]["kind"] == "close"


@in_loop
async def test_what_is_told_is_what_a_stage_of_one_server_tells() -> None:
    stage = await open_stage()
    for message in (
        request("GET", "/videos?a=1&b=%20", ("accept", "*/*"), ("x", "\xff")),
        request("POST", "/token", body=b"\xff\x00"),
        request("OPTIONS", "/nowhere"),
    ):
        exchange, _ = await stage.respond("ingest", message, connection=4)
        again = decode(exchange.n, encode(exchange, 0))
        assert again.as_json() == exchange.as_json()
        assert (again.took, again.ended, again.held) == (exchange.took, True, False)


@in_loop
async def test_whoever_waits_or_streams_hears_of_the_others(redis_url: str) -> None:
    async with servers(redis_url) as (one, two):
        await one.token()
        seen: list[Any] = []

        async def read() -> None:
            async with aclosing(one.control.stream("main")) as told:
                async for exchange in told:
                    seen.append(exchange["n"])
                    if len(seen) == 4:
                        return

        reader = asyncio.create_task(read())
        waiter = asyncio.create_task(one.control.wait("main", count=4, timeout=5))
        for server in (two, one, two):
            await server.token()
        async with asyncio.timeout(5):
            await reader
            assert [each["n"] for each in await waiter] == seen == [1, 2, 3, 4]


@in_loop
async def test_what_is_cleared_is_cleared_for_all(redis_url: str) -> None:
    async with servers(redis_url) as (one, two):
        await one.token()
        await two.token()
        assert len(await two.control.recording("main")) == 2
        await one.control.clear_recording("main")
        assert await two.control.recording("main") == []
        await two.token()
        assert [each["n"] for each in await one.control.recording("main")] == [3]


@in_loop
async def test_remarks_are_kept_for_all(redis_url: str) -> None:
    async with servers(redis_url) as (one, two):
        await one.control.note("main", {"text": "first"})
        noted = await two.control.note("main", {"text": "second", "exchange": 1, "verdict": "FAIL"})
        assert noted["n"] == 2
        assert [each["text"] for each in await one.control.notes("main")] == ["first", "second"]
        assert await one.control.notes("main", since=1) == [noted]
        await two.control.clear_recording("main")
        assert await one.control.notes("main") == []


@in_loop
async def test_the_recording_is_bounded_in_number_and_in_bytes(redis_url: str) -> None:
    link = Link(redis_url)
    scene = RedisScene(link, "bounded")
    for number in range(1, LIMIT + 600):
        scene.record(number, b"x", LIMIT, 1 << 30)
    assert LIMIT <= await _kept(scene) < LIMIT + 400
    await scene.clear()
    for number in count(1):
        scene.record(number, b"x" * 100_000, LIMIT, 2 << 20)
        if number == 60:
            break
    assert 15 <= await _kept(scene) <= 32
    await scene.clear()
    await link.close()


async def _kept(scene: RedisScene) -> int:
    after, found = b"0", 0
    while more := await scene.exchanges(after, 1000):
        after, found = more[-1][0], found + len(more)
    return found
