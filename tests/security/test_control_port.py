"""The control port against pages that mean it ill: all that it can be asked, as another site's page would ask."""

# ruff: noqa: D103 - the names are sentences

import hmac
import json
import re
from collections.abc import AsyncIterator, Iterator
from itertools import product
from typing import Any

import httpx2
import pytest

from sparring.mocks.control import guard
from sparring.mocks.control.dashboard import app as dashboard
from sparring.mocks.control.direct import DirectControl
from sparring.mocks.control.guard import COOKIE, OPEN, pass_of
from sparring.mocks.control.http import control_app
from sparring.mocks.control.routes import OPERATIONS
from sparring.mocks.server.local import local_stages

pytestmark = pytest.mark.anyio
TOKEN = "let me in"
EVIL = "https://evil.example"
PARTS = {"id": "main", "fault": "*", "how": "advance", "n": "1", "username": "ada", "client_id": "IngestNetwork123"}
DASHBOARD = tuple((method, f"/dashboard/main/{name}") for method, name in (
    ("GET", ""), ("GET", "rows"), ("GET", "panels"), ("GET", "recording.har"), ("GET", "exchanges/1"), ("POST", "do"),
))  # fmt: skip
BODY = {"provider": "ingest", "seconds": 60, "id": "x", "effect": {"kind": "delay", "seconds": 1}, "client_id": "x",
        "match": {}, "text": "x", "providers": ["ingest"], "username": "x", "kind": "access_token"}  # fmt: skip
QUERY = {"provider": "ingest", "client_id": "IngestNetwork123", "username": "ada", "timeout": "0", "count": "0"}


def asked() -> Iterator[tuple[str, str]]:
    """Method and path of everything that is there, but what never ends."""
    for each in OPERATIONS:
        if each.kind == "application/json" or each.kind.startswith("application/"):
            yield each.method, re.sub(r"\{(\w+)(?::\w+)?\}", lambda match: PARTS.get(match[1], "x"), each.path)
    yield from DASHBOARD


ASKED = tuple(asked())


class Port:
    """A control port with a stage, and whatever can be told of that stage."""

    def __init__(self, control: DirectControl, client: httpx2.AsyncClient) -> None:
        self.client, self._control = client, control

    async def state(self) -> str:
        """All that somebody could have changed."""
        stages, faults = await self._control.stages(), await self._control.faults("main")
        people = await self._control.users("main", "ingest"), await self._control.clients("main", "ingest")
        saved, notes = await self._control.saved("main"), await self._control.notes("main")
        clock = await self._control.clock("main")
        kept = {name: value for name, value in clock.items() if name != "now"}
        return json.dumps([stages, faults, people, saved, notes, kept], sort_keys=True, default=str)


async def opened(token: str | None) -> AsyncIterator[Port]:
    async with local_stages() as (direct, theatre):
        url = await theatre.listen("the control port", control_app(direct, token))
        await direct.open_stage({"id": "main", "providers": ["ingest"], "personas": True})
        await direct.move_clock("main", "freeze")
        async with httpx2.AsyncClient(base_url=url, trust_env=False) as client:
            yield Port(direct, client)


@pytest.fixture
async def port() -> AsyncIterator[Port]:
    async for each in opened(None):
        yield each


@pytest.fixture
async def locked() -> AsyncIterator[Port]:
    async for each in opened(TOKEN):
        yield each


def bodies(kind: str) -> dict[str, Any]:
    """A body that a page may send anywhere without asking first (Fetch Standard, CORS-safelisted request-header)."""
    if kind == "none":
        return {}
    return {"content": json.dumps(BODY) if kind == "text/plain" else "action=reset", "headers": {"Content-Type": kind}}


