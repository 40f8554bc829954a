"""Many clients, many stages, everything going wrong: nothing is lost, nothing is mixed up, nothing is left behind."""

# ruff: noqa: D103 - the names are sentences

import asyncio
import gc
import json
import weakref
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from sparring.mocks.engine.entropy import Entropy
from sparring.mocks.faults.book import FaultBook
from sparring.mocks.faults.counts import OwnCounts
from sparring.mocks.faults.schema import About, Place
from sparring.mocks.server.local import local_stages
from tests.mocks.server.sockets import House, Info, request, token_request, until

pytestmark = pytest.mark.anyio
OPEN_FILES = Path("/proc/self/fd")
EFFECTS: list[dict[str, Any]] = [
    {"kind": "close"},
    {"kind": "reset"},
    {"kind": "garbage"},
    {"kind": "cut"},
    {"kind": "short"},
    {"kind": "drip", "size": 50, "interval": 0},
    {"kind": "oversized", "size": 300_000},
    {"kind": "gzip-bomb", "size": 300_000},
    {"kind": "delay", "seconds": 0.01},
    {"kind": "status", "status": 500},
    {"kind": "body", "text": "{"},
    {"kind": "rate-limited"},
    {"kind": "rotate-keys", "keep_old": True},
    {"kind": "revoke", "of": "all"},
]
CLIENTS, REQUESTS, STAGES = 200, 3, 4


async def test_two_hundred_clients_amid_random_faults(house: House) -> None:
    stages = [await house.open("ingest", seed=number) for number in range(STAGES)]
    entropy = Entropy(4)
    for place, stage in enumerate(stages):
        for number in range(40):
            drawn = entropy.draw(3, "fault", place, number)
            match = {"endpoint": ("api", "token")[drawn[0] % 2], "attempt": 1 + drawn[1] % 60}
            effect = EFFECTS[drawn[2] % len(EFFECTS)]
            await house.control.add_fault(stage["id"], {"match": match, "effect": effect})

    async def client(number: int, stage: Info) -> dict[str, bytes]:
        answers = {}
        for turn in range(REQUESTS):
            mark = f"Mark: {number}/{turn}"
            sent = (
                request("/videos", mark, "Connection: close")
                if turn % 2
                else token_request(stage, mark, "Connection: close")
            )
            async with house.line(stage["providers"]["ingest"]["base_url"]) as (reader, writer):
                writer.write(sent)
                with suppress(ConnectionError):
                    answers[f"{number}/{turn}"] = await reader.read()
        return answers

    before = asyncio.all_tasks()

    async with asyncio.timeout(120):
        each_got = await asyncio.gather(*(client(number, stages[number % STAGES]) for number in range(CLIENTS)))
    got = {mark: raw for answers in each_got for mark, raw in answers.items()}
    await until(lambda: asyncio.all_tasks() == before)
    tokens: set[str] = set()
    for place, stage in enumerate(stages):
        found = await house.control.recording(stage["id"])
        marks = Counter(value for each in found for name, value in each["headers"] if name == "mark")
        wanted = {f"{number}/{turn}" for number in range(place, CLIENTS, STAGES) for turn in range(REQUESTS)}
        assert marks == dict.fromkeys(wanted, 1)
        fired = Counter(fault for each in found for fault in each["facts"].get("faults", ()))
        told = {fault["id"]: fault["fired"] for fault in await house.control.faults(stage["id"]) if fault["fired"]}
        assert fired == told
        assert len(fired) > 10
        assert all(each["rule"] != "sparring/crash" for each in found)
        recorder = house.control.stage(stage["id"]).recorder
        assert (recorder.count, len(found)) == (len(wanted), len(wanted))
        assert 0 < recorder._size < len(wanted) * 10_000  # a flood goes out without being kept
        whole = 0
        for exchange in found:
            if exchange["status"] is None or exchange["facts"].get("faults"):
                continue
            (mark,) = (value for name, value in exchange["headers"] if name == "mark")
            head, _, body = got[mark].partition(b"\r\n\r\n")
            assert (int(head.split()[1]), body.decode()) == (exchange["status"], exchange["response_body"]), mark
            whole += 1
            if exchange["status"] == 200:
                token = json.loads(body)["access_token"]
                assert token not in tokens, mark
                tokens.add(token)
        assert whole > len(wanted) // 2


async def test_the_counts_of_a_fault_are_bounded() -> None:
    book = FaultBook()
    book.add({"match": {"attempt": 2, "per": "grant"}, "effect": {"kind": "close"}, "times": None})
    for number in range(20_100):
        about = About(provider="ingest", endpoint="token", family=f"grant-{number}")
        assert await book.due(Place.WIRE, about) == []
    assert len(await book.due(Place.WIRE, about)) == 1
    assert isinstance(book.counts, OwnCounts)
    assert len(book.counts._values) == 20_000


@pytest.mark.skipif(not OPEN_FILES.is_dir(), reason="open files are counted in /proc")
async def test_a_thousand_stages_leave_nothing_behind() -> None:
    async with local_stages(tls=False) as (control, theatre):
        house = House(control, theatre, None)

        def left() -> tuple[int, int]:
            return len(list(OPEN_FILES.iterdir())), len(asyncio.all_tasks())

        async def one(number: int) -> weakref.ref[Any]:
            stage = await house.open("ingest")
            found = weakref.ref(control.stage(stage["id"]))
            await control.add_fault(stage["id"], {"effect": {"kind": ("hang", "stall", "close")[number % 3]}})
            if number % 10 == 0:
                async with house.line(stage["providers"]["ingest"]["base_url"]) as (_reader, writer):
                    writer.write(token_request(stage))
                    await until(lambda: control.stage(stage["id"]).recorder.count == 1)
            await control.close_stage(stage["id"])
            return found

        await one(0)
        before = left()
        stages = [await one(number) for number in range(1_000)]
        await until(lambda: left() == before)
        gc.collect()
        assert sum(stage() is not None for stage in stages) == 0
