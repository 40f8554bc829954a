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
