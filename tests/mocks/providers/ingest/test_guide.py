"""The guide's own requests, as it prints them, and what comes back."""

# ruff: noqa: D103 - the names are sentences

import base64
import json
import re

import jwt
import pytest

from sparring.mocks.engine.messages import Answer, Request
from sparring.mocks.providers.ingest import SCOPES
from sparring.mocks.stage import Stage
from tests.mocks.providers.ingest.talk import (
    ACCEPT,
    ASKED,
    Browser,
    api_request,
    location,
    read,
    refresh,
    token_request,
    tokens,
)
from tests.mocks.stages import START, ask, in_loop, open_stage, request

FORM = ("content-type", "application/x-www-form-urlencoded")
TYPO = ("content-type", "application/x-form-urlencoded")
CREDENTIALS = "client_id=IngestNetwork123&client_secret=jhjed88ydjKJDFU77y7dk"
UNCHANGED_URI = "redirect_uri=https://mywebsite.com/oauth/ingest"
AUTHORIZE = (
    "/authorize?response_type=code&client_id=IngestNetwork123&scope=read_videos,write_videos"
    "&redirect_uri=https://mywebsite.com/oauth/ingest"
)
LOGIN, API = "login.ingest.io", "api.ingest.io"


def _sample(query: str, *headers: tuple[str, str]) -> Request:
    """A token request as curl sends the guide's samples: everything in the query, an empty body."""
    return request("POST", f"/token?{query}", *(headers or (FORM, ACCEPT)), host=LOGIN, scheme="https")


def _error(answer: Answer) -> tuple[int, str, str]:
    document = json.loads(answer.body)
    assert list(document) == ["error", "error_description"]
    return answer.status, document["error"], document["error_description"]


async def _code(stage: Stage) -> str:
    """The guide's authorization URL, literally, up to the code."""
    page = await ask(stage, request("GET", AUTHORIZE, host=LOGIN, scheme="https"))
    assert b'data-sparring="sign-in"' in page.body
    return location(await Browser(stage).consent(ASKED))["code"]


@in_loop
async def test_the_samples_for_a_users_behalf() -> None:
    stage = await open_stage()
    code = await _code(stage)
    answer = await ask(stage, _sample(f"grant_type=authorization_code&code={code}&{CREDENTIALS}&{UNCHANGED_URI}"))
    document = read(answer)
    assert list(document) == ["access_token", "token_type", "expires_in", "refresh_token", "scope"]
    assert document["token_type"] == "Bearer"
    assert document["expires_in"] == "86400"
    assert document["scope"] == "read_videos,write_videos"
    assert re.fullmatch(r"[A-Za-z0-9]{48}", document["refresh_token"])
    renewed = read(
        await ask(stage, _sample(f"grant_type=refresh_token&refresh_token={document['refresh_token']}&{CREDENTIALS}"))
    )
    assert list(renewed) == list(document)
    assert (renewed["expires_in"], renewed["scope"]) == ("86400", "read_videos,write_videos")
    assert renewed["access_token"] != document["access_token"]
    assert renewed["refresh_token"] != document["refresh_token"]


@in_loop
async def test_the_sample_of_the_code_exchange_lacks_the_code_and_is_refused() -> None:
    answer = await ask(await open_stage(), _sample(f"grant_type=authorization_code&{CREDENTIALS}&{UNCHANGED_URI}"))
    assert _error(answer) == (400, "invalid_request", "The code parameter is missing.")


@in_loop
async def test_the_sample_of_client_credentials_lacks_the_scope_and_is_refused() -> None:
    stage = await open_stage()
    answer = await ask(stage, _sample(f"grant_type=client_credentials&{CREDENTIALS}"))
    assert _error(answer) == (400, "invalid_scope", "The scope parameter is missing.")
    answer = await ask(stage, _sample(f"grant_type=client_credentials&{CREDENTIALS}&scope=read_videos,write_videos"))
    document = read(answer)
    assert list(document) == ["access_token", "token_type", "expires_in", "scope"]
    assert (document["expires_in"], document["scope"]) == ("86400", "read_videos,write_videos")


