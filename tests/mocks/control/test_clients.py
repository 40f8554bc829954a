"""Registered clients, changed and added; tokens withdrawn."""

# ruff: noqa: D103 - the names are sentences

from typing import Any

import httpx2
import pytest

from sparring.mocks.control.interface import Control
from tests.mocks.control.asking import ask_token, call_api, complaint, ingest

pytestmark = pytest.mark.anyio
ONE = {"providers": ["ingest"]}
KNOWN = "IngestNetwork123"


async def test_clients_are_told_with_their_secrets(control: Control) -> None:
    stage = await control.open_stage(ONE)
    client = (await control.clients(stage["id"], "ingest"))[0]
    assert client["client_id"] == ingest(stage)["client_id"] == KNOWN
    assert client["secret"] == ingest(stage)["client_secret"]
    assert list(client["redirect_uris"]) == ingest(stage)["redirect_uris"]
    assert client["grants"] == ["authorization_code", "client_credentials", "refresh_token"]
    assert client["enabled"] is True


async def test_a_changed_secret_is_the_one_that_counts(control: Control, http: httpx2.AsyncClient) -> None:
    stage = await control.open_stage(ONE)
    before = (await control.clients(stage["id"], "ingest"))[0]
    after = await control.change_client(stage["id"], "ingest", KNOWN, {"secret": "new"})
    assert after == {**before, "secret": "new"}
    assert (await ask_token(http, stage)).status_code == 401
    assert (await ask_token(http, stage, client_secret="new")).status_code == 200


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"enabled": False}, "invalid_client"),
        ({"scopes": ["read_videos"]}, "invalid_scope"),
        ({"grants": ["authorization_code"]}, "unauthorized_client"),
        ({"secret": None}, "invalid_client"),
    ],
)
async def test_whatever_a_client_may_no_longer_do_is_refused(
    control: Control, http: httpx2.AsyncClient, change: dict[str, Any], error: str
) -> None:
    stage = await control.open_stage(ONE)
    assert (await ask_token(http, stage)).status_code == 200
    await control.change_client(stage["id"], "ingest", KNOWN, change)
    assert (await ask_token(http, stage)).json()["error"] == error


async def test_a_new_id_registers_a_client(control: Control, http: httpx2.AsyncClient) -> None:
    stage = await control.open_stage(ONE)
    wanted = {"secret": "s", "name": "New", "scopes": ["read_videos"], "grants": ["client_credentials"]}
    made = await control.change_client(stage["id"], "ingest", "new-one", wanted)
    assert (made["client_id"], made["name"], made["enabled"]) == ("new-one", "New", True)
    assert {KNOWN, "new-one"} <= {client["client_id"] for client in await control.clients(stage["id"], "ingest")}
    answer = await ask_token(http, stage, client_id="new-one", client_secret="s", scope="read_videos")
    assert answer.json()["scope"] == "read_videos"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"sercet": "x"}, "unknown member 'sercet' in a client; did you mean 'secret'?"),
        ({"enabled": "no"}, "a client: Expected `bool`, got `str` - at `$.enabled`"),
        ({"redirect_uris": "x"}, "a client: Expected `array`, got `str` - at `$.redirect_uris`"),
    ],
)
async def test_a_change_that_cannot_be_read_changes_nothing(
    control: Control, change: dict[str, Any], sentence: str
) -> None:
    stage = (await control.open_stage(ONE))["id"]
    before = await control.clients(stage, "ingest")
    assert await complaint(control.change_client(stage, "ingest", KNOWN, change)) == (400, sentence)
    assert await control.clients(stage, "ingest") == before


async def test_revoked_access_tokens_are_refused(control: Control, http: httpx2.AsyncClient) -> None:
    stage = await control.open_stage(ONE)
    tokens = [(await ask_token(http, stage)).json()["access_token"] for _ in range(2)]
    assert await control.revoke(stage["id"], "ingest", "refresh_token") == 0
    assert [await call_api(http, stage, token) for token in tokens] == [200, 200]
    assert await control.revoke(stage["id"], "ingest", "access_token") == 2
    assert [await call_api(http, stage, token) for token in tokens] == [401, 401]
    (fact,) = (await control.recording(stage["id"]))[-1]["facts"]["presented"]
    assert fact["reason"] == "revoked"
    fresh = (await ask_token(http, stage)).json()["access_token"]
    assert await control.revoke(stage["id"], "ingest") == 1
    assert await call_api(http, stage, fresh) == 401


async def test_a_kind_of_token_that_there_is_not(control: Control) -> None:
    stage = (await control.open_stage(ONE))["id"]
    said = '"kind" is access_token, refresh_token, or left out for both'
    assert await complaint(control.revoke(stage, "ingest", "id_token")) == (400, said)


