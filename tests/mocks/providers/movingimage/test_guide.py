"""The guide's own requests, byte for byte."""

# ruff: noqa: D103 - the names are sentences

from sparring.mocks.providers.movingimage import rules
from tests.mocks.providers.movingimage.talk import (
    CLIENT_ID,
    CONNECT,
    SECRET,
    Browser,
    ask,
    location,
    movingimage,
    params_of,
    read,
)
from tests.mocks.stages import in_loop, request

FORM = ("content-type", "application/x-www-form-urlencoded")
LOGIN = "login.movingimage.com"
AUTHORIZE = (
    f"{CONNECT}/auth?client_id={CLIENT_ID}&redirect_uri=https%3A%2F%2Fredirect.example.com%2F&response_mode=query&"
    "response_type=code&scope=openid&state=7f4jK098p0"
)
EXCHANGE = (
    f"grant_type=authorization_code&client_id={CLIENT_ID}&client_secret={SECRET}&code=CODE&"
    "redirect_uri=https%3A%2F%2Fredirect.example.com%2F"
)
REFRESH = (
    f"grant_type=refresh_token&response_type=token&client_id={CLIENT_ID}&client_secret={SECRET}&refresh_token=TOKEN&"
    "scope=openid"
)


@in_loop
async def test_the_guides_way_from_the_link_to_the_api_and_through_a_refresh() -> None:
    stage = await movingimage()
    browser = Browser(stage)
    await browser.send("GET", AUTHORIZE)
    back = location(await browser.sign_in())
    assert back.startswith("https://redirect.example.com/?state=7f4jK098p0&session_state=")
    code = dict(params_of(back))["code"]
    body = EXCHANGE.replace("CODE", code).encode()
    held = read(await ask(stage, request("POST", f"{CONNECT}/token", FORM, body=body)))
    bearer = ("authorization", f"Bearer {held['access_token']}")
    called = await ask(stage, request("GET", "/v1/vms", bearer, host="api.video-cdn.net", scheme="https"))
    assert called.rule is rules.VMS
    body = REFRESH.replace("TOKEN", held["refresh_token"]).encode()
    renewed = await ask(stage, request("POST", f"{CONNECT}/token", FORM, body=body))
    assert renewed.rule is rules.REFRESHED
    assert list(read(renewed)) == list(held)


@in_loop
async def test_a_refresh_with_the_redirect_uri_of_the_guides_list_works_too() -> None:
    stage = await movingimage()
    browser = Browser(stage)
    await browser.send("GET", AUTHORIZE)
    code = dict(params_of(location(await browser.sign_in())))["code"]
    body = EXCHANGE.replace("CODE", code).encode()
    held = read(await ask(stage, request("POST", f"{CONNECT}/token", FORM, body=body)))
    body = f"{REFRESH.replace('TOKEN', held['refresh_token'])}&redirect_uri=https%3A%2F%2Felsewhere.example".encode()
    assert (await ask(stage, request("POST", f"{CONNECT}/token", FORM, body=body))).rule is rules.REFRESHED


@in_loop
async def test_a_sample_sent_with_its_line_breaks_has_no_grant_type() -> None:
    stage = await movingimage()
    for sample, between in ((EXCHANGE, "\n"), (REFRESH, "\n    ")):
        body = (between + sample.replace("&", f"&{between}")).encode()
        answer = await ask(stage, request("POST", f"{CONNECT}/token", FORM, body=body, host=LOGIN, scheme="https"))
        assert answer.rule is rules.GRANT_TYPE_MISSING
        assert answer.body == (b'{"error":"invalid_request","error_description":"Missing form parameter: grant_type"}')
