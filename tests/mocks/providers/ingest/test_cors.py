"""What a browser on another origin may do."""

# ruff: noqa: D103 - the names are sentences

import pytest

from tests.mocks.providers.ingest.talk import APPLICATION, Browser, api_request, token_request
from tests.mocks.stages import ask, in_loop, open_stage, request

ORIGIN = ("origin", "https://app.example")
CORS = [("Access-Control-Allow-Origin", "*")]


def _cors(headers: tuple[tuple[str, str], ...]) -> list[tuple[str, str]]:
    return [pair for pair in headers if pair[0].startswith("Access-Control-")]


@pytest.mark.parametrize(
    ("message", "status"),
    [
        (token_request(APPLICATION, ORIGIN), 200),
        (token_request(APPLICATION | {"client_secret": "wrong"}, ORIGIN), 401),
        (request("PUT", "/token", ORIGIN), 405),
        (api_request("made-up", "/videos", ORIGIN), 401),
        (request("GET", "/users/me", ORIGIN), 406),
        (api_request("made-up", "/videos/x", ORIGIN), 401),
    ],
)
def test_tokens_and_the_api_may_be_read_from_anywhere(message: object, status: int) -> None:
    @in_loop
    async def run() -> None:
        answer = await ask(await open_stage(), message)  # type: ignore[arg-type]  # a Request
        assert (answer.status, _cors(answer.headers)) == (status, CORS)

    run()


@in_loop
async def test_pages_and_lost_addresses_may_not() -> None:
    stage = await open_stage()
    page = await ask(stage, request("GET", "/authorize?client_id=IngestNetwork123", ORIGIN))
    lost = await ask(stage, request("GET", "/nothing", ORIGIN))
    assert (_cors(page.headers), _cors(lost.headers)) == ([], [])
    assert _cors((await Browser(stage).open()).headers) == []


@in_loop
async def test_without_an_origin_nothing_is_said_of_it() -> None:
    assert _cors((await ask(await open_stage(), token_request(APPLICATION))).headers) == []


@pytest.mark.parametrize("target", ["/token", "/videos", "/videos/x", "/users/me"])
def test_a_preflight_is_told_what_it_asked_for(target: str) -> None:
    @in_loop
    async def run() -> None:
        asked = (("access-control-request-method", "GET"), ("access-control-request-headers", "authorization,x-a"))
        answer = await ask(await open_stage(), request("OPTIONS", target, ORIGIN, *asked))
        assert (answer.status, answer.body, answer.header("Content-Length")) == (204, b"", None)
        assert _cors(answer.headers) == [
            ("Access-Control-Allow-Methods", "GET"),
            ("Access-Control-Allow-Headers", "authorization,x-a"),
            ("Access-Control-Max-Age", "600"),
            *CORS,
        ]

    run()


@in_loop
async def test_without_headers_asked_for_authorization_is_allowed() -> None:
    message = request("OPTIONS", "/videos", ORIGIN, ("access-control-request-method", "GET"))
    assert (await ask(await open_stage(), message)).header("Access-Control-Allow-Headers") == "Authorization"


@pytest.mark.parametrize(
    ("target", "headers", "status"),
    [
        ("/token", (ORIGIN,), 405),
        ("/videos", (), 405),
        ("/authorize", (ORIGIN, ("access-control-request-method", "POST")), 405),
        ("/nothing", (ORIGIN, ("access-control-request-method", "POST")), 404),
    ],
)
def test_other_options_are_no_preflight(target: str, headers: tuple[tuple[str, str], ...], status: int) -> None:
    @in_loop
    async def run() -> None:
        assert (await ask(await open_stage(), request("OPTIONS", target, *headers))).status == status

    run()