@in_loop
async def test_the_sample_of_the_refresh_has_a_made_up_token() -> None:
    answer = await ask(
        await open_stage(), _sample(f"grant_type=refresh_token&refresh_token=asdaadfaf32fwoisfj&{CREDENTIALS}")
    )
    assert _error(answer) == (400, "invalid_grant", "The refresh token is invalid or expired.")


@in_loop
async def test_the_sample_of_the_api_call() -> None:
    stage = await open_stage()
    token = (await tokens(stage))["access_token"]
    assert token.startswith("eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9.eyJhdWQi")
    bare = request("GET", "/videos", ("authorization", f"Bearer {token}"), host=API, scheme="https")
    assert (await ask(stage, bare)).status == 406  # the sample leaves out what the reference requires
    full = request("GET", "/videos", ("authorization", f"Bearer {token}"), ACCEPT, host=API, scheme="https")
    assert (await ask(stage, full)).status == 200


@pytest.mark.parametrize(
    "headers", [(FORM, ACCEPT), (TYPO, ACCEPT), (("content-type", "application/json"),), (("accept", "*/*"),)]
)
def test_with_everything_in_the_query_any_content_type_will_do(headers: tuple[tuple[str, str], ...]) -> None:
    @in_loop
    async def run() -> None:
        message = _sample(f"grant_type=client_credentials&{CREDENTIALS}&scope=read_videos", *headers)
        assert (await ask(await open_stage(), message)).status == 200

    run()


@in_loop
async def test_a_json_body_next_to_a_full_query_is_not_looked_at() -> None:
    target = f"/token?grant_type=client_credentials&{CREDENTIALS}&scope=read_videos"
    message = request("POST", target, ("content-type", "application/json"), body=b'{"grant_type":"x"}')
    assert (await ask(await open_stage(), message)).status == 200


@in_loop
async def test_query_and_body_are_read_together() -> None:
    form = {"client_secret": "jhjed88ydjKJDFU77y7dk", "scope": "read_videos"}
    message = request("POST", "/token?grant_type=client_credentials&client_id=IngestNetwork123", form=form)
    assert (await ask(await open_stage(), message)).status == 200


def _parts(token: str) -> list[str]:
    return [base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)).decode() for part in token.split(".")[:2]]


@in_loop
async def test_the_access_token_is_a_jwt_of_the_person() -> None:
    stage = await open_stage()
    token = (await tokens(stage, {"network_id": "3f0c2a60-7a5e-4b0e-9a1d-0c1b2a3d4e5f"}))["access_token"]
    header, payload = _parts(token)
    assert header == '{"alg":"RS256","typ":"JWT"}'
    claims = json.loads(payload)
    assert list(claims) == ["aud", "cid", "exp", "jti", "iat", "iss", "ntw", "scope", "sub"]
    user = stage.houses["ingest"].users[0]
    jti = claims.pop("jti")
    assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", jti)
    assert claims == {
        "aud": "https://*.ingest.io",
        "cid": "IngestNetwork123",
        "exp": int(START) + 86400,
        "iat": int(START),
        "iss": "https://login.ingest.io",
        "ntw": "3f0c2a60-7a5e-4b0e-9a1d-0c1b2a3d4e5f",
        "scope": {"actions": ["read_videos", "write_videos"]},
        "sub": user.subject,
    }
    public = stage.houses["ingest"].desk.keys[0].public
    assert (
        jwt.decode(token, public, algorithms=["RS256"], options={"verify_aud": False, "verify_exp": False})["jti"]
        == jti
    )


@in_loop
async def test_without_a_network_id_it_is_the_persons_own_network() -> None:
    stage = await open_stage()
    claims = json.loads(_parts((await tokens(stage))["access_token"])[1])
    assert claims["ntw"] == stage.houses["ingest"].users[0].attributes["network"]


