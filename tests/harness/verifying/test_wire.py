"""Requests go out byte for byte; whatever comes back is told."""

# ruff: noqa: D103, E501 - the names are sentences, the tables wide

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from sparring.contracts.place import Call, Reply
from sparring.harness.verifying.http import LivePlace
from sparring.harness.verifying.wire import Wire
from tests.mocks.stages import in_loop

PLAIN = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-Case: Kept\r\nx-case: twice\r\n\r\nhi"


@asynccontextmanager
async def answering(answer: bytes) -> AsyncIterator[tuple[str, list[bytes]]]:
    """A server that reads one request and sends these bytes."""
    heard: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = next((int(line[15:]) for line in head.split(b"\r\n") if line.startswith(b"Content-Length:")), 0)
        heard.append(head + await reader.readexactly(length))
        writer.write(answer)
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield f"127.0.0.1:{server.sockets[0].getsockname()[1]}", heard


async def sent(call: Call, agent: str = "") -> bytes:
    """What goes over the wire, with HERE for the address."""
    async with answering(PLAIN) as (here, heard):
        moved = Call(method=call.method, url=call.url.replace("HERE", here), headers=call.headers, body=call.body)
        await Wire(agent=agent).send(moved)
        return heard[0].replace(here.encode(), b"HERE")


@in_loop
async def test_a_request_goes_out_as_it_is() -> None:
    assert await sent(Call(method="GET", url="http://HERE/a%zz?b='c d'&e")) == (
        b"GET /a%zz?b='c d'&e HTTP/1.1\r\nHost: HERE\r\nConnection: close\r\n\r\n"
    )
    assert await sent(Call(method="GET", url="http://HERE", headers=(("Host", "x"), ("Authorization", "Bearer ")))) == (
        b"GET / HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \r\nConnection: close\r\n\r\n"
    )
    assert await sent(Call(method="POST", url="http://HERE/t", headers=(("a", "1"), ("a", "2")), body=b"x"), "me") == (
        b"POST /t HTTP/1.1\r\nHost: HERE\r\na: 1\r\na: 2\r\nUser-Agent: me\r\nContent-Length: 1\r\nConnection: close\r\n\r\nx"
    )
    assert b"\r\nContent-Length: 0\r\n" in await sent(Call(method="PUT", url="http://HERE/t"))


@pytest.mark.parametrize(
    ("method", "answer", "reply"),
    [
        ("GET", PLAIN, Reply(status=200, headers=(("Content-Length", "2"), ("X-Case", "Kept"), ("x-case", "twice")), body=b"hi")),
        ("HEAD", PLAIN[:-2], Reply(status=200, headers=(("Content-Length", "2"), ("X-Case", "Kept"), ("x-case", "twice")))),
        ("GET", b"HTTP/1.1 204 No Content\r\n\r\n", Reply(status=204)),
        ("GET", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n",
         Reply(status=200, headers=(("Transfer-Encoding", "chunked"),), body=b"hi")),
        ("GET", b"HTTP/1.1 302 Found\r\nLocation: /x\r\n\r\nuntil the end", Reply(status=302, headers=(("Location", "/x"),), body=b"until the end")),
    ],
)  # fmt: skip
@in_loop
async def test_an_answer_is_read_as_it_came(method: str, answer: bytes, reply: Reply) -> None:
    async with answering(answer) as (here, _):
        assert await Wire().send(Call(method=method, url=f"http://{here}/")) == reply


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (b"", "the connection ended without an answer"),
        (b"HTTP/1.1 200 OK\r\nCont", "the connection ended without an answer"),
        (b"garbage\r\n\r\n", ""),
    ],
)
@in_loop
async def test_no_answer_is_told(answer: bytes, why: str) -> None:
    async with answering(answer) as (here, _):
        with pytest.raises(ConnectionError) as caught:
            await Wire().send(Call(method="GET", url=f"http://{here}/"))
        assert str(caught.value).startswith(f"{here}: {why}")


@pytest.mark.parametrize(
    ("date", "now"),
    [("Sat, 01 Jan 2000 00:00:05 GMT", 946_684_805.0), ("today", 7.0), ("1 Oct 6 7:2222222222", 7.0), ("", 7.0)],
)
@in_loop
async def test_the_time_is_what_a_live_server_says_or_this_machines(date: str, now: float) -> None:
    async with answering(PLAIN.replace(b"X-Case: Kept", f"Date: {date}".encode())) as (here, _):
        place = LivePlace(Wire(), {}, {}, lambda: 7.0)
        await place.send(Call(method="GET", url=f"http://{here}/"))
        assert await place.now() == now
