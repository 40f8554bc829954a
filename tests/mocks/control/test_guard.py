"""Who gets to see what the control port shows, pages included; another site's page never does."""

# ruff: noqa: D103 - the names are sentences

from collections.abc import AsyncIterator

import httpx2
import pytest
from starlette.requests import Request
from starlette.responses import HTMLResponse

from sparring.mocks.control.guard import App, Guard, Receive, Scope, Send
from sparring.mocks.control.http import control_app
from sparring.mocks.server.local import local_stages

pytestmark = pytest.mark.anyio
TOKEN, PAGE = "let me in", "<title>What crossed the wire</title>"
OWN = {
    "x-content-type-options": "nosniff",
    "cross-origin-resource-policy": "same-origin",
    "content-security-policy": "frame-ancestors 'none'",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
}


async def page(scope: Scope, receive: Receive, send: Send) -> None:
    """A page as a dashboard is one."""
    own = {"Content-Security-Policy": "default-src 'self'"} if Request(scope).url.path == "/own" else None
    await HTMLResponse(PAGE, headers=own)(scope, receive, send)


async def served(app: App) -> AsyncIterator[httpx2.AsyncClient]:
    async with local_stages() as (_, theatre):
        url = await theatre.listen("the control port", app)
        async with httpx2.AsyncClient(base_url=url, trust_env=False) as client:
            yield client


@pytest.fixture
async def dashboard() -> AsyncIterator[httpx2.AsyncClient]:
    """A browser at a page of the control port on loopback."""
    async for client in served(Guard(page, token=None, bound="127.0.0.1")):
        yield client


@pytest.fixture(params=["192.0.2.7", "0.0.0.0", "build-7"])
async def elsewhere(request: pytest.FixtureRequest) -> AsyncIterator[httpx2.AsyncClient]:
    """The same, of a port that is bound to other addresses, and so has a token."""
    async for client in served(Guard(page, token=TOKEN, bound=request.param)):
        client.headers["Host"] = "192.0.2.7:9400" if request.param == "0.0.0.0" else f"{request.param}:9400"
        yield client


async def test_a_page_is_shown_to_who_opens_it(dashboard: httpx2.AsyncClient) -> None:
    answer = await dashboard.get("/")
    assert (answer.status_code, answer.text) == (200, PAGE)
    assert {name: answer.headers[name] for name in OWN} == OWN
    assert not [name for name in answer.headers if name.startswith("access-control")]


async def test_a_policy_of_the_pages_own_stays(dashboard: httpx2.AsyncClient) -> None:
    answer = await dashboard.get("/own")
    assert answer.headers.get_list("content-security-policy") == ["default-src 'self'"]
    assert answer.headers["x-frame-options"] == "DENY"


@pytest.mark.parametrize("host", ["rebound.example:9400", "localhost.rebound.example", "127.0.0.1.nip.example", ""])
async def test_a_page_is_not_shown_under_a_name_that_was_made_to_point_here(
    dashboard: httpx2.AsyncClient, host: str
) -> None:
    answer = await dashboard.get("/", headers={"Host": host})
    assert (answer.status_code, answer.json()) == (403, {"error": f"{host!r} is no name of this control port"})
    assert {name: answer.headers[name] for name in OWN} == OWN


@pytest.mark.parametrize(
    ("site", "mode", "dest", "status"),
    [
        ("none", "navigate", "document", 200),
        ("same-origin", "cors", "empty", 200),
        ("same-origin", "navigate", "document", 200),
        ("cross-site", "navigate", "document", 200),
        ("same-site", "navigate", "document", 200),
        ("cross-site", "navigate", "iframe", 403),
        ("cross-site", "no-cors", "script", 403),
        ("cross-site", "no-cors", "image", 403),
        ("cross-site", "cors", "empty", 403),
        ("same-site", "cors", "empty", 403),
    ],
)
async def test_only_a_person_comes_here_from_another_site(
    dashboard: httpx2.AsyncClient, site: str, mode: str, dest: str, status: int
) -> None:
    headers = {"Sec-Fetch-Site": site, "Sec-Fetch-Mode": mode, "Sec-Fetch-Dest": dest}
    answer = await dashboard.get("/", headers=headers)
    assert answer.status_code == status
    if status == 403:
        assert answer.json() == {"error": "a page from elsewhere may not look at this"}


async def test_elsewhere_a_page_is_shown_to_who_has_the_token(elsewhere: httpx2.AsyncClient) -> None:
    for given in (None, "Bearer wrong", f"Basic {TOKEN}"):
        answer = await elsewhere.get("/", headers={} if given is None else {"Authorization": given})
        assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
        assert PAGE not in answer.text
    answer = await elsewhere.get("/", headers={"Authorization": f"Bearer {TOKEN}"})
    assert (answer.status_code, answer.text) == (200, PAGE)
    query = await elsewhere.get(f"/?token={TOKEN}")
    assert query.status_code == 401


async def test_the_port_itself_says_so_too() -> None:
    async with local_stages() as (direct, theatre):
        url = await theatre.listen("the control port", control_app(direct))
        await direct.open_stage({"providers": ["ingest"], "id": "main"})
        async with httpx2.AsyncClient(base_url=url, trust_env=False) as client:
            embedded = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "script"}
            for path in ("/stages/main/recording", "/stages/main/scenario", "/stages/main/recording/stream"):
                assert (await client.get(path, headers=embedded)).status_code == 403
            for path in ("/health", "/stages", "/nowhere"):
                answer = await client.get(path)
                assert {name: answer.headers[name] for name in OWN} == OWN
