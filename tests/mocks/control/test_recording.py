"""What crossed the wire, asked for by provider, endpoint and number."""

# ruff: noqa: D103 - the names are sentences

import httpx2
import pytest

from sparring.mocks.control.interface import Control
from tests.mocks.control.asking import ask_token, call_api, ingest

pytestmark = pytest.mark.anyio


async def test_exchanges_are_raw_numbered_and_in_order(control: Control, http: httpx2.AsyncClient) -> None:
    stage = await control.open_stage({"providers": ["ingest"]})
    answer = await ask_token(http, stage, scope="read_videos")
    await call_api(http, stage, answer.json()["access_token"])
    token, api = await control.recording(stage["id"])
    assert (token["n"], token["provider"], token["endpoint"]) == (1, "ingest", "token")
    assert (token["method"], token["url"]) == ("POST", ingest(stage)["endpoints"]["token"])
    assert "scope=read_videos" in token["body"]
    assert ["content-type", "application/x-www-form-urlencoded"] in token["headers"]
    assert (token["status"], token["response_body"]) == (200, answer.text)
    assert dict(token["response_headers"]) == dict(answer.headers)
    assert token["rule"].startswith("ingest/token/")
    assert token["facts"]["grant"] == "client_credentials"
    assert (api["n"], api["endpoint"], api["connection"]) == (2, "api", token["connection"])
    assert api["facts"]["presented"][0]["fp"] == token["facts"]["issued"][0]["fp"]
    assert 0 <= token["elapsed"] <= api["elapsed"] < 60
    assert token["at"] <= api["at"]


async def test_it_is_narrowed_by_provider_endpoint_and_number(control: Control, http: httpx2.AsyncClient) -> None:
    stage = await control.open_stage({"providers": ["ingest", "clickview"]})
    await ask_token(http, stage)
    await http.get(stage["providers"]["clickview"]["endpoints"]["api"])
    await http.post(stage["decoy_url"] + "/token", data={"a": "b"})
    await ask_token(http, stage)

    async def numbers(provider: str | None = None, endpoint: str | None = None, since: int = 0) -> list[int]:
        return [found["n"] for found in await control.recording(stage["id"], provider, endpoint, since)]

    assert await numbers() == [1, 2, 3, 4]
    assert await numbers("ingest") == [1, 4]
    assert await numbers("clickview") == [2]
    assert await numbers("decoy") == [3]
    assert await numbers(endpoint="token") == [1, 4]
    assert await numbers("clickview", "token") == []
    assert await numbers(since=2) == [3, 4]
    assert await numbers("ingest", "token", 1) == [4]
    assert await numbers(since=4) == []


async def test_forgotten_exchanges_keep_their_numbers(control: Control, http: httpx2.AsyncClient) -> None:
    stage = await control.open_stage({"providers": ["ingest"]})
    await ask_token(http, stage)
    await control.clear_recording(stage["id"])
    assert await control.recording(stage["id"]) == []
    await ask_token(http, stage)
    assert [found["n"] for found in await control.recording(stage["id"])] == [2]


async def test_a_body_that_is_no_text_is_told_in_base64(control: Control, http: httpx2.AsyncClient) -> None:
    stage = await control.open_stage({"providers": ["ingest"]})
    await http.post(ingest(stage)["endpoints"]["token"], content=b"\xff\x00")
    assert (await control.recording(stage["id"]))[0]["body"] == {"base64": "/wA="}


async def test_a_redacted_recording_has_fingerprints_for_secrets(control: Control, http: httpx2.AsyncClient) -> None:
    stage = await control.open_stage({"providers": ["ingest"]})
    secret = ingest(stage)["client_secret"]
    token = (await ask_token(http, stage)).json()["access_token"]
    await call_api(http, stage, token)
    await ask_token(http, stage, client_secret="a wrong one, and quite long")
    raw, redacted = await control.recording(stage["id"]), await control.recording(stage["id"], redacted=True)
    assert secret in str(raw)
    assert token in str(raw)
    for private in (secret, token, "quite+long", "quite long"):
        assert private not in str(redacted)
    label = f"access_token:{raw[0]['facts']['issued'][0]['fp']}"
    assert ["authorization", f"Bearer {label}"] in redacted[1]["headers"]
    assert label in redacted[0]["response_body"]
    assert [found["rule"] for found in redacted] == [found["rule"] for found in raw]
    assert await control.recording(stage["id"], endpoint="api", redacted=True) == redacted[1:2]


async def test_an_archive_has_every_exchange_and_no_secret(control: Control, http: httpx2.AsyncClient) -> None:
    stage = await control.open_stage({"providers": ["ingest"]})
    token = (await ask_token(http, stage)).json()["access_token"]
    await call_api(http, stage, token)
    document = await control.har(stage["id"])
    assert [entry["response"]["status"] for entry in document["log"]["entries"]] == [200, 200]
    assert token not in str(document)
    assert ingest(stage)["client_secret"] not in str(document)
    assert len((await control.har(stage["id"], endpoint="api"))["log"]["entries"]) == 1