SIMPLE = ("none", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x")


async def test_another_sites_page_changes_nothing_and_reads_nothing(port: Port) -> None:
    """By a form, a fetch without a preflight, an image, a script: it is told no, and no header lets it read that."""
    before = await port.state()
    marks = ({"Origin": EVIL}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"},
             {"Origin": EVIL, "Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "cors"})  # fmt: skip
    for (method, path), mark in product(ASKED, marks):
        if method == "GET" and "Origin" in mark and "Sec-Fetch-Site" not in mark:
            continue  # a GET that tells its Origin is one of CORS: the browser shows the page nothing of the answer
        for kind in SIMPLE if method == "POST" else ("none",):
            told = bodies(kind)
            headers = mark | told.pop("headers", {})
            answer = await port.client.request(method, path, params=QUERY, headers=headers, **told)
            assert answer.status_code in {403, 415}, (method, path, mark, kind, answer.status_code)
            assert not [name for name in answer.headers if name.startswith("access-control")]
    assert await port.state() == before


async def test_a_browser_that_says_nothing_of_where_it_comes_from_cannot_send_a_simple_body(port: Port) -> None:
    before = await port.state()
    for (method, path), kind in product(ASKED, SIMPLE[1:]):
        if method == "POST":
            told = bodies(kind)
            answer = await port.client.request(method, path, params=QUERY, **told)
            assert answer.status_code in {403, 415}, (path, kind)
    assert await port.state() == before


async def test_a_preflight_is_not_answered_with_leave(port: Port) -> None:
    for method, path in ASKED:
        headers = {
            "Origin": EVIL,
            "Access-Control-Request-Method": method,
            "Access-Control-Request-Private-Network": "true",
        }
        answer = await port.client.request("OPTIONS", path, headers=headers)
        assert not [name for name in answer.headers if name.startswith("access-control")]


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example:9400", "localhost.evil.example", "evil.example\\@127.0.0.1"]
)
async def test_a_name_that_was_pointed_here_opens_nothing(port: Port, host: str) -> None:
    before = await port.state()
    for method, path in ASKED:
        answer = await port.client.request(
            method, path, params=QUERY, headers={"Host": host}, json=BODY if method != "GET" else None
        )
        assert answer.status_code == 403, (method, path)
    assert await port.state() == before


async def test_asking_changes_nothing(port: Port) -> None:
    """No GET has an effect, whatever stands in its query: links, images and prefetching browsers do no harm."""
    before = await port.state()
    for method, path in ASKED:
        if method == "GET":
            for query in (QUERY, {"action": "reset", "do": "reset", "_method": "DELETE", "timeout": "0"}):
                for override in ({}, {"X-HTTP-Method-Override": "DELETE"}):
                    answer = await port.client.get(path, params=query, headers=override)
                    assert answer.status_code < 500
    assert await port.state() == before


async def test_without_the_token_there_is_nothing_in_whatever_place_it_stands(locked: Port) -> None:
    before = await locked.state()
    wrong: tuple[dict[str, str], ...] = (
        {}, {"Authorization": TOKEN}, {"Authorization": f"Basic {TOKEN}"}, {"Authorization": f"Bearer {TOKEN}x"},
        {"X-Control-Token": TOKEN}, {"Cookie": f"{COOKIE}={TOKEN}"}, {"Authorization": "Bearer caf\u00e9"},
    )  # fmt: skip
    for (method, path), headers in product(ASKED, wrong):
        if path in OPEN:
            continue
        params = QUERY | {"token": TOKEN, "access_token": TOKEN, "control_token": TOKEN}
        told = {name.encode(): value.encode() for name, value in headers.items()}
        answer = await locked.client.request(
            method, path, params=params, headers=told, json=BODY if method != "GET" else None
        )
        assert answer.status_code == 401, (method, path, headers)
        assert TOKEN not in answer.text
    assert await locked.state() == before


async def test_the_dashboards_cookie_is_good_for_its_pages_alone(locked: Port) -> None:
    shown = {"Cookie": f"{COOKIE}={pass_of(TOKEN)}"}
    assert (await locked.client.get("/dashboard/main/", headers=shown)).status_code == 200
    for method, path in ASKED:
        if path not in OPEN and not path.startswith("/dashboard/"):
            answer = await locked.client.request(
                method, path, params=QUERY, headers=shown, json=BODY if method != "GET" else None
            )
            assert answer.status_code == 401, (method, path)
    assert TOKEN not in pass_of(TOKEN)


async def test_tokens_are_compared_in_constant_time(locked: Port, monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[bytes] = []

    def compare(left: bytes, right: bytes) -> bool:
        compared.append(left)
        return hmac.compare_digest(left, right)

    for module in (guard, dashboard):
        monkeypatch.setattr(
            module, "hmac", type("Hmac", (), {"compare_digest": staticmethod(compare), "digest": hmac.digest})
        )
    await locked.client.get("/stages", headers={"Authorization": "Bearer one"})
    await locked.client.get("/dashboard/main/", headers={"Cookie": f"{COOKIE}=two"})
    origin = str(locked.client.base_url).rstrip("/")
    await locked.client.post("/dashboard/sign-in", data={"token": "three"}, headers={"Origin": origin})
    assert {b"Bearer one", b"two", b"three"} <= set(compared)


@pytest.mark.parametrize(
    "name", ['a"b', "x\r\nX-Injected: y", "../..", "a/b", "\x00", "\u202e", "<script>", ".hidden", "-rf"]
)
async def test_no_id_of_a_stage_is_more_than_a_name(port: Port, name: str) -> None:
    """It stands in headers, in paths and in names of files."""
    answer = await port.client.post("/stages", json={"id": name, "providers": ["ingest"]})
    assert (answer.status_code, answer.json()["error"].startswith("the id of a stage is made of letters")) == (
        400,
        True,
    )


async def test_no_address_of_the_dashboard_makes_a_header_or_leads_away(port: Port) -> None:
    for path in ("/dashboard//evil.example/", "/dashboard/%0d%0aX-Injected:%20y/", "//evil.example/dashboard/",
                 "/dashboard/\\evil.example/", "/dashboard/..%2f..%2fevil.example", "/dashboard/static/..%2fapp.py",
                 "/dashboard/static/../pages.py", "/dashboard/main/?text=%0d%0aX-Injected:%20y"):  # fmt: skip
        answer = await port.client.get(f"{port.client.base_url}".rstrip("/") + path, headers={"Accept": "text/html"})
        assert "x-injected" not in answer.headers
        assert answer.headers.get("location", "/dashboard/").startswith("/dashboard/")
        assert "import " not in answer.text
