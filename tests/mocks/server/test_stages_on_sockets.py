"""Stages on real sockets: opened, kept apart, closed without a trace."""

# ruff: noqa: D103 - the names are sentences

import asyncio
import threading
from contextlib import suppress
from pathlib import Path

import httpx2
import pytest

from tests.mocks.server.sockets import API, House, Info, answer, request, token_form, token_request, until

pytestmark = pytest.mark.anyio
OPEN_FILES = Path("/proc/self/fd")


async def token(http: httpx2.AsyncClient, stage: Info) -> str:
    reply = await http.post(stage["providers"]["ingest"]["endpoints"]["token"], data=token_form(stage))
    return str(reply.json()["access_token"])


async def videos(http: httpx2.AsyncClient, stage: Info, bearer: str) -> int:
    headers = {"Accept": API, "Authorization": f"Bearer {bearer}"}
    return (await http.get(stage["providers"]["ingest"]["endpoints"]["api"], headers=headers)).status_code


async def test_every_url_of_a_stage_is_of_its_scheme(house: House) -> None:
    stage = await house.open("ingest", "clickview")
    scheme = "http://127.0.0.1:" if house.ca_file is None else "https://127.0.0.1:"
    urls = [stage["decoy_url"], *(info["base_url"] for info in stage["providers"].values())]
    assert [url.startswith(scheme) for url in urls] == [True] * 3
    assert len(set(urls)) == 3
    assert stage["ca_file"] == (None if house.ca_file is None else str(house.ca_file))


async def test_two_stages_of_one_provider_know_nothing_of_each_other(house: House) -> None:
    one, other = await house.open("ingest", seed=1), await house.open("ingest", seed=2)
    async with house.browser() as http:
        mine, yours = await token(http, one), await token(http, other)
        assert mine != yours
        assert [await videos(http, one, mine), await videos(http, one, yours)] == [200, 401]
        assert [await videos(http, other, yours), await videos(http, other, mine)] == [200, 401]
        await house.control.move_clock(one["id"], "advance", 90_000)
        assert [await videos(http, one, mine), await videos(http, other, yours)] == [401, 200]
        await house.control.close_stage(one["id"])
        assert await videos(http, other, yours) == 200
    assert {
        found["url"].split("/token")[0] for found in await house.control.recording(other["id"], endpoint="token")
    } == {other["providers"]["ingest"]["base_url"]}


async def test_same_seed_same_time_same_requests_same_bytes(house: House) -> None:
    tokens = []
    async with house.browser() as http:
        for _ in range(2):
            stage = await house.open("ingest", seed=5)
            await house.control.move_clock(stage["id"], "freeze")
            await house.control.move_clock(stage["id"], "set", 1_700_000_000)
            tokens.append([await token(http, stage) for _ in range(3)])
    assert tokens[0] == tokens[1]
    assert len(set(tokens[0])) == 3


async def test_the_decoy_takes_what_it_gets_and_it_is_recorded(house: House) -> None:
    stage = await house.open("ingest")
    async with house.browser() as http:
        taken = await http.post(stage["decoy_url"] + "/token?a=b", data={"client_secret": "oh"})
        picture = await http.get(stage["decoy_url"] + "/posters/1.png", headers={"Authorization": "Bearer t"})
    assert taken.json()["access_token"]
    assert (picture.status_code, picture.headers["content-type"], picture.content) == (200, "image/png", b"")
    found = await house.control.recording(stage["id"], "decoy", "decoy")
    assert [(each["method"], each["url"], each["body"]) for each in found] == [
        ("POST", stage["decoy_url"] + "/token?a=b", "client_secret=oh"),
        ("GET", stage["decoy_url"] + "/posters/1.png", ""),
    ]
    assert ["authorization", "Bearer t"] in found[1]["headers"]


async def test_a_real_host_name_picks_the_provider_on_any_port(house: House) -> None:
    stage = await house.open("ingest", "clickview")
    bases = [stage["decoy_url"], *(info["base_url"] for info in stage["providers"].values())]
    hosts = {"login.ingest.io": "ingest", "API.INGEST.IO:443": "ingest", "auth.clickviewapp.com": "clickview"}
    for base in bases:
        async with house.line(base) as (reader, writer):
            for host in hosts:
                writer.write(request("/nowhere", host=host))
                await answer(reader)
    found = await house.control.recording(stage["id"])
    assert [each["provider"] for each in found] == list(hosts.values()) * 3
    assert found[1]["url"].endswith("://API.INGEST.IO:443/nowhere")


