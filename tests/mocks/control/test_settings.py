"""A stage looked at, and its providers changed while they run."""

# ruff: noqa: D103 - the names are sentences

import httpx2
import pytest

from sparring.mocks.control.interface import Control
from tests.mocks.control.asking import ask_token, complaint

pytestmark = pytest.mark.anyio
BOTH = {"providers": ["ingest", "movingimage"]}


async def test_one_stage_is_described_as_it_was_when_it_opened(control: Control) -> None:
    stage = await control.open_stage(BOTH)
    assert await control.describe(stage["id"]) == stage
    assert await complaint(control.describe("none")) == (404, "there is no stage 'none'")


async def test_lifetimes_change_for_tokens_to_come(control: Control, http: httpx2.AsyncClient) -> None:
    stage = await control.open_stage(BOTH)
    usual = stage["providers"]["ingest"]["lifetimes"]
    assert usual["access_token"] == 86_400
    told = await control.settle(stage["id"], "ingest", {"lifetimes": {"access_token": 9}})
    assert told == stage["providers"]["ingest"] | {"lifetimes": {**usual, "access_token": 9}}
    assert (await ask_token(http, stage)).json()["expires_in"] == "9"
    now = await control.describe(stage["id"])
    assert now["providers"] == stage["providers"] | {"ingest": told}
    await control.reset(stage["id"])
    assert await control.describe(stage["id"]) == stage
    assert (await ask_token(http, stage)).json()["expires_in"] == "86400"


async def test_a_variant_changes_and_what_is_left_out_stays(control: Control) -> None:
    stage = (await control.open_stage(BOTH))["id"]
    await control.settle(stage, "movingimage", {"lifetimes": {"code": 5}})
    told = await control.settle(stage, "movingimage", {"variant": "rotating"})
    assert (told["variant"], told["lifetimes"]["code"]) == ("rotating", 5)
    assert await control.settle(stage, "movingimage", {}) == told


async def test_settings_that_cannot_be_change_nothing(control: Control) -> None:
    stage = await control.open_stage(BOTH)
    at = stage["id"]
    wish = {"variant": "rotatin", "lifetimes": {"code": 5}}
    said = (400, "unknown variant 'rotatin' of movingimage; did you mean 'rotating'?")
    assert await complaint(control.settle(at, "movingimage", wish)) == said
    said = (400, "unknown member 'varaint' in the settings of a provider; did you mean 'variant'?")
    assert await complaint(control.settle(at, "movingimage", {"varaint": "rotating"})) == said
    said = (404, f"stage {at!r} has no provider 'rotor'")
    assert await complaint(control.settle(at, "rotor", {})) == said
    assert await control.describe(at) == stage
