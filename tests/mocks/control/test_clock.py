"""A stage's clock: advanced, set, frozen, let run."""

# ruff: noqa: D103 - the names are sentences

import math
from email.utils import parsedate_to_datetime

import httpx2
import pytest

from sparring.mocks.control.interface import Control
from tests.mocks.control.asking import ask_token, call_api, complaint, ingest

pytestmark = pytest.mark.anyio
ONE = {"providers": ["ingest"]}


async def test_a_frozen_clock_shows_what_it_was_set_to(control: Control) -> None:
    stage = (await control.open_stage(ONE))["id"]
    assert (await control.clock(stage))["frozen"] is False
    now = (await control.move_clock(stage, "freeze"))["now"]
    assert await control.clock(stage) == {"now": now, "frozen": True}
    assert await control.move_clock(stage, "advance", 86_400) == {"now": now + 86_400, "frozen": True}
    assert await control.move_clock(stage, "set", 12.5) == {"now": 12.5, "frozen": True}
    assert await control.move_clock(stage, "advance", -2) == {"now": 10.5, "frozen": True}
    running = await control.move_clock(stage, "resume")
    assert running["frozen"] is False
    assert 10.5 <= running["now"] < 20


async def test_time_that_passes_ends_a_tokens_life(control: Control, http: httpx2.AsyncClient) -> None:
    stage = await control.open_stage(ONE)
    token = (await ask_token(http, stage)).json()["access_token"]
    assert await call_api(http, stage, token) == 200
    await control.move_clock(stage["id"], "advance", 86_399)
    assert await call_api(http, stage, token) in {200, 401}  # a second may have passed by itself
    await control.move_clock(stage["id"], "advance", 1)
    assert await call_api(http, stage, token) == 401


async def test_clocks_of_two_stages_are_two_clocks(control: Control) -> None:
    one, other = [(await control.open_stage(ONE))["id"] for _ in range(2)]
    await control.move_clock(one, "set", 1_000)
    assert (await control.clock(one))["now"] < 2_000
    assert (await control.clock(other))["now"] > 1_700_000_000


@pytest.mark.parametrize("at", [0, 253_402_300_799])
async def test_answers_bear_any_date_that_can_be_written(control: Control, http: httpx2.AsyncClient, at: int) -> None:
    stage = await control.open_stage(ONE)
    await control.move_clock(stage["id"], "freeze")
    await control.move_clock(stage["id"], "set", at)
    answer = await http.get(ingest(stage)["endpoints"]["api"])
    assert parsedate_to_datetime(answer.headers["date"]).timestamp() == at


@pytest.mark.parametrize("seconds", [-1, 253_402_300_800, 10**400, 1e300])
async def test_a_time_that_no_header_can_bear_is_refused(control: Control, seconds: float) -> None:
    stage = (await control.open_stage(ONE))["id"]
    sentence = "a clock shows times from 1970 to 9999"
    assert await complaint(control.move_clock(stage, "set", seconds)) == (400, sentence)
    await control.move_clock(stage, "set", 0)
    await control.move_clock(stage, "freeze")
    assert await complaint(control.move_clock(stage, "advance", seconds)) == (400, sentence)
    assert (await control.clock(stage))["now"] < 60


@pytest.mark.parametrize("seconds", [None, "1", True, [1]])
@pytest.mark.parametrize("how", ["advance", "set"])
async def test_seconds_are_a_number(control: Control, how: str, seconds: float | None) -> None:
    stage = (await control.open_stage(ONE))["id"]
    assert await complaint(control.move_clock(stage, how, seconds)) == (400, '"seconds" is a number')


async def test_seconds_are_finite(control: Control) -> None:
    if type(control).__name__ == "HttpControl":
        pytest.skip("JSON has no word for these")
    stage = (await control.open_stage(ONE))["id"]
    for seconds in (math.nan, math.inf, -math.inf):
        assert (await complaint(control.move_clock(stage, "set", seconds)))[0] == 400


async def test_a_clock_knows_four_verbs(control: Control) -> None:
    stage = (await control.open_stage(ONE))["id"]
    said = "a clock can advance, set, freeze and resume, not 'stop'"
    assert await complaint(control.move_clock(stage, "stop")) == (404, said)
