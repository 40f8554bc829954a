"""The control port as HTTP: its token, its bodies, its addresses."""

# ruff: noqa: D103 - the names are sentences

import json
from collections.abc import AsyncIterator

import httpx2
import pytest

from sparring.mocks.control.client import HttpControl
from sparring.mocks.control.guard import is_own_host
from sparring.mocks.control.http import control_app
from sparring.mocks.server.local import local_stages
from tests.mocks.control.asking import ask_token, complaint

pytestmark = pytest.mark.anyio
TOKEN = "let me in"


@pytest.fixture(params=[None, TOKEN], ids=["open", "token"])
async def port(request: pytest.FixtureRequest) -> AsyncIterator[httpx2.AsyncClient]:
    """A client of a control port, which presents the token where one is needed."""
    headers = {"Authorization": f"Bearer {request.param}"} if request.param else {}
    async with local_stages() as (direct, theatre):
        url = await theatre.listen("the control port", control_app(direct, request.param))
        async with httpx2.AsyncClient(base_url=url, headers=headers, trust_env=False) as client:
            yield client


async def test_health_is_told_to_everybody(port: httpx2.AsyncClient) -> None:
    answer = await port.get("/health", headers={"Authorization": ""})
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


async def test_statuses_tell_what_became_of_a_wish(port: httpx2.AsyncClient) -> None:
    opened = await port.post("/stages", json={"providers": ["ingest"], "id": "main"})
    fault = await port.post("/stages/main/faults", json={"id": "x", "effect": {"kind": "hang"}})
    statuses = [
        opened.status_code,
        fault.status_code,
        (await port.delete("/stages/main/faults/x")).status_code,
        (await port.post("/stages/main/clock/freeze")).status_code,
        (await port.delete("/stages/main/recording")).status_code,
        (await port.post("/stages/main/reset")).status_code,
        (await port.delete("/stages/main")).status_code,
        (await port.delete("/stages/main")).status_code,
    ]
    assert statuses == [201, 201, 204, 200, 204, 204, 204, 404]
    assert (await port.get("/stages")).json() == {"stages": []}


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b"{", "the body is no JSON: "),
        (b"\xff", "the body is no JSON: "),
        (b"[]", "the body is a JSON object"),
        (b'"stage"', "the body is a JSON object"),
        (b"null", "the body is a JSON object"),
        (b"[" * 100_000, "the body is no JSON: "),
    ],
    ids=["cut", "no-utf-8", "list", "text", "null", "deep"],
)
async def test_a_body_that_is_no_json_object_is_refused(port: httpx2.AsyncClient, body: bytes, sentence: str) -> None:
    answer = await port.post("/stages", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 400
    assert answer.json()["error"].startswith(sentence)


@pytest.mark.parametrize(
    ("method", "path", "body", "sentence"),
    [
        ("POST", "/stages/main/faults/fire", {}, '"provider" is missing'),
        ("POST", "/stages/main/faults/fire", {"provider": "ingest"}, '"endpoint" is missing'),
        ("POST", "/stages/main/clients", {"provider": "ingest"}, '"client_id" is missing'),
        ("POST", "/stages/main/tokens/revoke", {}, '"provider" is missing'),
        ("POST", "/stages/main/tokens/revoke", {"provider": "ingest", "kind": ["x"]}, '"kind" is access_token'),
        ("GET", "/stages/main/clients", None, '"provider" is missing'),
        ("GET", "/stages/main/recording?since=-1", None, '"since" is the number of an exchange'),
        ("GET", "/stages/main/recording?since=x", None, '"since" is the number of an exchange'),
        ("GET", "/stages/main/recording?since=" + "9" * 5000, None, '"since" is the number of an exchange'),
    ],
)
async def test_what_is_missing_is_named(
    port: httpx2.AsyncClient, method: str, path: str, body: dict[str, object] | None, sentence: str
) -> None:
    await port.post("/stages", json={"providers": ["ingest"], "id": "main"})
    answer = await port.request(method, path, json=body)
    assert answer.status_code == 400
    assert answer.json()["error"].startswith(sentence)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 404),
        ("GET", "/dashboard", 404),
        ("GET", "/token", 404),
        ("GET", "/stages/", 404),
        ("GET", "/stages/a/b", 404),
        ("PUT", "/stages", 405),
    ],
)
async def test_an_address_that_there_is_not_is_told_as_json(
    port: httpx2.AsyncClient, method: str, path: str, status: int
) -> None:
    answer = await port.request(method, path)
    assert (answer.status_code, list(answer.json())) == (status, ["error"])