async def test_a_provider_that_is_not_on_stage(control: Control) -> None:
    stage = (await control.open_stage(ONE))["id"]
    said = (404, f"stage {stage!r} has no provider 'clickview'")
    assert await complaint(control.clients(stage, "clickview")) == said
    assert await complaint(control.change_client(stage, "clickview", "x", {"secret": "y"})) == said
    assert await complaint(control.revoke(stage, "clickview")) == said


async def test_everything_that_a_form_would_ask_for_can_be_set(control: Control, http: httpx2.AsyncClient) -> None:
    stage = await control.open_stage(ONE)
    wanted = {
        "name": "My Player",
        "secret": "s",
        "redirect_uris": ["https://player.example/cb", "http://127.0.0.1/cb"],
        "scopes": ["read_videos"],
        "grants": ["client_credentials"],
        "enabled": True,
        "consent": True,
        "lifetimes": {"access_token": 7},
    }
    made = await control.change_client(stage["id"], "ingest", "player", wanted)
    assert made == wanted | {"client_id": "player", "public": False}
    assert made in await control.clients(stage["id"], "ingest")
    mine = (await ask_token(http, stage, client_id="player", client_secret="s", scope="read_videos")).json()
    assert mine["expires_in"] == "7"
    assert (await ask_token(http, stage)).json()["expires_in"] == "86400"
    assert (await control.mint(stage["id"], "ingest", {"client_id": "player"}))["expires_in"] == 7
    await control.change_client(stage["id"], "ingest", "player", {"lifetimes": {}})
    assert (await control.mint(stage["id"], "ingest", {"client_id": "player"}))["expires_in"] == 86_400


async def test_a_token_lives_as_long_as_its_client_says(control: Control, http: httpx2.AsyncClient) -> None:
    stage = await control.open_stage(ONE)
    await control.move_clock(stage["id"], "freeze")
    await control.change_client(stage["id"], "ingest", KNOWN, {"lifetimes": {"access_token": 7}})
    token = (await ask_token(http, stage)).json()["access_token"]
    await control.move_clock(stage["id"], "advance", 6)
    assert await call_api(http, stage, token) == 200
    await control.move_clock(stage["id"], "advance", 1)
    assert await call_api(http, stage, token) == 401


async def test_a_client_becomes_public_and_confidential_again(control: Control, http: httpx2.AsyncClient) -> None:
    stage = await control.open_stage(ONE)
    public = await control.change_client(stage["id"], "ingest", KNOWN, {"public": True})
    assert (public["secret"], public["public"]) == (None, True)
    assert (await ask_token(http, stage)).json()["error"] == "invalid_client"
    closed = await control.change_client(stage["id"], "ingest", KNOWN, {"public": False})
    assert len(closed["secret"]) == 40
    assert (await ask_token(http, stage, client_secret=closed["secret"])).status_code == 200
    again = await control.change_client(stage["id"], "ingest", KNOWN, {"public": False, "name": "N"})
    assert (again["secret"], again["name"]) == (closed["secret"], "N")
    said = (400, "a public client has no secret")
    assert await complaint(control.change_client(stage["id"], "ingest", KNOWN, {"public": True, "secret": "x"})) == said


async def test_movingimage_asks_people_where_the_client_wants_it(control: Control, http: httpx2.AsyncClient) -> None:
    stage = await control.open_stage({"providers": ["movingimage"]})
    info = stage["providers"]["movingimage"]
    told = (await control.clients(stage["id"], "movingimage"))[0]
    assert told["consent"] is False
    changed = await control.change_client(stage["id"], "movingimage", info["client_id"], {"consent": True})
    assert changed == told | {"consent": True}


async def test_a_lifetime_that_the_provider_does_not_know_is_refused(control: Control) -> None:
    stage = (await control.open_stage({"providers": ["ingest", "clickview"]}))["id"]
    said = (400, "unknown lifetime 'acces_token' of ingest; did you mean 'access_token'?")
    assert await complaint(control.change_client(stage, "ingest", KNOWN, {"lifetimes": {"acces_token": 1}})) == said
    assert await complaint(control.settle(stage, "ingest", {"lifetimes": {"acces_token": 1}})) == said
    status, sentence = await complaint(control.change_client(stage, "ingest", KNOWN, {"lifetimes": {"code": "1"}}))
    assert (status, sentence) == (400, "a client: Expected `int`, got `str` - at `$.lifetimes[...]`")
    assert await complaint(control.change_client(stage, "decoy", "x", {"lifetimes": {"code": 1}})) == (
        400,
        "unknown lifetime 'code' of decoy; it has none",
    )
