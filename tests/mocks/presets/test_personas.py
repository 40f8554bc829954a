"""Clients and users whose names say what they are for."""

# ruff: noqa: D103 - the names are sentences

import base64
import json
from typing import Any

import pytest

from sparring.mocks.engine.clients import Client
from sparring.mocks.engine.messages import Answer
from sparring.mocks.engine.users import password_matches
from sparring.mocks.providers import NAMES, load
from sparring.mocks.stage import Stage, describe
from tests.mocks.stages import Wall, ask, in_loop, open_stage, request

WITH_LOGIN = ("movingimage", "panopto", "ingest")
WITH_CLIENT_CREDENTIALS = ("rotor", "clickview", "ingest")


def persona(provider: str, client_id: str) -> Client:
    (found,) = [client for client in load(provider).persona_clients if client.client_id == client_id]
    return found


async def token(stage: Stage, provider: str, client: Client) -> Answer:
    known = load(provider)
    form = {"grant_type": "client_credentials", "client_id": client.client_id, "client_secret": client.secret or ""}
    form |= {"scope": known.scope} if known.scope else {}
    return await ask(stage, request("POST", known.endpoints["token"], form=form), provider)


@pytest.mark.parametrize("provider", NAMES)
@in_loop
async def test_they_come_after_the_default_ones_and_only_where_wanted(provider: str) -> None:
    plain, full = await open_stage(provider), await open_stage(provider, personas=True)
    without, told = (describe(stage)["providers"][provider] for stage in (plain, full))
    assert told["client_id"] == without["client_id"] == told["clients"][0]["client_id"]
    assert told["users"][: len(without["users"])] == without["users"]
    assert {"suspended", "short-lived-tokens"} <= {client["client_id"] for client in told["clients"]}
    assert bool(told["users"]) == (provider in WITH_LOGIN)
    if told["users"]:
        assert {"denies", "locked"} <= {user["username"] for user in told["users"]}
    ids = [client["client_id"] for client in told["clients"]]
    assert len(set(ids)) == len(ids)
    people = [user.subject for user in full.houses[provider].users]
    assert len(set(people)) == len(people)


@pytest.mark.parametrize("provider", WITH_CLIENT_CREDENTIALS)
@in_loop
async def test_a_suspended_client_is_refused(provider: str) -> None:
    stage = await open_stage(provider, personas=True)
    answer = await token(stage, provider, persona(provider, "suspended"))
    assert json.loads(answer.body)["error"] == "invalid_client"
    assert answer == await token(stage, provider, Client(client_id="nobody", secret="x", name="x"))


@pytest.mark.parametrize("provider", WITH_CLIENT_CREDENTIALS)
@in_loop
async def test_short_lived_tokens_say_so_and_are_so(provider: str) -> None:
    wall = Wall()
    stage = await open_stage(provider, personas=True, wall=wall)
    client, known = persona(provider, "short-lived-tokens"), load(provider)
    body = json.loads((await token(stage, provider, client)).body)
    assert int(body["expires_in"]) == client.lifetimes["access_token"] == 60
    issued = stage.recorder.select()[-1].request.facts.issued
    assert issued[0]["expires_at"] == wall.seconds + 60
    usual = json.loads((await token(stage, provider, known.clients[0])).body)
    assert int(usual["expires_in"]) == known.lifetimes["access_token"]


@in_loop
async def test_a_client_by_basic_header_has_its_lifetimes_too() -> None:
    stage = await open_stage("rotor", personas=True)
    client = persona("rotor", "short-lived-tokens")
    pair = base64.b64encode(f"{client.client_id}:{client.secret}".encode()).decode()
    asked = request(
        "POST", "/oauth/token", ("authorization", f"Basic {pair}"), form={"grant_type": "client_credentials"}
    )
    assert json.loads((await ask(stage, asked, "rotor")).body)["expires_in"] == 60


@pytest.mark.parametrize("provider", WITH_LOGIN)
def test_nothing_opens_a_locked_account(provider: str) -> None:
    people = {user.username: user for user in load(provider).persona_users}
    assert people["locked"].locked
    assert not password_matches(people["locked"], people["locked"].password)
    assert password_matches(people["denies"], people["denies"].password)


async def ingest_page(stage: Stage, form: dict[str, str] | None = None) -> Answer:
    target = "/authorize?response_type=code&client_id=IngestNetwork123&scope=read_videos"
    return await ask(stage, request("GET" if form is None else "POST", target, form=form))


@in_loop
async def test_the_locked_one_is_told_what_a_wrong_password_is_told() -> None:
    stage = await open_stage("ingest", personas=True)
    answer = await ingest_page(stage, {"login": "locked", "password": "locked-spars-here"})
    assert answer.rule.id == "ingest/authorize/sign-in-wrong"
    assert (await ingest_page(stage, {"login": "denies", "password": "denies-spars-here"})).status == 302


def sign_in_target(provider: str) -> str:
    known = load(provider)
    client = known.clients[0]
    target = f"{known.endpoints['authorize']}?response_type=code&client_id={client.client_id}&scope={known.scope}"
    return f"{target}&redirect_uri={client.redirect_uris[0]}&nonce=n&state=s".replace(" ", "%20")


@pytest.mark.parametrize("provider", WITH_LOGIN)
@in_loop
async def test_the_sign_in_page_lists_them(provider: str) -> None:
    stage = await open_stage(provider, personas=True)
    answer: Any = await ask(stage, request("GET", sign_in_target(provider)), provider)
    if answer.status == 302:
        cookies = "; ".join(value.partition(";")[0] for name, value in answer.headers if name == "Set-Cookie")
        path = "/" + answer.header("Location").split("/", 3)[3]
        answer = await ask(stage, request("GET", path, ("cookie", cookies)), provider)
    page = answer.body.decode()
    for user in stage.houses[provider].users:
        assert f'data-persona="{user.username}"' in page