@pytest.mark.parametrize("given", [None, "", "Bearer", "Bearer wrong", f"Basic {TOKEN}", f"Bearer {TOKEN}x", TOKEN])
async def test_without_the_token_nothing_is_done(given: str | None) -> None:
    async with local_stages() as (direct, theatre):
        url = await theatre.listen("the control port", control_app(direct, TOKEN))
        await direct.open_stage({"providers": ["ingest"], "id": "main"})
        async with httpx2.AsyncClient(base_url=url, trust_env=False) as client:
            headers = {} if given is None else {"Authorization": given}
            for method, path in [("GET", "/stages"), ("POST", "/stages"), ("DELETE", "/stages/main")]:
                answer = await client.request(method, path, headers=headers)
                assert answer.status_code == 401
                assert answer.json() == {"error": "the control token is missing or wrong"}
                assert answer.headers["www-authenticate"] == "Bearer"
        assert [stage["id"] for stage in await direct.stages()] == ["main"]


async def test_the_client_says_so_when_nobody_answers() -> None:
    async with local_stages() as (direct, theatre):
        url = await theatre.listen("the control port", control_app(direct, TOKEN))
        async with HttpControl(url) as stranger, HttpControl(url, TOKEN) as friend:
            assert await complaint(stranger.stages()) == (401, "the control token is missing or wrong")
            assert await friend.stages() == []
    async with HttpControl(url, TOKEN) as late:
        status, sentence = await complaint(late.stages())
    assert (status, sentence.startswith("the control port does not answer: ")) == (503, True)


@pytest.mark.parametrize(
    ("host", "bound", "own"),
    [
        ("127.0.0.1:9400", "127.0.0.1", True),
        ("127.9.9.9", "127.0.0.1", True),
        ("localhost:1", "127.0.0.1", True),
        ("LocalHost.", "127.0.0.1", True),
        ("sparring.localhost", "127.0.0.1", True),
        ("[::1]:9400", "127.0.0.1", True),
        ("rebound.example:9400", "127.0.0.1", False),
        ("localhost.example", "127.0.0.1", False),
        ("127.0.0.1.example", "127.0.0.1", False),
        ("192.168.0.7", "127.0.0.1", False),
        ("192.168.0.7:9400", "192.168.0.7", True),
        ("build-7:9400", "Build-7", True),
        ("rebound.example", "192.168.0.7", False),
        ("providers:9400", "0.0.0.0", True),
        ("providers:9400", "::", True),
        ("", "127.0.0.1", False),
        (":9400", "127.0.0.1", False),
        ("[", "127.0.0.1", False),
    ],
)
def test_only_its_own_names_lead_to_the_port(host: str, bound: str, own: bool) -> None:
    assert is_own_host(host, bound) is own


@pytest.mark.parametrize("path", ["/health", "/stages", "/openapi.json", "/nowhere"])
async def test_a_name_that_was_made_to_point_here_is_refused(port: httpx2.AsyncClient, path: str) -> None:
    answer = await port.get(path, headers={"Host": "rebound.example:9400"})
    assert answer.status_code == 403
    assert answer.json() == {"error": "'rebound.example:9400' is no name of this control port"}


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:1", "http://localhost:3000"])
@pytest.mark.parametrize(
    ("method", "path"), [("POST", "/stages"), ("POST", "/stages/main/reset"), ("DELETE", "/stages/main")]
)
async def test_a_page_from_elsewhere_changes_nothing(
    port: httpx2.AsyncClient, origin: str, method: str, path: str
) -> None:
    await port.post("/stages", json={"providers": ["ingest"], "id": "main"})
    answer = await port.request(method, path, headers={"Origin": origin})
    assert (answer.status_code, answer.json()) == (403, {"error": f"a page of {origin} may change nothing here"})
    assert "access-control-allow-origin" not in answer.headers
    assert len((await port.get("/stages")).json()["stages"]) == 1


