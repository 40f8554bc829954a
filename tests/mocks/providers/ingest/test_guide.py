"""The guide's own requests, as it prints them, and what comes back."""

# ruff: noqa: D103 - the names are sentences

import base64
import json
import re

import jwt

from sparring.mocks.engine.messages import Request
from sparring.mocks.providers.ingest import SCOPES
from sparring.mocks.stage import Stage
from tests.mocks.providers.ingest.talk import (
    ACCEPT,
    ASKED,
    Browser,
    api_request,
    location,
    read,
    tokens,
)
from tests.mocks.stages import ask, in_loop, open_stage, request

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
async def test_the_sample_of_the_api_call() -> None:
    stage = await open_stage()
    token = (await tokens(stage))["access_token"]
    assert token.startswith("eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9.eyJhdWQi")
    bare = request("GET", "/videos", ("authorization", f"Bearer {token}"), host=API, scheme="https")
    assert (await ask(stage, bare)).status == 406  # the sample leaves out what the reference requires
    full = request("GET", "/videos", ("authorization", f"Bearer {token}"), ACCEPT, host=API, scheme="https")
    assert (await ask(stage, full)).status == 200


def _parts(token: str) -> list[str]:
    return [base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)).decode() for part in token.split(".")[:2]]


@in_loop
async def test_the_access_token_is_signed_with_the_providers_key() -> None:
    stage = await open_stage()
    token = (await tokens(stage))["access_token"]
    header, payload = _parts(token)
    assert header == '{"alg":"RS256","typ":"JWT"}'
    assert payload.startswith('{"aud":"https://*.ingest.io","cid":"IngestNetwork123","exp":')
    public = stage.houses["ingest"].desk.keys[0].public
    claims = jwt.decode(token, public, algorithms=["RS256"], options={"verify_aud": False, "verify_exp": False})
    assert claims == json.loads(payload)


@in_loop
async def test_pkce_is_ignored_and_that_is_noted() -> None:
    stage = await open_stage()
    answer = await Browser(stage).consent({"code_challenge": "x" * 43, "code_challenge_method": "S256"})
    assert location(answer)["code"]
    (noted,) = [found.request.facts.notes for found in stage.recorder.select() if found.request.facts.notes]
    assert noted == ["code_challenge was ignored: this provider knows no PKCE"]


@in_loop
async def test_a_network_of_others_is_ignored_and_that_is_noted() -> None:
    stage = await open_stage()
    await tokens(stage, {"network_id": "9d1e0c44-1f7e-4f7a-8c55-7b7a2f0e6c10"})
    assert not any(found.request.facts.notes for found in stage.recorder.select())
    await tokens(stage, {"network_id": "another"})
    noted = {note for found in stage.recorder.select() for note in found.request.facts.notes}
    assert noted == {"network_id was ignored: the person does not belong to that network"}


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


def test_scopes_are_the_documented_ones() -> None:
    assert len(SCOPES) == len(set(SCOPES)) == 26
    assert {"personal", "all", "read_events", "write_locked_profiles", "read_netKeys", "write_live"} <= set(SCOPES)


@in_loop
async def test_an_issuer_can_be_set() -> None:
    stage = await open_stage(issuer="https://login.example")
    assert json.loads(_parts((await tokens(stage))["access_token"])[1])["iss"] == "https://login.example"
