"""Single sign-on, prompt and max_age, the three ways back, and where they may lead."""

# ruff: noqa: D103 - the names are sentences

import pytest

from sparring.mocks.faults.authorization_response import AuthorizationResponse
from sparring.mocks.providers.movingimage import rules
from sparring.mocks.providers.movingimage.redirects import allowed, single
from sparring.mocks.stage import Stage
from tests.mocks import stages
from tests.mocks.providers.movingimage.talk import (
    CONNECT,
    Browser,
    add_person,
    ask,
    claims_of,
    exchange,
    location,
    masked,
    movingimage,
    params_of,
    read,
    refreshing,
    token_request,
)
from tests.mocks.stages import START, in_loop

NOW = int(START)


async def _claims(stage: Stage, browser: Browser) -> dict[str, object]:
    code = await browser.code()
    return claims_of(read(await ask(stage, token_request(exchange(code))))["access_token"])


@in_loop
async def test_who_is_signed_in_sees_no_form_again() -> None:
    stage = await movingimage()
    browser = Browser(stage)
    first = await _claims(stage, browser)
    stage.clock.advance(100)
    answer = await browser.open({"prompt": "none"})
    assert answer.rule is rules.CODE_ISSUED
    code = dict(params_of(location(answer)))["code"]
    second = claims_of(read(await ask(stage, token_request(exchange(code))))["access_token"])
    assert (first["acr"], second["acr"]) == ("1", "0")
    assert second["auth_time"] == first["auth_time"] == NOW
    assert second["session_state"] == first["session_state"]


@pytest.mark.parametrize("changes", [{"prompt": "login"}, {"prompt": "login consent"}, {"max_age": "60"}])
def test_a_login_can_be_asked_for_again(changes: dict[str, str]) -> None:
    @in_loop
    async def run() -> None:
        stage = await movingimage()
        browser = Browser(stage)
        first = await _claims(stage, browser)
        stage.clock.advance(100)
        assert (await browser.open(changes)).rule is rules.SIGN_IN
        code = dict(params_of(location(await browser.sign_in())))["code"]
        second = claims_of(read(await ask(stage, token_request(exchange(code))))["access_token"])
        assert second["session_state"] == first["session_state"]
        assert (second["acr"], second["auth_time"]) == ("1", NOW + 100)

    run()


@in_loop
async def test_a_login_that_is_young_enough_is_not_asked_for_again() -> None:
    stage = await movingimage()
    browser = Browser(stage)
    await browser.come_back()
    stage.clock.advance(100)
    assert (await browser.open({"max_age": "100"})).rule is rules.CODE_ISSUED
    assert (await browser.open({"max_age": "0", "prompt": "none"})).rule is rules.LOGIN_REQUIRED


@in_loop
async def test_a_session_ends_when_it_is_idle_for_too_long() -> None:
    stage = await movingimage()
    browser = Browser(stage)
    await browser.come_back()
    stage.clock.advance(3719)  # an hour, and the window of two minutes
    assert (await browser.open()).rule is rules.CODE_ISSUED
    stage.clock.advance(3720)
    assert (await browser.open()).rule is rules.SIGN_IN


@in_loop
async def test_a_new_session_in_the_same_browser_ends_the_one_before() -> None:
    stage = await movingimage()
    browser = Browser(stage)
    held = read(await ask(stage, token_request(exchange(await browser.code()))))
    browser.cookies = {"KEYCLOAK_SESSION": browser.cookies["KEYCLOAK_SESSION"]}
    assert (await browser.come_back()).rule is rules.CODE_ISSUED
    refused = await ask(stage, token_request(refreshing(held["refresh_token"])))
    assert refused.rule is rules.REFRESH_SESSION_ENDED


@in_loop
async def test_another_person_needs_a_logout_first() -> None:
    stage = await movingimage()
    await add_person(stage, "grace")
    browser = Browser(stage)
    ada = await _claims(stage, browser)
    await browser.send("GET", f"{CONNECT}/logout")
    await browser.open()
    grace = location(await browser.sign_in(username="grace", password="pass"))
    assert dict(params_of(grace))["session_state"] != ada["session_state"]


@in_loop
async def test_the_form_tells_of_the_last_try_once() -> None:
    stage = await movingimage()
    browser = Browser(stage)
    await browser.open({"login_hint": "ada"})
    stage.clock.advance(1801)
    again = location(await browser.sign_in())
    page = await browser.send("GET", again)
    words = "You took too long to login.  Login process starting from beginning."
    assert f'<span class="kc-feedback-text">{words}</span>' in page.body.decode()
    assert 'value="ada"' in page.body.decode()
    assert words not in (await browser.send("GET", again)).body.decode()
    assert (await browser.sign_in()).rule is rules.CODE_ISSUED


@in_loop
async def test_a_login_that_was_forgotten_goes_on_where_it_began() -> None:
    stage = await movingimage()
    browser = Browser(stage)
    await browser.open({"state": "kept"})
    await stage.reset()
    await browser.send("GET", location(await browser.sign_in()))
    assert dict(params_of(location(await browser.sign_in())))["state"] == "kept"