async def test_a_page_of_its_own_may(port: httpx2.AsyncClient) -> None:
    answer = await port.post(
        "/stages", json={"providers": ["ingest"]}, headers={"Origin": str(port.base_url).rstrip("/")}
    )
    assert answer.status_code == 201


@pytest.mark.parametrize(
    ("kind", "body", "status"),
    [
        ("application/json", b'{"providers": []}', 201),
        ("application/json; charset=utf-8", b'{"providers": []}', 201),
        ("text/plain", b'{"providers": []}', 415),
        ("application/x-www-form-urlencoded", b"", 415),
        ("multipart/form-data; boundary=x", b"--x--", 415),
        (None, b'{"providers": []}', 415),
        (None, b"", 201),
    ],
)
async def test_a_body_that_a_plain_form_can_send_is_refused(
    port: httpx2.AsyncClient, kind: str | None, body: bytes, status: int
) -> None:
    answer = await port.post("/stages", content=body, headers={"Content-Type": kind} if kind else {})
    assert answer.status_code == status
    if status == 415:
        assert answer.json() == {"error": "a body comes as application/json"}


async def test_a_body_of_unknown_length_is_a_body(port: httpx2.AsyncClient) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        yield b"{}"

    assert (await port.post("/stages", content=chunks())).status_code == 415


async def test_events_are_events(port: httpx2.AsyncClient) -> None:
    stage = (await port.post("/stages", json={"providers": ["ingest"]})).json()
    async with httpx2.AsyncClient(trust_env=False) as http:
        await ask_token(http, stage)
        await ask_token(http, stage)
    path = f"/stages/{stage['id']}/recording/stream"
    async with port.stream("GET", path, headers={"Last-Event-ID": "1"}) as answer:
        assert answer.headers["content-type"] == "text/event-stream; charset=utf-8"
        assert answer.headers["cache-control"] == "no-store"
        lines = answer.aiter_lines()
        said = [await anext(lines) for _ in range(5)]
    assert said[:4] == [":", "", "id: 2", "event: exchange"]
    assert json.loads(said[4].removeprefix("data: "))["n"] == 2


@pytest.mark.parametrize(
    ("method", "path", "body", "sentence"),
    [
        ("GET", "recording?redacted=yes", None, '"redacted" is true or false'),
        ("GET", "recording/stream?since=x", None, '"since" is the number of an exchange'),
        ("GET", "recording/wait?timeout=x", None, '"count" is a number from 1 up, "timeout" one from 0 to 300'),
        ("GET", "recording/wait?count=-1", None, '"count" is a number from 1 up'),
        ("GET", "users", None, '"provider" is missing'),
        ("DELETE", "users?provider=ingest", None, '"username" is missing'),
        ("DELETE", "clients?provider=ingest", None, '"client_id" is missing'),
        ("POST", "hold", {}, '"match" is a JSON object; an empty one matches every request'),
        ("POST", "tokens", {}, '"provider" is missing'),
        ("POST", "tokens/revoke", {"provider": "ingest", "usr": "x"}, "unknown member 'usr'; there are: kind, token"),
        ("POST", "tokens/revoke", {"provider": "ingest", "user": 1}, "a revocation: Expected `str | null`, got `int`"),
        ("POST", "keys/rotate", {"provider": "ingest", "keep_old": 1}, '"keep_old" is true or false'),
    ],
)
async def test_what_cannot_be_asked_is_told_in_one_sentence(
    port: httpx2.AsyncClient, method: str, path: str, body: dict[str, object] | None, sentence: str
) -> None:
    await port.post("/stages", json={"providers": ["ingest"], "id": "main"})
    answer = await port.request(method, f"/stages/main/{path}", json=body)
    assert answer.status_code == 400
    assert answer.json()["error"].startswith(sentence)
