"""Whatever is done to the stage at one server holds at the other from its next request on."""

# ruff: noqa: D103 - the names are sentences

import asyncio
import json
from typing import Any

import pytest

from sparring.mocks.control.interface import ControlError
from sparring.mocks.storage.promises import StoreError
from tests.mocks.sharing.servers import Server, servers, token_in
from tests.mocks.stages import START, in_loop, request

HANG = {"match": {"endpoint": "token"}, "effect": {"kind": "unavailable"}}


def _status(answer: Any) -> int:
    assert answer is not None
    return int(answer.status)


@in_loop
async def test_the_clock(redis_url: str) -> None:
    async with servers(redis_url) as (one, two):
        token = token_in(await one.token())
        assert await two.videos(token) == 200
        life = one.stage.houses["ingest"].desk.lifetimes["access_token"]
        assert (await one.control.move_clock("main", "advance", life))["now"] == START + life
        assert await two.videos(token) == 401
        assert await two.control.clock("main") == {"now": START + life, "frozen": False}
        await two.control.move_clock("main", "set", START)
        await two.control.move_clock("main", "freeze")
        assert await one.videos(token) == 200
        assert await one.control.clock("main") == {"now": START, "frozen": True}


@in_loop
async def test_faults_fire_as_often_as_they_shall_in_all(redis_url: str) -> None:
    async with servers(redis_url, 3) as made:
        fault = await made[0].control.add_fault("main", {"id": "f", **HANG, "times": 7})
        answers = await asyncio.gather(*(server.token() for server in made for _ in range(10)))
        assert sorted(map(_status, answers)) == [200] * 23 + [503] * 7
        for server in made:
            assert await server.control.faults("main") == [fault | {"fired": 7}]
        await made[2].control.remove_faults("main", "f")
        assert await made[1].control.faults("main") == []
        with pytest.raises(ControlError, match="no fault 'f'"):
            await made[0].control.remove_faults("main", "f")
        await made[1].control.add_fault("main", {"id": "f", **HANG})
        assert [_status(await server.token()) for server in made] == [503, 200, 200]


@in_loop
async def test_attempts_are_counted_together(redis_url: str) -> None:
    async with servers(redis_url) as (one, two):
        await one.control.add_fault("main", {**HANG, "match": {"endpoint": "token", "attempt": 3}})
        assert [_status(await server.token()) for server in (one, two, two, one, two)] == [200, 200, 503, 200, 200]


@in_loop
async def test_a_fault_that_lets_time_pass_lets_it_pass_for_all(redis_url: str) -> None:
    async with servers(redis_url) as (one, two):
        await one.control.add_fault("main", {"effect": {"kind": "time-passes", "seconds": 50}, "times": 4})
        await asyncio.gather(*(server.token() for server in (one, two, one, two, one, two)))
        assert (await two.control.clock("main"))["now"] == START + 200


@in_loop
async def test_settings_and_scenarios(redis_url: str) -> None:
    async with servers(redis_url) as (one, two):
        await one.control.settle("main", "ingest", {"lifetimes": {"access_token": 60}})
        assert json.loads((await two.token() or _none()).body)["expires_in"] == "60"
        described = await two.control.describe("main")
        assert described["providers"]["ingest"]["lifetimes"]["access_token"] == 60
        added = (await two.control.put_on("main", "token-endpoint-redirect-303"))["faults"]
        assert [fault["id"] for fault in await one.control.faults("main")] == [fault["id"] for fault in added]
        with pytest.raises(ControlError, match="on stage already"):
            await one.control.put_on("main", "token-endpoint-redirect-303")


def _none() -> Any:
    raise AssertionError("there is no answer")


