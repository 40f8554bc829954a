"""The integration guide, followed to the letter: what comes of its own requests."""

# ruff: noqa: D103 - the names are sentences

import json

from tests.mocks.providers.panopto.talk import AUTHORIZE, CLIENT_ID, SECRET, TOKEN, Browser, ask, back, panopto, post
from tests.mocks.stages import in_loop, request

HOST = "deakin.au.panopto.com"
# "Visit the Authorisation URL", with the client id filled in, as the guide says, and the port left as it stands
URL = (
    f"{AUTHORIZE}?client_id={CLIENT_ID}&response_type=code"
    "&redirect_uri=http://localhost:port&scope=openid%20api&nonce=12345"
)
# "Exchange Authorisation Code for Access Token", the body that curl makes of the guide's -d options
CURL = (
    "grant_type=authorisation_code&code={code}&redirect_uri=http://localhost:8000"
    f"&client_id={CLIENT_ID}&client_secret={SECRET}"
)
FORM = ("content-type", "application/x-www-form-urlencoded")


@in_loop
async def test_the_word_port_is_no_port() -> None:
    answer = await ask(await panopto(), request("GET", URL, host=HOST))
    assert (answer.status, answer.rule.id) == (200, "panopto/authorize/redirect-uri-relative")


@in_loop
async def test_the_redirect_uri_with_a_port_is_still_another_than_the_registered_one() -> None:
    answer = await ask(await panopto(), request("GET", URL.replace(":port", ":9127"), host=HOST))
    assert (answer.status, answer.rule.id) == (200, "panopto/authorize/redirect-uri-unknown")


@in_loop
async def test_with_the_registered_redirect_uri_a_code_comes_and_no_state() -> None:
    stage = await panopto()
    browser = Browser(stage)
    page = await browser.send("GET", URL.replace(":port", ":9127/redirect"))
    page = await browser.send("GET", page.header("Location") or "")
    page = await browser.send("GET", (await browser.fill(page)).header("Location") or "")
    assert [name for name, _ in back(await browser.decide(page))] == ["code", "session_state"]


@in_loop
async def test_the_misspelt_grant_is_unsupported() -> None:
    stage = await panopto()
    code = await Browser(stage).code({"scope": "openid api", "state": None})
    answer = await ask(stage, request("POST", TOKEN, FORM, body=CURL.format(code=code).encode(), host=HOST))
    assert (answer.status, answer.rule.id) == (400, "panopto/token/grant-type-unknown")
    assert json.loads(answer.body) == {"error": "unsupported_grant_type"}


@in_loop
async def test_spelt_well_it_fails_by_its_redirect_uri_and_the_code_is_gone() -> None:
    stage = await panopto()
    code = await Browser(stage).code({"scope": "openid api", "state": None})
    body = CURL.format(code=code).replace("authorisation_code", "authorization_code")
    answer = await ask(stage, request("POST", TOKEN, FORM, body=body.encode(), host=HOST))
    assert json.loads(answer.body) == {"error": "unauthorized_client"}
    good = body.replace("localhost:8000", "localhost:9127/redirect")
    assert json.loads((await ask(stage, request("POST", TOKEN, FORM, body=good.encode()))).body) == {
        "error": "invalid_grant"
    }


@in_loop
async def test_mended_it_brings_an_hour_and_no_refresh_token() -> None:
    stage = await panopto()
    code = await Browser(stage).code({"scope": "openid api", "state": None})
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": "http://localhost:9127/redirect",
        "client_id": CLIENT_ID,
        "client_secret": SECRET,
    }
    document = json.loads((await post(stage, form)).body)
    assert list(document) == ["id_token", "access_token", "expires_in", "token_type"]
    assert document["expires_in"] == 3600
