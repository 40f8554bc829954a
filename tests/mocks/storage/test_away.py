"""Redis goes away and comes back: operations fail at once, requests get a clear 503, and all of it mends by itself."""

# ruff: noqa: D103 - the names are sentences

import asyncio
from itertools import count
from pathlib import Path
from types import SimpleNamespace
from typing import Any, ClassVar

import pytest

from sparring.mocks.engine.clients import Client
from sparring.mocks.engine.tokens import Token
from sparring.mocks.recorder.exchange import Exchange
from sparring.mocks.stage import AWAY, House, Stage, StageSpec
from sparring.mocks.storage.memory import MemoryStore
from sparring.mocks.storage.promises import StoreError, present, promising
from tests.mocks.stages import Wall, ask, in_loop, open_stage, request
from tests.mocks.storage.redis_server import PROGRAM, free_port, redis_server
from tests.mocks.storage_conformance import CODE


async def _token_request(stage: Any) -> Any:
    client = stage.houses["ingest"].clients[0]
    form = {"client_id": client.client_id, "client_secret": client.secret, "scope": client.scopes[0]}
    form["grant_type"] = "client_credentials"
    return await ask(stage, request("POST", "/token", form=form))


class _Forgetful(MemoryStore):
    """Takes writes of tokens, and says in the end that they were lost."""

    async def put(self, key: str, record: object, *, until: float | None = None, new: bool = False) -> None:
        await super().put(key, record, until=until, new=new)
        promises = present()
        if promises is not None and isinstance(record, Token):
            promises.writes.append(self)

    async def kept(self) -> None:
        await asyncio.sleep(0)
        raise StoreError("the write was lost")


class _Absent(MemoryStore):
    async def get(self, kind: Any, key: str) -> Any:
        if kind is Client:
            raise StoreError("Redis is away")
        return await super().get(kind, key)


class _Shared(Stage):
    """A stage that is shared with nobody."""

    shared: ClassVar[bool] = True

    async def arrive(self, house: House, exchange: Exchange) -> None:
        return

    def leave(self, exchange: Exchange) -> None:
        return


@in_loop
async def test_an_answer_waits_for_what_it_promises() -> None:
    wall, spec = Wall(), StageSpec(providers=("ingest",))
    stage = _Shared("s1", spec, wall=wall, ticks=wall, storage=lambda clock: _Forgetful(clock.now))
    await stage.furnish()
    answer = await _token_request(stage)
    assert (answer.status, answer.rule) == (503, AWAY)
    assert answer.body == b"the write was lost\n"
    assert present() is None


@in_loop
async def test_without_the_store_every_request_gets_a_clear_503(caplog: pytest.LogCaptureFixture) -> None:
    stage = await open_stage(storage=lambda clock: _Absent(clock.now))
    answer = await _token_request(stage)
    assert (answer.status, answer.rule.id, answer.body) == (503, "sparring/store-away", b"Redis is away\n")
    assert answer.header("Retry-After") == "1"
    assert answer.header("Cache-Control") == "no-store"
    assert [record.exc_info for record in caplog.records] == [None]
    (exchange,) = stage.recorder.select()
    assert exchange.answer == answer


def test_promises_do_not_outlive_their_block() -> None:
    with promising() as outer:
        assert present() is outer
        with promising() as inner:
            assert present() is inner
        assert present() is outer
    assert present() is None