@in_loop
async def test_what_is_sent_as_a_form_counts_as_the_query_does() -> None:
    stage = await movingimage()
    form = {"client_id": "example-client", "redirect_uri": "https://redirect.example.com/", "response_type": "code"}
    browser = Browser(stage)
    assert (await browser.send("POST", f"{CONNECT}/auth", form)).rule is rules.SIGN_IN
    assert masked(location(await browser.sign_in())) == (
        "https://redirect.example.com/?session_state=<uuid>&code=<uuid>.<uuid>.<uuid>"
    )


@in_loop
async def test_an_answer_in_the_fragment() -> None:
    answer = await Browser(await movingimage()).come_back({"response_mode": "FRAGMENT"})
    assert masked(location(answer)) == (
        "https://redirect.example.com/#state=7f4jK098p0&session_state=<uuid>&code=<uuid>.<uuid>.<uuid>"
    )


@in_loop
async def test_an_answer_as_a_form() -> None:
    answer = await Browser(await movingimage()).come_back({"response_mode": "form_post", "state": '"&<'})
    assert (answer.status, answer.rule) == (200, rules.CODE_ISSUED)
    body = masked(answer.body.decode())
    assert "<TITLE>OIDC Form_Post Response</TITLE>" in body
    assert 'ACTION="https://redirect.example.com/"' in body
    assert '<INPUT TYPE="HIDDEN" NAME="state" VALUE="&quot;&amp;&lt;" />' in body
    assert '<INPUT TYPE="HIDDEN" NAME="code" VALUE="<uuid>.<uuid>.<uuid>" />' in body


@in_loop
async def test_a_fault_reaches_the_authorization_response() -> None:
    stage = await movingimage()
    stage.faults.add(
        {
            "id": "forged",
            "match": {"provider": "movingimage", "endpoint": "login"},
            "effect": {"kind": AuthorizationResponse.kind, "set": {"state": "forged"}},
        }
    )
    answer = await Browser(stage).come_back()
    assert dict(params_of(location(answer)))["state"] == "forged"
    assert stage.recorder.select()[-1].as_json()["facts"]["faults"] == ["forged"]


@in_loop
async def test_a_redirect_uri_is_optional_without_openid_and_then_not_asked_for_at_the_token_endpoint() -> None:
    stage = await movingimage()
    code = await Browser(stage).code({"redirect_uri": None, "scope": "profile"})
    assert (await ask(stage, token_request(exchange(code, {"redirect_uri": "https://any.example"})))).status == 200


@in_loop
async def test_endpoints_have_their_names_in_the_recording() -> None:
    stage = await movingimage()
    browser = Browser(stage)
    held = read(await ask(stage, token_request(exchange(await browser.code()))))
    await ask(stage, stages.request("GET", "/v1/vms", ("authorization", f"Bearer {held['access_token']}")))
    await browser.send("GET", f"{CONNECT}/logout")
    names = [seen.as_json()["endpoint"] for seen in stage.recorder.select()]
    assert names == ["authorize", "login", "token", "api", "logout"]


@pytest.mark.parametrize(
    ("sent", "registered", "used"),
    [
        ("https://a.example/cb", ["https://a.example/cb"], "https://a.example/cb"),
        ("HTTP://A.EXAMPLE/cb", ["http://a.example/cb"], "http://a.example/cb"),
        ("HTTPS://A.EXAMPLE/cb", ["https://a.example/cb"], None),
        ("https://a.example/CB", ["https://a.example/cb"], None),
        ("https://a.example/cb/", ["https://a.example/cb"], None),
        ("https://a.example/x/../cb", ["https://a.example/cb"], "https://a.example/cb"),
        ("https://a.example/app/x/..", ["https://a.example/app/"], "https://a.example/app/"),
        ("https://a.example/app/./", ["https://a.example/app/"], "https://a.example/app/"),
        ("https://a.example/app/../../cb", ["https://a.example/app/*"], None),
        ("https://a.example/app/cb?x=1", ["https://a.example/app/*"], "https://a.example/app/cb?x=1"),
        ("https://a.example/app", ["https://a.example/app/*"], "https://a.example/app"),
        ("https://a.example.evil/", ["https://a.example/*"], None),
        ("http://localhost:4711/cb", ["http://localhost/cb"], "http://localhost:4711/cb"),
        ("http://localhost:4711", ["http://localhost"], "http://localhost:4711"),
        ("http://127.0.0.1:4711/cb", ["http://127.0.0.1/cb"], None),
        ("https://a.example/ cb", ["https://a.example/*"], None),
        ("https://[a/", ["https://*"], None),
        ("", ["https://a.example/"], None),
    ],
)
def test_where_an_answer_may_go(sent: str, registered: list[str], used: str | None) -> None:
    assert allowed(sent, registered) == used


def test_one_registered_uri_is_enough_to_leave_it_out() -> None:
    assert single(["https://a.example/app/*"]) == "https://a.example/app"
    assert single(["https://a.example/", "https://b.example/"]) is None
