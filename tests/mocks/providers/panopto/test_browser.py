"""Signing in, consenting and coming back, as a browser sees it."""

# ruff: noqa: D103 - the names are sentences

import base64
import hashlib
from urllib.parse import urlencode

import pytest

from sparring.harness.agent.pages import read_page
from tests.mocks.providers.panopto.talk import (
    ASKED,
    AUTHORIZE,
    CLIENT_ID,
    CONSENT,
    FRAMED,
    OAUTH2,
    ORIGIN,
    REDIRECT_URI,
    Browser,
    ask,
    back,
    changed,
    exchange,
    form_of,
    panopto,
    post,
    read,
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
async def test_the_way_to_the_sign_in_page_is_the_engines() -> None:
    stage = await panopto()
    answer = await Browser(stage).open()
    location = answer.header("Location") or ""
    start = f"{ORIGIN}{OAUTH2}/login?signin="
    assert location.startswith(start)
    handle = location.removeprefix(start)
    assert bytes.fromhex(handle).hex() == handle
    assert len(handle) == 32
    cookie = answer.header("Set-Cookie") or ""
    assert cookie.startswith(f"SignInMessage.{handle}=")
    assert cookie.endswith("; path=/Panopto/oauth2; HttpOnly")


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
async def test_signing_in_sets_the_engines_cookies() -> None:
    stage = await panopto()
    browser = Browser(stage)
    answer = await browser.fill(await browser.login_page())
    cookies = [value for name, value in answer.headers if name == "Set-Cookie"]
    assert [cookie.partition("=")[0].partition(".")[0] for cookie in cookies] == ["SignInMessage", "idsvr", "idsrv"]
    assert [cookie.endswith("; HttpOnly") for cookie in cookies] == [True, False, True]
    assert set(browser.jar) == {"idsrv.xsrf", "idsvr.session", "idsrv"}


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
async def test_a_wrong_password_can_be_mended_on_the_same_page() -> None:
    browser = Browser(await panopto())
    page = await browser.fill(await browser.login_page(), password="wrong")
    assert (await browser.fill(page)).status == 302


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


@in_loop
async def test_a_blank_in_the_answer_is_percent_encoded() -> None:
    answer = await Browser(await panopto()).approve({"state": "a b+c"})
    assert "&state=a%20b%2Bc&" in (answer.header("Location") or "")


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
    assert answer.headers[: len(FRAMED)] == FRAMED
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
async def test_a_remembered_consent_is_not_asked_for_again_except_for_offline_access() -> None:
    browser = Browser(await panopto())
    await browser.approve({"scope": "openid api"})
    assert (await browser.open({"scope": "openid api"})).rule.id == "panopto/authorize/code-issued"
    assert (await browser.open({"scope": "openid api", "prompt": "consent"})).rule.id == "panopto/authorize/consent"
    assert (await browser.open({"scope": "openid api profile"})).rule.id == "panopto/authorize/consent"
    assert (await browser.open()).rule.id == "panopto/authorize/consent"


@in_loop
async def test_a_consent_that_is_not_to_be_remembered_is_asked_for_again() -> None:
    browser = Browser(await panopto())
    await browser.decide(await browser.consent_page({"scope": "openid api"}), without=("RememberConsent",))
    assert (await browser.open({"scope": "openid api"})).rule.id == "panopto/authorize/consent"


@in_loop
async def test_a_person_may_leave_out_a_scope() -> None:
    stage = await panopto()
    browser = Browser(stage)
    answer = await browser.decide(await browser.consent_page(), without=("offline_access",))
    document = read(await post(stage, exchange(dict(back(answer))["code"])))
    assert list(document) == ["id_token", "access_token", "expires_in", "token_type"]


@pytest.mark.parametrize(("pressed", "rule"), [("yes", "authorize/code-issued"), ("no", "consent/access-denied")])
@in_loop
async def test_the_engines_own_buttons_work(pressed: str, rule: str) -> None:
    browser = Browser(await panopto())
    form = form_of(await browser.consent_page(), "consent")
    answer = await browser.send("POST", form.action, [*form.fields, ("button", pressed)])
    assert answer.rule.id == f"panopto/{rule}"


@in_loop
async def test_prompt_login_and_max_age_ask_for_the_password_again() -> None:
    stage = await panopto()
    browser = Browser(stage)
    await browser.consent_page()
    assert (await browser.open({"max_age": "60"})).rule.id == "panopto/authorize/consent"
    stage.clock.advance(61)
    assert (await browser.open({"max_age": "60"})).rule.id == "panopto/authorize/sign-in-needed"
    page = await browser.login_page({"prompt": "login"})
    answer = await browser.send("GET", (await browser.fill(page)).header("Location") or "")
    assert answer.rule.id == "panopto/authorize/consent"


@in_loop
async def test_unknown_prompts_are_passed_over() -> None:
    assert (await Browser(await panopto()).open({"prompt": "please"})).rule.id == "panopto/authorize/sign-in-needed"


@in_loop
async def test_a_repeated_parameter_is_joined_with_a_comma() -> None:
    stage = await panopto()
    answer = await Browser(stage).send("GET", f"{AUTHORIZE}?{urlencode(changed(ASKED, {}))}&scope=api")
    assert answer.rule.id == "panopto/authorize/scope-unknown"


@in_loop
async def test_names_of_parameters_and_paths_may_be_in_any_case() -> None:
    target = f"{AUTHORIZE}?{urlencode(ASKED)}".replace("client_id", "CLIENT_ID").replace("connect", "Connect")
    assert (await Browser(await panopto()).send("GET", target)).rule.id == "panopto/authorize/sign-in-needed"


@in_loop
async def test_a_consent_without_a_session_leads_to_the_sign_in() -> None:
    browser = Browser(await panopto())
    page = await browser.consent_page()
    del browser.jar["idsrv"]
    assert (await browser.decide(page)).rule.id == "panopto/authorize/sign-in-needed"


@in_loop
async def test_logging_out_ends_the_session() -> None:
    browser = Browser(await panopto())
    await browser.consent_page()
    session = browser.jar["idsrv"]
    page = await browser.send(
        "GET", (await browser.send("GET", f"{OAUTH2}/connect/endsession")).header("Location") or ""
    )
    form = read_page(page.body.decode()).forms[0]
    assert (await browser.send("POST", form.action, form.fields)).rule.id == "panopto/logout/signed-out"
    assert set(browser.jar) == {"idsrv.xsrf"}
    browser.jar["idsrv"] = session
    assert (await browser.open()).rule.id == "panopto/authorize/sign-in-needed"


@in_loop
async def test_faults_reach_the_authorization_response() -> None:
    stage = await panopto()
    effect = {"kind": "authorization-response", "set": {"state": "forged"}, "drop": ["session_state"]}
    stage.faults.add({"id": "f1", "match": {"endpoint": "consent"}, "effect": effect})
    params = back(await Browser(stage).approve())
    assert [name for name, _ in params] == ["code", "state"]
    assert dict(params)["state"] == "forged"
    assert stage.recorder.select()[-1].request.facts.faults == ["f1"]