@in_loop
async def test_an_applications_token_speaks_for_the_application() -> None:
    stage = await open_stage()
    query = f"grant_type=client_credentials&{CREDENTIALS}&scope=write_videos, read_videos ,write_videos"
    document = read(await ask(stage, _sample(query.replace(" ", "%20"))))
    claims = json.loads(_parts(document["access_token"])[1])
    assert (claims["sub"], claims["cid"]) == ("IngestNetwork123", "IngestNetwork123")
    assert claims["scope"] == {"actions": ["write_videos", "read_videos"]}
    assert document["scope"] == "write_videos,read_videos"


@in_loop
async def test_a_narrower_refresh_leaves_the_grant_as_wide_as_it_was() -> None:
    stage = await open_stage()
    first = await tokens(stage)
    narrow = read(await ask(stage, token_request(refresh(first["refresh_token"], {"scope": "write_videos"}))))
    assert narrow["scope"] == "write_videos"
    assert (await ask(stage, api_request(narrow["access_token"]))).status == 403
    wide = read(await ask(stage, token_request(refresh(narrow["refresh_token"]))))
    assert wide["scope"] == "read_videos,write_videos"
    assert (await ask(stage, api_request(wide["access_token"]))).status == 200


@in_loop
async def test_without_a_redirect_uri_the_stored_one_is_used() -> None:
    stage = await open_stage()
    back = location(await Browser(stage).consent({"redirect_uri": None}))
    assert (back.uri, [name for name, _ in back.params]) == ("https://mywebsite.com/oauth/ingest", ["code"])


@in_loop
async def test_a_person_signs_in_once_for_many_applications() -> None:
    stage = await open_stage()
    browser = Browser(stage)
    await browser.sign_in()
    for state in ("1", "2"):
        page = await browser.open({"state": state})
        assert b'data-sparring="consent"' in page.body
    assert b'data-sparring="sign-in"' in (await Browser(stage).open()).body


@in_loop
async def test_pkce_is_ignored_and_that_is_noted() -> None:
    stage = await open_stage()
    answer = await Browser(stage).consent({"code_challenge": "x" * 43, "code_challenge_method": "S256"})
    assert location(answer)["code"]
    (noted,) = [found.request.facts.notes for found in stage.recorder.select() if found.request.facts.notes]
    assert noted == ["code_challenge was ignored: this provider knows no PKCE"]


@in_loop
async def test_the_session_cookie_is_secure_where_the_connection_is() -> None:
    stage = await open_stage()
    form = {"login": "ada", "password": "ada-spars-here"}
    answer = await ask(stage, request("POST", AUTHORIZE, form=form, scheme="https"))
    assert (answer.header("Set-Cookie") or "").endswith("; Path=/; HttpOnly; SameSite=Lax; Secure")


@in_loop
async def test_videos_point_to_themselves_and_to_another_host_for_their_poster() -> None:
    stage = await open_stage()
    token = (await tokens(stage))["access_token"]
    listed = json.loads((await ask(stage, api_request(token))).body)
    desk = stage.houses["ingest"].desk
    assert len(listed) == 2
    for video in listed:
        assert video["url"] == f"{desk.base_url}/videos/{video['id']}"
        assert video["poster"]["thumbnail_url"] == f"{desk.media_url}/posters/{video['id']}.png"
        one = await ask(stage, api_request(token, f"/videos/{video['id']}"))
        assert json.loads(one.body) == video


@in_loop
async def test_the_media_type_is_found_among_others() -> None:
    stage = await open_stage()
    token = (await tokens(stage))["access_token"]
    accept = ("accept", "text/html, Application/VND.ingest.v1+json;q=0.5")
    message = request("GET", "/videos", accept, ("authorization", f"bearer {token}"))
    assert (await ask(stage, message)).status == 200


def test_scopes_are_the_documented_ones() -> None:
    assert len(SCOPES) == len(set(SCOPES)) == 26
    assert {"personal", "all", "read_events", "write_locked_profiles", "read_netKeys", "write_live"} <= set(SCOPES)


@in_loop
async def test_an_issuer_can_be_set() -> None:
    stage = await open_stage(issuer="https://login.example")
    assert json.loads(_parts((await tokens(stage))["access_token"])[1])["iss"] == "https://login.example"
