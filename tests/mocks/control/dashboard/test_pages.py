"""The dashboard as a browser without a script meets it: pages, forms, and who may use them."""

# ruff: noqa: D103 - the names are sentences

import html
import re
from collections.abc import AsyncIterator, Mapping
from typing import Any
from urllib.parse import urlencode

import httpx2
import pytest

from sparring.mocks.control.dashboard.pages import POLICY
from sparring.mocks.control.dashboard.recipes import RECIPES
from sparring.mocks.control.direct import DirectControl
from sparring.mocks.control.http import control_app
from sparring.mocks.presets import PRESETS
from sparring.mocks.server.local import local_stages
from tests.mocks.control.asking import ask_token, call_api, ingest

pytestmark = pytest.mark.anyio
TOKEN = "let me in"
CANARY = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'"
HERE = "/dashboard/main/"
Info = dict[str, Any]


class Page:
    """A browser at the dashboard of a stage with Ingest and Panopto."""

    def __init__(self, control: DirectControl, browser: httpx2.AsyncClient, stage: Info) -> None:
        self.control, self.browser, self.stage = control, browser, stage

    async def get(self, path: str = "", **headers: str) -> httpx2.Response:
        """Ask for a page, or for something of it."""
        return await self.browser.get(HERE + path, headers={"Accept": "text/html"} | headers)

    async def do(self, **form: str) -> httpx2.Response:
        """Send a form as the page's script does."""
        return await self.send(form)

    async def send(self, form: Mapping[str, str], *, json: bool = True, origin: str | None = "") -> httpx2.Response:
        """Send a form, as the page's script does or as a browser without one, from that page."""
        headers = {"Accept": "application/json" if json else "text/html"}
        headers |= {"Content-Type": "application/x-www-form-urlencoded"}
        if origin is not None:
            headers["Origin"] = origin or str(self.browser.base_url).rstrip("/")
        return await self.browser.post(f"{HERE}do", content=urlencode(form), headers=headers)


async def opened(token: str | None) -> AsyncIterator[Page]:
    async with local_stages() as (direct, theatre):
        url = await theatre.listen("the control port", control_app(direct, token))
        stage = await direct.open_stage({"id": "main", "providers": ["ingest", "panopto"]})
        async with httpx2.AsyncClient(base_url=url, trust_env=False) as browser:
            yield Page(direct, browser, stage)


@pytest.fixture
async def page() -> AsyncIterator[Page]:
    async for made in opened(None):
        yield made


@pytest.fixture
async def locked() -> AsyncIterator[Page]:
    async for made in opened(TOKEN):
        yield made


async def test_the_port_leads_a_person_to_the_dashboard(page: Page) -> None:
    for accept, status in (("text/html", 303), ("*/*", 404)):
        answer = await page.browser.get("/", headers={"Accept": accept})
        assert (answer.status_code, answer.headers.get("location", "/dashboard/")) == (status, "/dashboard/")
    assert (await page.browser.delete("/")).json() == {"error": "the control port has no DELETE /"}
    answer = await page.browser.get("/dashboard/")
    assert (answer.status_code, answer.headers["location"]) == (303, HERE)
    await page.control.close_stage("main")
    answer = await page.browser.get("/dashboard/")
    assert (answer.status_code, "No stage is open." in answer.text) == (200, True)


async def test_every_answer_bears_the_policy(page: Page) -> None:
    for path in ("", "rows", "panels", "exchanges/1", "recording.har", "rows?status=x"):
        answer = await page.get(path)
        assert answer.headers.get_list("content-security-policy") == [POLICY]
        assert answer.headers["referrer-policy"] == "same-origin"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "access-control-allow-origin" not in answer.headers