@pytest.mark.parametrize("fresh", [False, True])
@in_loop
async def test_keys(redis_url: str, fresh: bool) -> None:
    async with servers(redis_url, fresh_keys=fresh, providers=["clickview"]) as (one, two):

        async def published(server: Server) -> set[str]:
            path = server.stage.houses["clickview"].provider.endpoints["jwks"]
            exchange, _ = await server.stage.respond("clickview", request("GET", path))
            return {key["n"] for key in json.loads((exchange.answer or _none()).body)["keys"]}

        first = await published(one)
        assert await published(two) == first
        kids = await two.control.rotate_keys("main", "clickview", keep_old=False)
        assert [{"kid": key.kid} for key in two.stage.houses["clickview"].desk.keys] == kids
        assert await published(one) == await published(two) != first
        await one.control.reset("main")
        assert await published(two) == first


@in_loop
async def test_a_reset_at_one_is_one_at_all(redis_url: str) -> None:
    async with servers(redis_url) as (one, two):
        token = token_in(await one.token())
        await two.token()
        await one.control.add_fault("main", HANG)
        await one.control.move_clock("main", "advance", 1000)
        await two.control.reset("main")
        assert await one.videos(token) == 401
        assert await one.control.faults("main") == []
        assert (await one.control.clock("main"))["now"] == START
        assert [each["n"] for each in await one.control.recording("main")] == [3]
        assert token_in(await one.token()) == token, "the same draws of entropy come again"


@in_loop
async def test_a_barrier_holds_at_all_and_is_lifted_at_any(redis_url: str) -> None:
    async with servers(redis_url) as (one, two):
        await one.control.hold("main", {"endpoint": "token"})
        waiting = [asyncio.create_task(server.token()) for server in (one, two, two)]
        held = await one.control.wait("main", endpoint="token", count=3, timeout=5)
        assert [each.get("held") for each in held] == [True] * 3
        assert await two.control.release("main") == 3
        async with asyncio.timeout(5):
            assert [_status(each) for each in await asyncio.gather(*waiting)] == [200] * 3
        assert _status(await one.token()) == 200
        assert await one.control.release("main") == 0


@in_loop
async def test_who_does_something_at_the_same_time_undoes_nothing(redis_url: str) -> None:
    async with servers(redis_url, 3) as made:
        await made[0].control.move_clock("main", "freeze")
        moves = [server.control.move_clock("main", "advance", 1) for server in made for _ in range(10)]
        faults = [server.control.add_fault("main", HANG) for server in made for _ in range(5)]
        added = (await asyncio.gather(*moves, *faults))[30:]
        assert len({fault["id"] for fault in added}) == 15
        for server in made:
            assert (await server.control.clock("main"))["now"] == START + 30
            assert len(await server.control.faults("main")) == 15


@in_loop
async def test_another_variant_at_the_start_is_the_variant_of_now(redis_url: str) -> None:
    async with servers(redis_url) as (one, _):
        await one.control.move_clock("main", "advance", 7)
        async with servers(redis_url, 1, lifetimes={"ingest": {"access_token": 77}}) as (three,):
            assert (await three.control.clock("main"))["now"] == START + 7
            assert json.loads((await one.token() or _none()).body)["expires_in"] == "77"


@in_loop
async def test_a_wish_that_cannot_be_granted_changes_nothing_anywhere(redis_url: str) -> None:
    async with servers(redis_url) as (one, two):
        with pytest.raises(ControlError):
            await one.control.add_fault("main", {"effect": {"kind": "nothing"}})
        with pytest.raises(ControlError):
            await one.control.move_clock("main", "set", -1)
        assert await two.control.faults("main") == await one.control.faults("main") == []
        assert (await one.control.clock("main"))["now"] == START


