"""Wire faults, seen by a client that looks at the socket: each is what its name says."""

# ruff: noqa: D103 - the names are sentences

import asyncio

import httpx2
import pytest

from tests.mocks.server.sockets import LOOPS, House, answer, request, token_form, token_request, until

pytestmark = [pytest.mark.anyio, pytest.mark.parametrize("anyio_backend", LOOPS)]
A_WHILE = 0.15
"""Seconds after which what has not answered hangs; every answer here takes some milliseconds."""


@pytest.mark.parametrize(("kind", "end"), [("hang", "open"), ("close", "closed"), ("reset", "reset")])
@pytest.mark.parametrize("when", ["before", "after"])
async def test_the_connection_ends_as_the_fault_says(house: House, kind: str, end: str, when: str) -> None:
    stage = await house.open("ingest")
    base = stage["providers"]["ingest"]["base_url"]
    fault = {"id": kind, "match": {"endpoint": "token", "when": when}, "effect": {"kind": kind}}
    await house.control.add_fault(stage["id"], fault)
    assert await house.send(base, token_request(stage), A_WHILE if end == "open" else 10) == (b"", end)
    (found,) = await house.control.recording(stage["id"])
    assert (found["status"], found["facts"]["faults"]) == (None, [kind])
    assert ("issued" in found["facts"]) == (when == "after")
    async with house.line(base) as (reader, writer):
        writer.write(token_request(stage))
        assert (await answer(reader))[0] == 200


@pytest.mark.parametrize(("kind", "end"), [("close", "closed"), ("reset", "reset")])
async def test_answers_that_went_out_before_the_fault_arrive(house: House, kind: str, end: str) -> None:
    stage = await house.open("ingest")
    await house.control.add_fault(stage["id"], {"match": {"attempt": 2}, "effect": {"kind": kind}})
    async with house.line(stage["providers"]["ingest"]["base_url"]) as (reader, writer):
        writer.write(request("/videos"))
        assert (await answer(reader))[0] == 406
        writer.write(token_request(stage))
        if end == "reset":
            with pytest.raises(ConnectionResetError):
                await reader.read()
        else:
            assert await reader.read() == b""


@pytest.mark.parametrize("kind", ["hang", "close", "reset"])
async def test_an_http_client_calls_it_a_transport_error(house: House, kind: str) -> None:
    stage = await house.open("ingest")
    await house.control.add_fault(stage["id"], {"effect": {"kind": kind}})
    url = stage["providers"]["ingest"]["endpoints"]["token"]
    async with house.browser() as http:
        patience = httpx2.Timeout(10, read=A_WHILE if kind == "hang" else 10)
        with pytest.raises(httpx2.TransportError) as caught:
            await http.post(url, data=token_form(stage), timeout=patience)
        expected = {"hang": "ReadTimeout", "close": "RemoteProtocolError", "reset": "ReadError"}
        assert type(caught.value).__name__ == expected[kind]
        assert (await http.post(url, data=token_form(stage))).status_code == 200


@pytest.mark.parametrize("kind", ["hang", "close", "reset"])
async def test_nothing_goes_on_after_the_client_has_left(house: House, kind: str) -> None:
    stage = await house.open("ingest")
    base = stage["providers"]["ingest"]["base_url"]
    await house.control.add_fault(stage["id"], {"effect": {"kind": kind}})
    before = asyncio.all_tasks()
    await house.send(base, token_request(stage), A_WHILE if kind == "hang" else 10)
    await until(lambda: asyncio.all_tasks() == before)


@pytest.mark.parametrize("kind", ["hang", "close", "reset"])
async def test_what_is_pipelined_behind_a_fault_gets_no_answer(house: House, kind: str) -> None:
    stage = await house.open("ingest")
    await house.control.add_fault(stage["id"], {"effect": {"kind": kind}})
    base = stage["providers"]["ingest"]["base_url"]
    raw, _ = await house.send(base, request("/videos") + token_request(stage), A_WHILE)
    assert raw == b""
    assert len(await house.control.recording(stage["id"])) == 1