async def test_nothing_on_the_page_needs_more_than_the_policy_gives(page: Page) -> None:
    for text in ((await page.get()).text, (await page.get("exchanges/9")).text):
        assert not re.search(r"<style|\sstyle=|\son\w+=|javascript:", text)
        assert re.findall(r"<script[^>]*>", text) in ([], ['<script src="/dashboard/static/dashboard.js" defer>'])
        assert not re.search(r"""(?:src|href|action)=["'](?:https?:)?//""", text)
    script = (await page.browser.get("/dashboard/static/dashboard.js")).text
    assert not re.search(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function|DOMParser", script
    )


async def test_whatever_crossed_the_wire_is_text(page: Page) -> None:
    info = ingest(page.stage)
    await page.control.change_user("main", "ingest", CANARY, {"name": CANARY, "password": CANARY})
    await page.control.change_client(
        "main", "ingest", CANARY, {"name": CANARY, "redirect_uris": [f"http://a/{CANARY}"]}
    )
    await page.control.note("main", {"text": CANARY, "exchange": 1, "check": CANARY, "verdict": "FAIL"})
    effect = {"kind": "replace", "status": 400, "body": {"error": CANARY}, "headers": {"x-canary": CANARY}}
    await page.control.add_fault("main", {"id": CANARY, "effect": effect})
    async with httpx2.AsyncClient(trust_env=False) as client:
        headers = {"x-canary": CANARY, "content-type": "application/x-www-form-urlencoded"}
        form = urlencode({"grant_type": CANARY, "state": CANARY, CANARY: CANARY})
        url = f"{info['base_url']}/token?state={CANARY}"
        await client.post(url, content=form, headers=headers)
    for path in ("", "exchanges/1", f"?text={CANARY}&endpoint={CANARY}"):
        text = (await page.get(path)).text
        assert "&lt;script&gt;alert(1)" in text
        assert not re.search(r"<script>|<img", text)
        assert CANARY in html.unescape(text)


async def test_a_page_shows_the_newest_and_what_the_filter_leaves(page: Page) -> None:
    async with httpx2.AsyncClient(trust_env=False) as client:
        for _ in range(3):
            await ask_token(client, page.stage)
        await ask_token(client, page.stage, client_secret="wrong")
    text = (await page.get()).text
    assert re.findall(r'data-n="(\d+)"', text) == ["1", "2", "3", "4"]
    assert re.findall(r'data-n="(\d+)"', (await page.get("?refused=true")).text) == ["4"]
    assert re.findall(r'data-n="(\d+)"', (await page.get("?before=3&limit=1")).text) == ["2"]
    assert 'href="?limit=' not in (await page.get("?limit=1")).text
    assert 'href="?refused=true&amp;before=' not in (await page.get("?refused=true")).text
    rows = (await page.get("rows?provider=ingest")).json()
    assert rows["lanes"] == ["Browser", "Client", "Ingest", "API"]
    assert [each["answer"] for each in rows["rows"]] == ["200", "200", "200", "401 invalid_client"]


async def test_an_exchange_says_why(page: Page) -> None:
    async with httpx2.AsyncClient(trust_env=False) as client:
        await ask_token(client, page.stage, client_secret="wrong")
    (exchange,) = await page.control.recording("main")
    told = (await page.get("exchanges/1", Accept="application/json")).json()
    assert (told["why"]["rule"], told["why"]["source"], told["why"]["mend"]) == (
        exchange["rule"],
        exchange["source"],
        exchange["mend"],
    )
    text = html.unescape((await page.get("exchanges/1")).text)
    for part in (
        exchange["rule"],
        exchange["source"],
        exchange["mend"],
        "401 invalid_client",
        "client_secret",
        "wrong",
    ):
        assert part in text
    gone = await page.get("exchanges/2", Accept="application/json")
    assert (gone.status_code, gone.json()) == (404, {"error": "exchange 2 is no longer there"})
    assert (await page.get("exchanges/2")).status_code == 404
    for number in ("x", "-1", "9" * 5_000):
        assert (await page.get(f"exchanges/{number}")).status_code == 400


