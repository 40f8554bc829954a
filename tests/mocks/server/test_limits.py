"""Too much, too many, too slow: each is refused with its own status, and nobody else notices."""

# ruff: noqa: D103 - the names are sentences

import asyncio
from collections.abc import AsyncIterator
from typing import cast

import pytest

from sparring.mocks.server.limits import Limits
from sparring.mocks.server.local import local_stages
from tests.mocks.server.sockets import LOOPS, House, Info, answer, request, token_request, until

pytestmark = [pytest.mark.anyio, pytest.mark.parametrize("anyio_backend", LOOPS)]
LIMITS = Limits(target=300, head=2_000, body=1_000, parameters=10, patience=0.15, idle=0.3, linger=0.1, look=0.02)
FORM = "Content-Type: application/x-www-form-urlencoded"


@pytest.fixture
async def strict() -> AsyncIterator[House]:
    """Stages whose connections may ask for little."""
    async with local_stages(limits=LIMITS) as (control, theatre):
        yield House(control, theatre, None)


async def opened(house: House) -> tuple[Info, str]:
    stage = await house.open("ingest")
    return stage, str(stage["providers"]["ingest"]["base_url"])


def status(raw: bytes) -> int:
    return int(raw.split(b" ")[1])


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        (request("/videos?" + "a" * 290), 406),
        (request("/videos?" + "a" * 300), 414),
        (b"GET /" + b"a" * 5_000, 414),
        (request("/videos", "X: " + "a" * 1_900), 406),
        (request("/videos", "X: " + "a" * 2_000), 431),
        (request("/videos", *["X: y"] * 400), 431),
        (b"GET /videos HTTP/1.1\r\nX: " + b"a" * 500_000, 431),
        (request("/token", FORM, method="POST", body=b"a" * 1_000), 401),
        (request("/token", FORM, method="POST", body=b"a" * 1_001), 413),
        (request("/token", FORM, method="POST", body=b"a" * 100_000), 413),
        (request("/token?" + "&".join("abcdefghij"), method="POST"), 401),
        (request("/token?" + "&".join("abcdefghijk"), method="POST"), 400),
        (request("/token", FORM, method="POST", body=b"&".join([b"%d" % n for n in range(10)])), 401),
        (request("/token", FORM, method="POST", body=b"&".join([b"%d" % n for n in range(11)])), 400),
        (request("/token", method="POST", body=b"&".join([b"x"] * 11)), 401),
        (request("/token", FORM, "Transfer-Encoding: chunked", method="POST") + b"1;" + b"x" * 500_000, 413),
        (request("/token", FORM, "Transfer-Encoding: chunked", method="POST") + b"0\r\nX: " + b"y" * 500_000, 413),
        (b"GET /videos HTTP/1.1\r\nHost: x\r\n", 408),
        (request("/token", "Content-Length: 9", method="POST"), 408),
    ],
    ids=lambda part: repr(part[:24]) if isinstance(part, bytes) else None,
)
async def test_each_limit_has_its_status(strict: House, sent: bytes, expected: int) -> None:
    stage, base = await opened(strict)
    raw, end = await strict.send(base, sent)
    assert (status(raw), end) in {(expected, "closed"), (expected, "reset")}
    taken = expected in {401, 406}
    assert (b"Connection: close" in raw) is not taken
    assert len(await strict.control.recording(stage["id"])) == taken


async def test_a_head_that_is_known_does_not_let_more_parameters_in(strict: House) -> None:
    _, base = await opened(strict)
    few, many = b"a" * 21, b"&".join([b"a"] * 11)
    async with strict.line(base) as (reader, writer):
        for body, expected in ((few, 401), (few, 401), (many, 400)):
            writer.write(request("/token", FORM, method="POST", body=body))
            assert (await answer(reader))[0] == expected


async def test_a_refusal_is_one_whole_plain_answer(strict: House) -> None:
    _, base = await opened(strict)
    raw, end = await strict.send(base, b"nonsense\r\n\r\n")
    head, _, body = raw.partition(b"\r\n\r\n")
    assert head.split(b"\r\n") == [
        b"HTTP/1.1 400 Bad Request",
        b"Content-Type: text/plain; charset=utf-8",
        b"Content-Length: %d" % len(body),
        b"Connection: close",
    ]
    assert (body, end) == (b"Bad Request\n", "closed")


async def test_who_waits_to_be_asked_for_too_long_a_body_is_not_asked(strict: House) -> None:
    _, base = await opened(strict)
    head = request("/token", FORM, "Content-Length: 1001", "Expect: 100-continue", method="POST")
    raw, _ = await strict.send(base, head)
    assert status(raw) == 413


async def test_bytes_that_drip_do_not_buy_time(strict: House) -> None:
    _, base = await opened(strict)
    async with strict.line(base) as (reader, writer):
        writer.write(b"GET /")
        answered = asyncio.create_task(reader.read())
        while not (await asyncio.wait([answered], timeout=0.01))[0]:
            writer.write(b"a")
        assert status(answered.result()) == 408


async def test_an_idle_connection_is_closed_before_and_after_a_request(strict: House) -> None:
    stage, base = await opened(strict)
    async with strict.line(base) as (fresh, _), strict.line(base) as (reader, writer):
        writer.write(token_request(stage))
        assert (await answer(reader))[0] == 200
        assert await fresh.read() == await reader.read() == b""


async def test_a_request_that_is_being_answered_is_never_too_old(strict: House) -> None:
    stage, base = await opened(strict)
    await strict.control.add_fault(stage["id"], {"effect": {"kind": "delay", "seconds": 0.5}})
    async with strict.line(base) as (reader, writer):
        writer.write(token_request(stage) + token_request(stage))
        assert [(await answer(reader))[0] for _ in range(2)] == [200, 200]


async def test_what_comes_before_nonsense_is_answered_first(strict: House) -> None:
    stage, base = await opened(strict)
    await strict.control.add_fault(stage["id"], {"effect": {"kind": "delay", "seconds": 0.05}})
    async with strict.line(base) as (reader, writer):
        writer.write(token_request(stage) + request("/videos") + b"nonsense\r\n\r\n")
        assert [(await answer(reader))[0] for _ in range(3)] == [200, 406, 400]
        assert await reader.read() == b""


async def test_many_may_wait_on_one_connection(strict: House) -> None:
    stage, base = await opened(strict)
    await strict.control.add_fault(stage["id"], {"effect": {"kind": "delay", "seconds": 0.05}})
    async with strict.line(base) as (reader, writer):
        for _ in range(100):
            writer.write(token_request(stage))
        assert [(await answer(reader))[0] for _ in range(100)] == [200] * 100


async def test_who_does_not_read_is_not_served_on_and_on(strict: House) -> None:
    stage, base = await opened(strict)
    async with strict.line(base) as (_, writer):
        cast("asyncio.Transport", writer.transport).pause_reading()
        for _ in range(20_000):
            writer.write(request("/videos"))
        recorder = strict.control.stage(stage["id"]).recorder
        await until(lambda: recorder.count > 100)
        await asyncio.sleep(0.05)
        assert recorder.count < 20_000


async def test_connections_that_never_say_anything_do_not_pile_up(strict: House) -> None:
    stage, base = await opened(strict)
    (bound,) = [each for each in strict.theatre._bound[stage["id"]] if each.door and each.door.provider == "ingest"]
    port = int(base.rpartition(":")[2])
    lines = [await asyncio.open_connection("127.0.0.1", port) for _ in range(20)]
    await until(lambda: len(bound.room.connections) == 20)
    await until(lambda: not bound.room.connections)
    for _, writer in lines:
        writer.close()