@in_loop
async def test_redis_ends_and_begins_again(tmp_path: Path) -> None:
    pytest.importorskip("redis", reason="the redis library is not installed")
    from sparring.mocks.storage.redis import Link, RedisStore

    if PROGRAM is None:
        pytest.skip("neither redis-server nor valkey-server is installed")
    port, places = free_port(), count(1)
    link = Link(f"redis://127.0.0.1:{port}")
    with redis_server(tmp_path, port) as server:
        stage = await open_stage(storage=lambda clock: RedisStore(link, f"away/{next(places)}", clock.now))
        store = stage.houses["ingest"].desk.store
        assert (await _token_request(stage)).status == 200
        with promising() as promises:
            await store.put("k", CODE)
            server.kill()
            server.wait(10)
            with pytest.raises(StoreError, match="Redis is away: "):
                await promises.kept()
        refused = await _token_request(stage)
        assert (refused.status, refused.rule) == (503, AWAY)
        assert refused.body.startswith(b"Redis is away: ")
        operations = (
            store.put("k", CODE),
            store.get(type(CODE), "k"),
            store.take(type(CODE), "k"),
            store.delete(type(CODE), "k"),
            store.every(type(CODE)),
            store.count("n"),
        )
        async with asyncio.timeout(1):
            for outcome in await asyncio.gather(*operations, return_exceptions=True):
                assert isinstance(outcome, StoreError)
    with redis_server(tmp_path, port):
        async with asyncio.timeout(10):
            await link.there()
        assert (await _token_request(stage)).status == 200  # its clients are there again
    await link.close()


@in_loop
async def test_who_accepts_and_never_answers_is_away() -> None:
    pytest.importorskip("redis", reason="the redis library is not installed")
    from sparring.mocks.storage.redis import Link, RedisStore

    async def silence(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    silent = await asyncio.start_server(silence, "127.0.0.1", 0)
    link = Link(f"redis://127.0.0.1:{silent.sockets[0].getsockname()[1]}", patience=0.05)
    store = RedisStore(link, "silent", Wall())
    with pytest.raises(StoreError, match="Redis is away: "):
        await store.count("n")
    await link.close()
    with pytest.raises(StoreError, match="the link to Redis was closed"):
        await store.count("n")
    silent.close()
    await silent.wait_closed()


@in_loop
async def test_who_speaks_another_language_is_away() -> None:
    pytest.importorskip("redis", reason="the redis library is not installed")
    from sparring.mocks.storage.redis import Link, RedisStore

    async def web(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(10)
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()

    other = await asyncio.start_server(web, "127.0.0.1", 0)
    link = Link(f"redis://127.0.0.1:{other.sockets[0].getsockname()[1]}", patience=1)
    with pytest.raises(StoreError, match="Redis is away: "):
        await RedisStore(link, "other", Wall()).count("n")
    await link.close()
    other.close()
    await other.wait_closed()


@in_loop
async def test_whoever_gives_up_waiting_takes_nobody_along(redis_url: str) -> None:
    from sparring.mocks.storage.redis import Link, RedisStore

    link = Link(redis_url)
    store = RedisStore(link, "impatient", Wall())
    patient, impatient = asyncio.create_task(store.count("n")), asyncio.create_task(store.count("n"))
    await asyncio.sleep(0)
    impatient.cancel()
    assert await patient == 1
    assert await store.count("n") == 3
    await store.clear()
    await link.close()


@in_loop
async def test_a_library_that_hides_its_connection_is_said_to_do_so(
    redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sparring.mocks.storage import link as module
    from sparring.mocks.storage.line import Line
    from sparring.mocks.storage.redis import Link, RedisStore

    def hidden(_connection: object, *arguments: Any) -> Line:
        return Line(SimpleNamespace(), *arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(module, "Line", hidden)
    link = Link(redis_url)
    with pytest.raises(StoreError, match=r"^Redis is away: this version of the redis library keeps its connections"):
        await RedisStore(link, "hidden", Wall()).count("n")
    await link.close()


@in_loop
async def test_a_defect_of_the_link_is_told_and_does_not_end_it(
    redis_url: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from sparring.mocks.storage.redis import Link, RedisStore

    def broken() -> None:
        raise KeyError("a defect")

    link = Link(redis_url)
    store = RedisStore(link, "broken", Wall())
    link.when_open(broken)
    with pytest.raises(StoreError, match=r"^the link to Redis broke: KeyError$"):
        await store.count("n")
    assert [record.getMessage() for record in caplog.records] == ["the link to Redis broke"]
    link._openers.clear()
    async with asyncio.timeout(10):
        await link.there()
    assert await store.count("n") in {1, 2}  # what was sent before may have arrived
    await store.clear()
    await link.close()