async def test_a_form_without_a_script_leads_back_and_a_complaint_is_a_page(page: Page) -> None:
    answer = await page.send({"do": "freeze"}, json=False)
    assert (answer.status_code, answer.headers["location"]) == (303, HERE)
    assert (await page.control.clock("main"))["frozen"] is True
    answer = await page.send({"do": "advance", "by": "a while"}, json=False)
    assert answer.status_code == 400
    assert "&#39;a while&#39; is no length of time; 90, 5 min, 2 h and 1 d are" in answer.text


async def test_the_clock_goes_where_it_is_sent(page: Page) -> None:
    await page.do(do="freeze")
    assert (await page.do(do="set", at="2027-01-15T08:00:00")).json() == {"said": "It is 2027-01-15 08:00:00."}
    for by, now in (("90", 90), ("5 min", 390), ("2h", 7_590), ("1d", 93_990), ("-90", 93_900), ("0.5 s", 93_900.5)):
        assert (await page.do(do="advance", by=by)).status_code == 200
        assert (await page.control.clock("main"))["now"] == 1_800_000_000 + now
    assert (await page.do(do="set", at="1800000000.5")).status_code == 200
    assert (await page.do(do="resume")).json() == {"said": "The clock runs."}
    for wrong in (
        {"do": "set", "at": "noon"},
        {"do": "advance", "by": "1 y"},
        {"do": "advance", "by": "-999999999999"},
    ):
        assert (await page.do(**wrong)).status_code == 400


async def test_every_recipe_goes_on_stage_twice(page: Page) -> None:
    assert not {one.id for one in RECIPES} & {fault["id"] for one in PRESETS.values() for fault in one.faults}
    for one in RECIPES:
        for provider, times in (("panopto", "1"), ("", "always")):
            answer = await page.do(recipe=one.id, provider=provider, times=times)
            assert answer.json() == {"said": f"On stage: {one.title}."}
        faults = await page.control.faults("main")
        assert [(fault["id"], fault["times"]) for fault in faults] == [(one.id, 1), (f"{one.id}.2", None)]
        assert [fault["match"].get("provider") for fault in faults] == ["panopto", None]
        cards = (await page.get("panels?only=faults")).json()["panels"]["faults"]
        assert [(card["title"], card["badges"][0]["text"]) for card in cards] == [
            (one.title, "1 left"),
            (one.title, "always"),
        ]
        await page.do(do="remove-faults")


async def test_the_clock_passes_the_life_of_what_shall_expire(page: Page) -> None:
    for provider, seconds in (("panopto", 301), ("ingest", 601), ("", 601)):
        await page.do(recipe="code-expires", provider=provider)
        fault = (await page.control.faults("main"))[-1]
        assert fault["effect"] == {"kind": "time-passes", "seconds": seconds}
    await page.control.settle("main", "panopto", {"lifetimes": {"code": 30}})
    await page.do(recipe="code-expires", provider="panopto")
    assert (await page.control.faults("main"))[-1]["effect"]["seconds"] == 31
    await page.control.open_stage({"id": "other", "providers": ["clickview"]})
    complaint = "there is no code that could expire at any provider of this stage"
    answer = await page.browser.post(
        "/dashboard/other/do",
        content="recipe=code-expires",
        headers={
            "Accept": "application/json",
            "Origin": str(page.browser.base_url).rstrip("/"),
            "Content-Type": "application/x-www-form-urlencoded",
        },
    )
    assert (answer.status_code, answer.json()) == (400, {"error": complaint})


async def test_a_fault_is_used_up_and_taken_off(page: Page) -> None:
    await page.do(recipe="token-unavailable", provider="ingest", times="1")
    async with httpx2.AsyncClient(trust_env=False) as client:
        assert [(await ask_token(client, page.stage)).status_code for _ in range(2)] == [503, 200]
    (card,) = (await page.get("panels")).json()["panels"]["faults"]
    assert [badge["text"] for badge in card["badges"]] == ["used up", "fired once"]
    assert (await page.do(do="remove-fault", id="token-unavailable")).status_code == 200
    assert await page.control.faults("main") == []


