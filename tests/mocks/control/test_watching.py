"""Waiting for exchanges, reading them as they come, holding requests back."""

# ruff: noqa: D103 - the names are sentences

import asyncio
from contextlib import aclosing

import httpx2
import pytest

from sparring.mocks.control.interface import Control
from tests.mocks.control.asking import ask_token, complaint, ingest

pytestmark = pytest.mark.anyio
ONE = {"providers": ["ingest"]}
TOKEN = ("ingest", "token")


async def test_waiting_ends_with_the_exchange_that_was_waited_for(control: Control, http: httpx2.AsyncClient) -> None:
    stage = await control.open_stage(ONE)
    waiting = asyncio.create_task(control.wait(stage["id"], *TOKEN, count=2, timeout=30))
    await http.get(ingest(stage)["endpoints"]["api"])
    await ask_token(http, stage)
    await ask_token(http, stage)
    assert [(found["endpoint"], found["status"]) for found in await waiting] == [("token", 200)] * 2


async def test_what_has_been_is_not_waited_for(control: Control, http: httpx2.AsyncClient) -> None:
    stage = await control.open_stage(ONE)
    await ask_token(http, stage)
    assert [found["n"] for found in await control.wait(stage["id"], timeout=0)] == [1]
    assert await complaint(control.wait(stage["id"], since=1, timeout=0)) == (
        408,
        "after 0 s there are 0 such exchanges, not 1",
    )
    assert (await complaint(control.wait(stage["id"], count=2, timeout=0.05)))[0] == 408


async def test_an_exchange_without_an_answer_counts_too(control: Control, http: httpx2.AsyncClient) -> None:
    stage = await control.open_stage(ONE)
    await control.add_fault(stage["id"], {"effect": {"kind": "reset"}})
    with pytest.raises(httpx2.TransportError):
        await ask_token(http, stage)
    (found,) = await control.wait(stage["id"], timeout=30)
    assert found["status"] is None


@pytest.mark.parametrize(("count", "seconds"), [(0, 1), (1, -1), (1, 301), (1, float("inf"))])
async def test_nobody_waits_for_nothing_or_for_ever(control: Control, count: int, seconds: float) -> None:
    stage = (await control.open_stage(ONE))["id"]
    said = (400, '"count" is a number from 1 up, "timeout" one from 0 to 300')
    assert await complaint(control.wait(stage, count=count, timeout=seconds)) == said


async def test_closing_the_stage_ends_waiting_and_reading(control: Control, http: httpx2.AsyncClient) -> None:
    stage = await control.open_stage(ONE)
    waiting = asyncio.create_task(complaint(control.wait(stage["id"], count=9, timeout=30)))
    reading = asyncio.create_task(_numbers(control, stage["id"]))
    await ask_token(http, stage)
    await control.wait(stage["id"])
    async with aclosing(control.stream(stage["id"])) as exchanges:
        assert (await anext(exchanges))["n"] == 1  # by now the other two are there as well
        await control.close_stage(stage["id"])
        assert [found async for found in exchanges] == []
    assert await waiting == (404, f"the stage {stage['id']!r} was closed")
    assert await reading == [1]


async def _numbers(control: Control, stage: str) -> list[int]:
    return [found["n"] async for found in control.stream(stage)]


async def test_a_stream_tells_what_was_and_what_comes(control: Control, http: httpx2.AsyncClient) -> None:
    stage = await control.open_stage(ONE)
    await ask_token(http, stage)
    async with aclosing(control.stream(stage["id"])) as exchanges:
        seen = [await anext(exchanges)]
        for _ in range(2):
            await ask_token(http, stage)
            seen.append(await anext(exchanges))
    assert seen == await control.recording(stage["id"])
    assert [found["n"] for found in seen] == [1, 2, 3]


async def test_a_stream_is_narrowed_and_redacted(control: Control, http: httpx2.AsyncClient) -> None:
    stage = await control.open_stage(ONE)
    await http.get(ingest(stage)["endpoints"]["api"])
    token = (await ask_token(http, stage)).json()["access_token"]
    await ask_token(http, stage)
    async with aclosing(control.stream(stage["id"], *TOKEN, since=2, redacted=True)) as exchanges:
        found = await anext(exchanges)
    assert found["n"] == 3
    assert ingest(stage)["client_secret"] not in str(found)
    assert token not in str(found)


async def test_held_requests_are_seen_arriving_and_go_on_in_their_order(
    control: Control, http: httpx2.AsyncClient
) -> None:
    stage = await control.open_stage(ONE)
    at = stage["id"]
    await control.hold(at, {"endpoint": "token", "grant": "client_credentials"})
    first = asyncio.create_task(ask_token(http, stage, scope="read_videos"))
    await control.wait(at, *TOKEN)
    second = asyncio.create_task(ask_token(http, stage, scope="write_videos"))
    held = await control.wait(at, *TOKEN, count=2)
    assert [(found["held"], found["status"]) for found in held] == [(True, None)] * 2
    assert (await http.get(ingest(stage)["endpoints"]["api"])).status_code in {401, 406}  # this one is not meant
    assert [first.done(), second.done()] == [False, False]
    assert await control.release(at) == 2
    assert [(await task).json()["scope"] for task in (first, second)] == ["read_videos", "write_videos"]
    assert [found.get("held") for found in await control.wait(at, count=3)] == [None] * 3
    assert (await ask_token(http, stage)).status_code == 200
    assert await control.release(at) == 0


async def test_of_two_who_were_held_one_gets_the_refresh_token(control: Control, http: httpx2.AsyncClient) -> None:
    stage = await control.open_stage(ONE)
    await control.hold(stage["id"], {"provider": "ingest"})
    await control.add_fault(stage["id"], {"effect": {"kind": "replace", "status": 503}, "match": {"attempt": 1}})
    asking = [asyncio.create_task(ask_token(http, stage)) for _ in range(2)]
    await control.wait(stage["id"], count=2)
    assert (await control.faults(stage["id"]))[0]["fired"] == 0  # held ones have not been handled
    await control.release(stage["id"])
    assert sorted([(await task).status_code for task in asking]) == [200, 503]


async def test_a_reset_lifts_the_barrier(control: Control, http: httpx2.AsyncClient) -> None:
    stage = await control.open_stage(ONE)
    await control.hold(stage["id"], {})
    asking = asyncio.create_task(ask_token(http, stage))
    await control.wait(stage["id"])
    await control.reset(stage["id"])
    assert (await asking).status_code == 200
    assert (await ask_token(http, stage)).status_code == 200


async def test_closing_a_stage_drops_those_who_are_held(control: Control, http: httpx2.AsyncClient) -> None:
    stage = await control.open_stage(ONE)
    await control.hold(stage["id"], {})
    asking = asyncio.create_task(ask_token(http, stage))
    await control.wait(stage["id"])
    await control.close_stage(stage["id"])
    with pytest.raises(httpx2.TransportError):
        await asking


@pytest.mark.parametrize(
    ("match", "sentence"),
    [
        (
            {"endpont": "x"},
            "unknown member 'endpont' in the match of a barrier; did you mean 'endpoint'?",
        ),
        (
            {"attempt": 2},
            'a barrier holds every request that matches, before it is handled: no "attempt", no "when"',
        ),
    ],
)
async def test_a_match_that_cannot_be_is_refused(control: Control, match: dict[str, object], sentence: str) -> None:
    stage = (await control.open_stage(ONE))["id"]
    assert await complaint(control.hold(stage, match)) == (400, sentence)