@pytest.mark.parametrize(
    "host", ["login.ingest.io.evil.example", "ingest.io", "localhost", "[::1]:8", "", "login.ingest.io."]
)
async def test_any_other_host_name_stays_with_the_port(house: House, host: str) -> None:
    stage = await house.open("ingest", "clickview")
    async with house.line(stage["providers"]["clickview"]["base_url"]) as (reader, writer):
        writer.write(request("/nowhere", host=host))
        await answer(reader)
    assert [each["provider"] for each in await house.control.recording(stage["id"])] == ["clickview"]


async def test_exchanges_tell_their_connection(house: House) -> None:
    stage = await house.open("ingest")
    base = stage["providers"]["ingest"]["base_url"]
    async with house.line(base) as (reader, writer), house.line(base) as (reader_2, writer_2):
        for _ in range(2):
            writer.write(request("/videos"))
            await answer(reader)
        writer_2.write(request("/videos"))
        await answer(reader_2)
    first, second, third = [found["connection"] for found in await house.control.recording(stage["id"])]
    assert first == second != third


async def test_the_date_is_the_stages(house: House) -> None:
    stage = await house.open("ingest")
    await house.control.move_clock(stage["id"], "freeze")
    await house.control.move_clock(stage["id"], "set", 784_111_777)
    base = stage["providers"]["ingest"]["base_url"]
    async with house.line(base) as (reader, writer):
        for sent in (token_request(stage), request("/videos"), request("/nowhere"), request("/videos", method="PUT")):
            writer.write(sent)
            assert (await answer(reader))[1]["date"] == "Sun, 06 Nov 1994 08:49:37 GMT"
        await house.control.move_clock(stage["id"], "advance", 86_400)
        writer.write(request("/videos"))
        assert (await answer(reader))[1]["date"] == "Mon, 07 Nov 1994 08:49:37 GMT"


async def test_closing_does_not_wait_for_those_who_hang(house: House) -> None:
    stage = await house.open("ingest")
    await house.control.add_fault(stage["id"], {"effect": {"kind": "hang"}, "times": None})
    base = stage["providers"]["ingest"]["base_url"]
    async with house.line(base) as (reader, writer), house.line(base):
        writer.write(request("/videos"))
        await until(lambda: house.control.stage(stage["id"]).recorder.count == 1)
        async with asyncio.timeout(5):
            await house.control.close_stage(stage["id"])
            with suppress(ConnectionError):
                assert await reader.read() == b""
    with pytest.raises(ConnectionRefusedError):
        await asyncio.open_connection("127.0.0.1", int(base.rpartition(":")[2]))


async def test_closing_does_not_wait_for_a_request_that_never_ends(house: House) -> None:
    stage = await house.open("ingest")
    base = stage["providers"]["ingest"]["base_url"]
    async with house.line(base) as (reader, writer):
        writer.write(request("/videos"))
        await answer(reader)
        writer.write(request("/token", "Content-Length: 100", method="POST") + b"grant_type=")
        await writer.drain()
        async with asyncio.timeout(5):
            await house.control.close_stage(stage["id"])


@pytest.mark.skipif(not OPEN_FILES.is_dir(), reason="open files are counted in /proc")
async def test_hundreds_of_stages_leave_nothing_behind(house: House) -> None:
    def left() -> tuple[int, int, int]:
        return len(list(OPEN_FILES.iterdir())), len(asyncio.all_tasks()), threading.active_count()

    async def one(visited: bool) -> None:
        stage = await house.open("ingest", "clickview")
        if visited:
            async with house.line(stage["providers"]["ingest"]["base_url"]) as (reader, writer):
                writer.write(token_request(stage))
                assert (await answer(reader))[0] == 200
                await house.control.close_stage(stage["id"])
        else:
            await house.control.close_stage(stage["id"])

    before = left()
    for number in range(200):
        await one(visited=number % 8 == 0)
    await until(lambda: left() == before)
    assert await house.control.stages() == []
    assert house.theatre._bound == {}


async def test_many_stages_are_open_at_once(house: House) -> None:
    stages = await asyncio.gather(*(house.open("ingest", seed=number) for number in range(50)))
    async with house.browser() as http:
        tokens = await asyncio.gather(*(token(http, stage) for stage in stages))
    assert len(set(tokens)) == 50
    assert [len(await house.control.recording(stage["id"])) for stage in stages] == [1] * 50