async def test_scenarios_own_faults_and_what_cannot_be(page: Page) -> None:
    answer = await page.do(scenario="token-hang", provider="panopto")
    assert answer.json()["said"].startswith(f"On stage: {PRESETS['token-hang'].title}")
    assert (await page.do(scenario="token-hang", provider="panopto")).status_code == 409
    assert (await page.do(do="fault", fault='{"effect": {"kind": "hang"}}')).json() == {"said": "On stage: fault-2."}
    for form, status in (
        ({"do": "fault", "fault": "{"}, 400),
        ({"do": "fault", "fault": "[]"}, 400),
        ({"do": "fault"}, 400),
        ({"recipe": "nothing"}, 404),
        ({"recipe": "token-hangs", "times": "-1"}, 400),
        ({"do": "dance"}, 404),
        ({}, 400),
        ({"do": "revoke", "provider": "rotor"}, 404),
    ):
        answer = await page.do(**form)
        assert (answer.status_code, list(answer.json())) == (status, ["error"])
    assert (await page.do(do="remove-faults")).status_code == 200
    assert await page.control.faults("main") == []


async def test_people_clients_and_tokens_are_changed_by_forms(page: Page) -> None:
    info = ingest(page.stage)
    named = {"provider": "ingest", "username": info["users"][0]["username"]}
    client = {"provider": "ingest", "client_id": info["client_id"]}
    await page.do(do="lock", **named)
    assert (await page.control.users("main", "ingest"))[0]["locked"] is True
    await page.do(do="unlock", **named)
    assert (await page.control.users("main", "ingest"))[0]["locked"] is False
    await page.do(do="redirect-uri", redirect_uri="http://127.0.0.1:1/new", **client)
    await page.do(do="disable", **client)
    (changed,) = [one for one in await page.control.clients("main", "ingest") if one["client_id"] == info["client_id"]]
    assert (changed["enabled"], changed["redirect_uris"]) == (False, [*info["redirect_uris"], "http://127.0.0.1:1/new"])
    await page.do(do="enable", **client)
    async with httpx2.AsyncClient(trust_env=False) as http:
        token = (await ask_token(http, page.stage)).json()["access_token"]
        assert await call_api(http, page.stage, token) == 200
        (card,) = (await page.get("panels?only=tokens")).json()["panels"]["tokens"]
        answer = await page.do(**card["actions"][0]["fields"])
        assert answer.json() == {"said": "1 token revoked."}
        assert await call_api(http, page.stage, token) == 401
    before = (await page.browser.get(page.stage["providers"]["panopto"]["endpoints"]["jwks"])).json()
    await page.do(do="rotate-keys", provider="panopto")
    after = (await page.browser.get(page.stage["providers"]["panopto"]["endpoints"]["jwks"])).json()
    assert len(after["keys"]) == len(before["keys"]) + 1
    await page.do(do="reset")
    assert await page.control.recording("main") == []


async def test_the_archive_is_for_the_disk(page: Page) -> None:
    async with httpx2.AsyncClient(trust_env=False) as client:
        await ask_token(client, page.stage)
    answer = await page.get("recording.har")
    assert answer.headers["content-disposition"] == 'attachment; filename="sparring-main.har"'
    assert len(answer.json()["log"]["entries"]) == 1
    assert ingest(page.stage)["client_secret"] not in answer.text


async def test_a_form_of_another_page_does_nothing(page: Page) -> None:
    for origin in (None, "null", "http://evil.example", "http://127.0.0.1:1"):
        answer = await page.send({"do": "freeze"}, origin=origin)
        assert (answer.status_code, list(answer.json())) == (403, ["error"])
    assert (await page.control.clock("main"))["frozen"] is False


