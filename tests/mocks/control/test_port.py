"""The control port as HTTP: its token, its bodies, its addresses."""

# ruff: noqa: D103 - the names are sentences

from collections.abc import AsyncIterator

import httpx2
import pytest

from sparring.mocks.control.client import HttpControl
from sparring.mocks.control.http import control_app
from sparring.mocks.server.local import local_stages
from tests.mocks.control.asking import complaint

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
    answer = await port.post("/stages", content=body)
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
