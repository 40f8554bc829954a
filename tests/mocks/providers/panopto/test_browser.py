"""Signing in, consenting and coming back, as a browser sees it."""

# ruff: noqa: D103 - the names are sentences

import base64
import hashlib
import json
from urllib.parse import unquote, urlencode

import pytest

from sparring.contracts.pages import read_page
from tests.mocks.providers.panopto.talk import (
    ASKED,
    AUTHORIZE,
    CLIENT_ID,
    CONSENT,
    OAUTH2,
    REDIRECT_URI,
    Browser,
    ask,
    back,
    form_of,
    panopto,
    register,
)
from tests.mocks.stages import in_loop, request


@in_loop
async def test_every_step_has_its_name_in_the_recording() -> None:
    stage = await panopto()
    await Browser(stage).approve()
    seen = [(exchange.endpoint, exchange.request.method) for exchange in stage.recorder.select()]
    assert seen == [
        ("authorize", "GET"), ("page", "GET"), ("login", "POST"), ("authorize", "GET"), ("consent", "POST")
    ]  # fmt: skip


@in_loop
async def test_the_forms_bear_the_marks_and_the_engines_field_names() -> None:
    stage = await panopto()
    browser = Browser(stage)
    page = await browser.login_page()
    form = form_of(page, "sign-in")
    assert form.hints == {"username": "username", "current-password": "password"}
    assert [name for name, _ in form.fields] == ["idsrv.xsrf", "username", "password"]
    page = await browser.send("GET", (await browser.fill(page)).header("Location") or "")
    form = form_of(page, "consent")
    assert form.action == f"{CONSENT}?{urlencode(ASKED).replace('+', '%20')}"
    assert form.fields[1:] == [("scopes", "api"), ("scopes", "offline_access"), ("RememberConsent", "true")]
    assert [(button.name, button.value) for button in form.buttons] == [("decision", "approve"), ("decision", "deny")]


@in_loop
async def test_cookies_are_secure_over_tls() -> None:
    stage = await panopto()
    answer = await ask(stage, request("GET", f"{AUTHORIZE}?{urlencode(ASKED)}", scheme="https"))
    assert (answer.header("Set-Cookie") or "").endswith("; path=/Panopto/oauth2; secure; HttpOnly")


@in_loop
async def test_a_sign_in_message_is_used_once() -> None:
    browser = Browser(await panopto())
    page = await browser.login_page()
    assert (await browser.fill(page)).status == 302
    assert (await browser.fill(page)).rule.id == "panopto/sign-in/message-unknown"


@in_loop
async def test_the_login_hint_stands_in_the_form() -> None:
    page = await Browser(await panopto()).login_page({"login_hint": "ada"})
    assert ("username", "ada") in form_of(page, "sign-in").fields


@in_loop
async def test_the_code_comes_with_state_and_session_state() -> None:
    stage = await panopto()
    browser = Browser(stage)
    params = back(await browser.approve())
    assert [name for name, _ in params] == ["code", "state", "session_state"]
    code, state, session_state = (value for _, value in params)
    assert (len(code), bytes.fromhex(code).hex(), state) == (32, code, "xyz")
    digest, salt = session_state.split(".")
    text = f"{CLIENT_ID}http://localhost:9127{browser.jar['idsvr.session']}{salt}"
    assert digest == base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()
    assert len(salt) == 32


@in_loop
async def test_without_state_and_openid_there_is_the_code_alone() -> None:
    stage = await panopto()
    params = back(await Browser(stage).approve({"state": None, "nonce": None, "scope": "api"}))
    assert [name for name, _ in params] == ["code"]
    assert "no state was sent" in stage.recorder.select()[-1].request.facts.notes


@pytest.mark.parametrize(
    ("uri", "start"),
    [
        ("http://localhost:9127", "http://localhost:9127/?code="),
        ("http://localhost:9127/cb?tenant=1", "http://localhost:9127/cb?tenant=1&code="),
        ("myapp://done", "myapp://done/?code="),
    ],
)
@in_loop
async def test_the_redirect_uri_keeps_its_query_and_gets_a_path(uri: str, start: str) -> None:
    stage = await panopto()
    await register(stage, redirect_uris=(uri,))
    answer = await Browser(stage).approve({"client_id": "rival", "redirect_uri": uri})
    assert (answer.header("Location") or "").startswith(start)