@in_loop
async def test_a_reset_makes_no_other_server_of_it(redis_url: str) -> None:
    async with servers(redis_url) as (one, two):
        for server in (one, two):
            await server.token()
        for _ in range(3):
            await one.control.reset("main")
            await one.token()
        await two.token()
        numbers = {each["connection"] // 1_000_000 for each in await two.control.recording("main")}
        assert numbers == {1, 2}
        assert len(one.storage._link._openers) == 1, "it looks once when Redis comes back"


@in_loop
async def test_all_that_is_written_ends_where_nobody_closes_it(redis_url: str) -> None:
    redis = pytest.importorskip("redis", reason="the redis library is not installed")
    async with servers(redis_url) as (one, two):
        token = token_in(await one.token())
        await two.videos(token)
        await one.control.note("main", {"text": "a remark"})
        await two.control.add_fault("main", {**HANG, "match": {"attempt": 1, "per": "grant"}})
        await two.token()
        with redis.Redis.from_url(redis_url) as client:
            lives = {key.decode(): client.ttl(key) for key in client.keys("sparring:*")}
        assert {"sparring:{main}:number", "sparring:{main}:meta", "sparring:{main}:notes"} <= lives.keys()
        assert {key for key, life in lives.items() if not 0 < life <= 604_800} == set()


@in_loop
async def test_who_could_not_tell_that_it_waits_waits_no_longer(
    redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(_number: int) -> None:
        raise StoreError("Redis is away")

    async with servers(redis_url, 1) as (one,):
        await one.control.hold("main", {"endpoint": "token"})
        monkeypatch.setattr(one.stage.scene, "hold", away)  # type: ignore[attr-defined]
        assert _status(await one.token()) == 503
        await asyncio.sleep(0)
        assert one.stage.barrier.waiting == 0


@in_loop
async def test_half_a_surrogate_pair_is_shared_too(redis_url: str) -> None:
    async with servers(redis_url) as (one, two):
        effect = {"kind": "replace", "status": 400, "body": {"error": "\ud800"}}
        await one.control.add_fault("main", {"id": "f", "match": {"client": "\udfff"}, "effect": effect})
        (fault,) = await two.control.faults("main")
        assert fault["effect"]["body"] == {"error": "\ud800"}
        await two.control.hold("main", {"client": "\udfff"})
        assert token_in(await one.token())
        await one.control.note("main", {"text": "\ud800"})
        assert [note["text"] for note in await two.control.notes("main")] == ["\ud800"]


@in_loop
async def test_a_stage_that_was_closed_does_not_come_back_with_redis(redis_url: str) -> None:
    redis = pytest.importorskip("redis", reason="the redis library is not installed")
    from sparring.mocks.storage.redis import RedisStorage

    server = Server(RedisStorage(redis_url))
    await server.control.open_stage({"id": "main", "providers": ["ingest"]})
    await server.control.close_stage("main")
    for tell in server.storage._link._openers:
        tell()
    await server.storage.scene("main").next("a round trip or two")
    await server.storage.scene("main").next("for whoever looks")
    await server.storage.scene("main").clear()
    with redis.Redis.from_url(redis_url) as client:
        assert client.keys("sparring:*") == []
    await server.storage.close()


@pytest.mark.parametrize("scene", [b"\xc1", b"\x01", b"\x80", b"\x81\xa5known\xc4\x00"])
@in_loop
async def test_a_stage_of_another_version_is_said_to_be_unreadable(redis_url: str, scene: bytes) -> None:
    redis = pytest.importorskip("redis", reason="the redis library is not installed")
    async with servers(redis_url, 1) as (one,):
        with redis.Redis.from_url(redis_url) as client:
            good = client.get("sparring:{main}:scene")
            client.set("sparring:{main}:scene", scene)
            version = client.incr("sparring:{main}:version")
            told = await one.token()
            assert told is not None
            why = "the stage 'main' in the store cannot be read: another version wrote it; take another database"
            assert (told.status, told.body.decode()) == (503, f"{why}\n")
            late = Server(one.storage)
            with pytest.raises(StoreError, match=why):
                await late.control.open_stage({"id": "main", "providers": ["ingest"]})
            assert await late.control.stages() == []
            client.set("sparring:{main}:scene", good)
            client.set("sparring:{main}:version", version + 1)
        assert _status(await one.token()) == 200
        with redis.Redis.from_url(redis_url) as client:
            client.xadd("sparring:{main}:recording", {"s": 1, "n": 9, "x": b"\x90"})
        with pytest.raises(StoreError, match="exchange 9 in the store cannot be read"):
            await one.control.recording("main")
        assert [each["status"] for each in await one.control.recording("main")] == [200, 503], (
            "told of when it could be"
        )