async def test_a_form_reaches_the_dashboard_alone(page: Page) -> None:
    own = {"Origin": str(page.browser.base_url).rstrip("/"), "Content-Type": "application/x-www-form-urlencoded"}
    for path in ("/stages/main/reset", "/stages/main/faults"):
        assert (await page.browser.post(path, content="a=1", headers=own)).status_code == 415
    crossing = own | {"Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
    crossing["Origin"] = "http://127.0.0.1:1"
    assert (await page.browser.post(f"{HERE}do", content="do=reset", headers=crossing)).status_code == 403


async def test_a_form_that_is_too_long_is_not_read(page: Page) -> None:
    answer = await page.do(do="fault", fault="x" * (1 << 20))
    assert (answer.status_code, answer.json()) == (413, {"error": "the form is too long"})


async def test_who_has_not_shown_the_token_sees_a_form_and_nothing_else(locked: Page) -> None:
    shown = await locked.get()
    assert (shown.status_code, shown.headers["www-authenticate"]) == (401, "Bearer")
    assert 'name="token" type="password"' in shown.text
    assert "Ingest" not in shown.text
    assert (await locked.browser.get("/", headers={"Accept": "text/html"})).headers["location"] == "/dashboard/"
    for path in ("", "rows", "panels", "stream", "recording.har", "exchanges/1"):
        answer = await locked.get(path, Accept="application/json")
        assert (answer.status_code, answer.json()) == (401, {"error": "the control token is missing or wrong"})
    assert (await locked.do(do="freeze")).status_code == 401
    assert (await locked.browser.get("/dashboard/static/dashboard.css")).status_code == 200
    for cookie in ("", TOKEN, "x"):
        assert (await locked.get(Cookie=f"sparring-dashboard={cookie}")).status_code == 401


async def test_the_token_is_shown_once(locked: Page) -> None:
    own = {"Origin": str(locked.browser.base_url).rstrip("/"), "Content-Type": "application/x-www-form-urlencoded"}
    for given in ("token=wrong", "token=", "x=1"):
        answer = await locked.browser.post("/dashboard/sign-in", content=given, headers=own)
        assert answer.status_code == 401
        assert "This is not the control token." in answer.text
        assert "set-cookie" not in answer.headers
    foreign = own | {"Origin": "http://evil.example"}
    assert (await locked.browser.post("/dashboard/sign-in", content="token=x", headers=foreign)).status_code == 403
    answer = await locked.browser.post("/dashboard/sign-in", content=urlencode({"token": TOKEN}), headers=own)
    assert (answer.status_code, answer.headers["location"]) == (303, "/dashboard/")
    cookie, *attributes = (part.strip().lower() for part in answer.headers["set-cookie"].split(";"))
    assert {"httponly", "samesite=strict", "path=/dashboard/"} <= set(attributes)
    assert TOKEN not in cookie
    assert (await locked.get()).status_code == 200
    assert (await locked.do(do="freeze")).json() == {"said": "The clock stands still."}
    kept = {"Cookie": cookie}
    assert (await locked.browser.get("/stages", headers=kept)).status_code == 401
    assert (await locked.browser.get("/stages", headers={"Authorization": f"Bearer {TOKEN}"})).status_code == 200


async def test_the_stream_names_what_has_ended(page: Page) -> None:
    async with (
        page.browser.stream("GET", f"{HERE}stream?since=0") as answer,
        httpx2.AsyncClient(trust_env=False) as http,
    ):
        assert answer.headers["content-type"].startswith("text/event-stream")
        assert answer.headers["cache-control"] == "no-store"
        lines = answer.aiter_lines()
        assert [await anext(lines), await anext(lines)] == [":", ""]
        await ask_token(http, page.stage)
        said = [await anext(lines) for _ in range(3)]
    assert said == ["id: 1", "event: exchange", 'data: {"n": 1, "faults": false}']
