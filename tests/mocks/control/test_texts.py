"""Half a surrogate pair, which JSON can tell of and UTF-8 cannot: refused in a sentence, or shown."""

# ruff: noqa: D103 - the names are sentences

from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest

from sparring.mocks.control.direct import DirectControl
from sparring.mocks.control.http import control_app
from sparring.mocks.control.interface import Control
from sparring.mocks.server.local import local_stages
from sparring.mocks.storage.promises import StoreError
from tests.mocks.control.asking import ask_token, complaint, ingest

pytestmark = pytest.mark.anyio
HALF = "\ud800"
WHY = "holds half a surrogate pair, which UTF-8 cannot carry"
NEVER_ENDS: list[Any] = []
NEVER_ENDS.append(NEVER_ENDS)


@pytest.mark.parametrize(
    ("wish", "arguments", "what"),
    [
        ("open_stage", ({"providers": ["ingest"], "redirect_uris": [HALF]},), "a stage"),
        ("open_stage", ({"providers": ["ingest"], "urls": {"ingest": f"https://{HALF}"}},), "a stage"),
        ("mint", ("main", "ingest", {"claims": {"a": [HALF]}}), "a token"),
        ("mint", ("main", "ingest", {"claims": {HALF: 1}}), "a token"),
        ("change_client", ("main", "ingest", HALF, {}), "a client's id"),
        ("change_client", ("main", "ingest", "a", {"name": HALF}), "a client"),
        ("change_user", ("main", "ingest", HALF, {}), "a user's name"),
        ("change_user", ("main", "ingest", "eve", {"attributes": {"a": HALF}}), "a user"),
        ("add_fault", ("main", {"id": HALF, "effect": {"kind": "close"}}), '"id" of a fault'),
    ],
)
async def test_what_would_go_into_tokens_and_stores_is_refused(
    control: Control, wish: str, arguments: tuple[Any, ...], what: str
) -> None:
    await control.open_stage({"id": "main", "providers": ["ingest"]})
    assert await complaint(getattr(control, wish)(*arguments)) == (400, f"{what} {WHY}")


async def test_a_token_of_that_value_is_refused_and_a_name_is_nobodys(control: Control) -> None:
    await control.open_stage({"id": "main", "providers": ["ingest"]})
    assert await complaint(control.revoke("main", "ingest", token=HALF)) == (400, f"a revocation {WHY}")
    assert (await complaint(control.describe(HALF)))[0] == 404
    assert (await complaint(control.remove_client("main", "ingest", HALF)))[0] == 404
    assert (await complaint(control.remove_faults("main", HALF)))[0] == 404


@pytest.mark.parametrize(
    ("claim", "why"), [(NEVER_ENDS, "is nested too deeply"), (object(), "holds what JSON cannot: object")]
)
async def test_claims_that_are_no_json_are_refused(claim: object, why: str) -> None:
    async with local_stages() as (direct, _):
        await direct.open_stage({"id": "main", "providers": ["ingest"]})
        told = await complaint(direct.mint("main", "ingest", {"claims": {"a": claim}}))
        assert told == (400, f"a token {why}")


@pytest.fixture
async def dashboard() -> AsyncIterator[tuple[DirectControl, httpx2.AsyncClient]]:
    async with local_stages() as (direct, theatre):
        url = await theatre.listen("the control port", control_app(direct))
        async with httpx2.AsyncClient(base_url=url, trust_env=False) as browser:
            yield direct, browser


PAGES = ("", "rows", "panels", "exchanges/1", "exchanges/2", "recording.har")


@pytest.mark.parametrize("accept", ["text/html", "application/json"])
async def test_the_dashboard_shows_what_was_sent_and_what_went_wrong(
    dashboard: tuple[DirectControl, httpx2.AsyncClient], http: httpx2.AsyncClient, accept: str
) -> None:
    direct, browser = dashboard
    stage = await direct.open_stage({"id": "main", "providers": ["ingest"]})
    effect = {"kind": "replace", "body": {"error": HALF}}
    await direct.add_fault("main", {"match": {"attempt": 2}, "effect": effect})
    await direct.note("main", {"text": HALF, "exchange": 1})
    octets = {"Content-Type": "application/json", "Authorization": "Bearer eyJhIjoiXHVkODAwIn0.eyJhIjoiXHVkODAwIn0.x"}
    await http.post(ingest(stage)["endpoints"]["token"], content=b'{"a":"\\ud800"}', headers=octets)
    await ask_token(http, stage)
    for path in PAGES:
        answer = await browser.get(f"/dashboard/main/{path}", headers={"Accept": accept})
        assert answer.status_code == 200, path
    told = (await browser.get("/dashboard/main/exchanges/2", headers={"Accept": "application/json"})).json()
    assert told["answer"] == f"200 {HALF}"
    shown = (await browser.get("/dashboard/main/exchanges/2", headers={"Accept": "text/html"})).text
    assert "200 ?" in shown


async def test_the_dashboard_says_that_the_store_is_away(
    dashboard: tuple[DirectControl, httpx2.AsyncClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_: object) -> None:
        raise StoreError("Redis is away: nobody listens")

    direct, browser = dashboard
    await direct.open_stage({"id": "main", "providers": ["ingest"]})
    monkeypatch.setattr(direct, "describe", away)
    told = await browser.get("/dashboard/main/rows", headers={"Accept": "application/json"})
    assert (told.status_code, told.json()) == (503, {"error": "Redis is away: nobody listens"})
    shown = await browser.get("/dashboard/main/", headers={"Accept": "text/html"})
    assert (shown.status_code, "Redis is away: nobody listens" in shown.text) == (503, True)


@pytest.mark.parametrize("note", [{"text": ""}, {"text": "a remark"}])
async def test_a_remark_that_is_lost_is_said_to_be(note: dict[str, str], caplog: pytest.LogCaptureFixture) -> None:
    async with local_stages() as (direct, _):
        await direct.open_stage({"id": "main", "providers": ["ingest"]})
        direct.leave("main" if not note["text"] else "other", note)
        (left,) = direct._left
        await left
    assert [record.getMessage().partition(":")[0] for record in caplog.records] == ["a remark was lost"]
