"""Whatever is sent, the answer is one that Ingest has."""

# ruff: noqa: D103 - the names are sentences

import asyncio
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sparring.mocks.providers.ingest import SCOPES
from sparring.mocks.stage import Stage
from tests.mocks.providers.ingest.talk import ACCEPT, tokens
from tests.mocks.stages import ask, in_loop, open_stage, request

NETWORK = "9d1e0c44-1f7e-4f7a-8c55-7b7a2f0e6c10"
JSON = ("content-type", "application/json")
BODIES = st.binary(max_size=40) | st.sampled_from(
    [b"[" * 50_000, b'{"id":"\\ud800"}', b'{"title":null}', b'{"role_ids":{}}', b'{"client_secret":1,"scopes":[[]]}']
)
TARGETS = st.sampled_from(
    [
        ("POST", "/live"),
        ("LINK", f"/networks/{NETWORK}"),
        ("UNLINK", f"/networks/{NETWORK}"),
        ("POST", f"/networks/{NETWORK}/invite"),
        ("PUT", "/users/7a9f3f1e-2f64-4c7e-9a83-1f5d0b6e8c21/roles"),
        ("POST", "/api/clients/IngestNetwork123/token"),
        ("GET", "/videos"),
    ]
)
HEADERS = st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=126), max_size=30) | st.sampled_from(
    ["items=0-", "items=-1", "items=999999999-999999999", "items=1-0", "bytes=0-1", 'W/"x"', "*", ",", '"']
)


async def _ready() -> tuple[Stage, str]:
    stage = await open_stage()
    return stage, (await tokens(stage, {"scope": "all"}))["access_token"]


@settings(max_examples=150, deadline=None, derandomize=True)
@given(asked=TARGETS, body=BODIES, range_=HEADERS, tag=HEADERS)
def test_any_body_and_any_range_is_answered(asked: tuple[str, str], body: bytes, range_: str, tag: str) -> None:
    async def run() -> None:
        stage, token = await _ready()
        headers = (("authorization", f"Bearer {token}"), JSON, ("range", range_), ("if-none-match", tag))
        answer = await ask(stage, request(*asked, ACCEPT, *headers, body=body))
        assert answer.status in {200, 204, 206, 304, 400, 404, 416}, answer

    asyncio.run(run())


@pytest.mark.parametrize("attributes", [{}, {"network": ""}, {"network": ","}, {"team": "x"}, {"network": "a,"}])
def test_a_person_without_a_network_can_sign_in_all_the_same(attributes: dict[str, str]) -> None:
    @in_loop
    async def run() -> None:
        stage = await open_stage()
        house = stage.houses["ingest"]
        await house.desk.store.put("ada", replace(house.users[0], attributes=attributes))
        assert (await tokens(stage))["scope"] == "read_videos,write_videos"

    run()


def test_scopes_are_the_documented_ones() -> None:
    assert len(SCOPES) == len(set(SCOPES)) == 26
    assert {"personal", "all", "read_events", "write_locked_profiles", "read_netKeys", "write_live"} <= set(SCOPES)