@in_loop
async def test_at_the_authorization_endpoint_the_case_of_the_redirect_uri_does_not_count() -> None:
    stage = await panopto()
    uri = "http://LOCALHOST:9127/Redirect"
    answer = await Browser(stage).approve({"redirect_uri": uri})
    assert (answer.header("Location") or "").startswith(f"{uri}?code=")


@in_loop
async def test_form_post_brings_the_same_in_a_form() -> None:
    stage = await panopto()
    answer = await Browser(stage).approve({"response_mode": "form_post"})
    assert answer.status == 200
    form = read_page(answer.body.decode()).form("form-post")
    assert form is not None
    assert (form.action, form.method) == (REDIRECT_URI, "POST")
    assert [name for name, _ in form.fields] == ["code", "state", "session_state"]


@in_loop
async def test_an_error_goes_by_form_post_too() -> None:
    answer = await Browser(await panopto()).open({"response_mode": "form_post", "scope": "videos"})
    form = read_page(answer.body.decode()).form("form-post")
    assert form is not None
    assert form.fields == [("error", "invalid_scope"), ("state", "xyz")]


@in_loop
async def test_a_consent_that_is_not_to_be_remembered_is_asked_for_again() -> None:
    browser = Browser(await panopto())
    await browser.decide(await browser.consent_page({"scope": "openid api"}), without=("RememberConsent",))
    assert (await browser.open({"scope": "openid api"})).rule.id == "panopto/authorize/consent"


@in_loop
async def test_a_consent_without_a_session_leads_to_the_sign_in() -> None:
    browser = Browser(await panopto())
    page = await browser.consent_page()
    del browser.jar["idsrv"]
    assert (await browser.decide(page)).rule.id == "panopto/authorize/sign-in-needed"


@in_loop
async def test_faults_reach_the_authorization_response() -> None:
    stage = await panopto()
    effect = {"kind": "authorization-response", "set": {"state": "forged"}, "drop": ["session_state"]}
    stage.faults.add({"id": "f1", "match": {"endpoint": "consent"}, "effect": effect})
    params = back(await Browser(stage).approve())
    assert [name for name, _ in params] == ["code", "state"]
    assert dict(params)["state"] == "forged"
    assert stage.recorder.select()[-1].request.facts.faults == ["f1"]


@in_loop
async def test_after_prompt_login_the_way_back_does_not_ask_again() -> None:
    browser = Browser(await panopto())
    await browser.consent_page()
    page = await browser.login_page({"prompt": "login"})
    answer = await browser.send("GET", (await browser.fill(page)).header("Location") or "")
    assert answer.rule.id == "panopto/authorize/consent"


@in_loop
async def test_a_second_client_joins_the_list_of_the_session() -> None:
    stage = await panopto()
    await register(stage)
    browser = Browser(stage)
    await browser.approve()
    assert json.loads(unquote(browser.jar["idsvr.clients"])) == [CLIENT_ID]
    for _ in range(2):
        await browser.decide(await browser.open({"client_id": "rival"}))
        assert json.loads(unquote(browser.jar["idsvr.clients"])) == [CLIENT_ID, "rival"]


@in_loop
async def test_logging_out_ends_the_session() -> None:
    browser = Browser(await panopto())
    await browser.approve()
    session = browser.jar["idsrv"]
    page = await browser.send(
        "GET", (await browser.send("GET", f"{OAUTH2}/connect/endsession")).header("Location") or ""
    )
    form = read_page(page.body.decode()).forms[0]
    page = await browser.send("POST", form.action, form.fields)
    assert page.rule.id == "panopto/logout/signed-out"
    frame = page.body.decode().partition('src="')[2].partition('"')[0]
    assert (await browser.send("GET", frame)).rule.id == "panopto/end-session/callback"
    assert set(browser.jar) == {"idsrv.xsrf"}
    browser.jar["idsrv"] = session
    assert (await browser.open()).rule.id == "panopto/authorize/sign-in-needed"
