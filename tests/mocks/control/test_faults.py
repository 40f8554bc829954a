"""Faults on stage: put on, counted, taken off, asked for by the user agent."""

# ruff: noqa: D103 - the names are sentences

from typing import Any

import httpx2
import pytest

from sparring.mocks.control.interface import Control
from tests.mocks.control.asking import ask_token, complaint

pytestmark = pytest.mark.anyio
ONE = {"providers": ["ingest"]}
OUTAGE = {"match": {"endpoint": "token"}, "effect": {"kind": "replace", "status": 503, "body": {"error": "busy"}}}


async def test_a_fault_fires_as_often_as_it_says_and_is_counted(control: Control, http: httpx2.AsyncClient) -> None:
    stage = await control.open_stage(ONE)
    added = await control.add_fault(stage["id"], {**OUTAGE, "id": "outage", "times": 2})
    assert added["id"] == "outage"
    assert added["times"] == 2
    assert added["match"] == {"endpoint": "token"}
    assert await control.faults(stage["id"]) == [{**added, "fired": 0}]
    assert [(await ask_token(http, stage)).status_code for _ in range(3)] == [503, 503, 200]
    assert await control.faults(stage["id"]) == [{**added, "fired": 2}]
    facts = [exchange["facts"].get("faults") for exchange in await control.recording(stage["id"])]
    assert facts == [["outage"], ["outage"], None]


async def test_a_fault_without_an_id_is_given_one_and_fires_once(control: Control, http: httpx2.AsyncClient) -> None:
    stage = await control.open_stage(ONE)
    ids = [(await control.add_fault(stage["id"], OUTAGE))["id"] for _ in range(2)]
    assert len(set(ids)) == 2
    await control.remove_faults(stage["id"], ids[1])
    assert [fault["id"] for fault in await control.faults(stage["id"])] == ids[:1]
    assert [(await ask_token(http, stage)).status_code for _ in range(2)] == [503, 200]


async def test_a_fault_that_was_taken_off_does_not_fire(control: Control, http: httpx2.AsyncClient) -> None:
    stage = await control.open_stage(ONE)
    await control.add_fault(stage["id"], {**OUTAGE, "times": None})
    assert (await ask_token(http, stage)).status_code == 503
    await control.remove_faults(stage["id"])
    assert await control.faults(stage["id"]) == []
    assert (await ask_token(http, stage)).status_code == 200
    await control.remove_faults(stage["id"])  # nothing there: nothing to complain about


async def test_a_fault_of_one_stage_is_none_of_anothers(control: Control, http: httpx2.AsyncClient) -> None:
    one, other = [await control.open_stage(ONE) for _ in range(2)]
    await control.add_fault(one["id"], {**OUTAGE, "times": None})
    assert [(await ask_token(http, stage)).status_code for stage in (one, other)] == [503, 200]


async def test_what_the_user_agent_shall_do_is_told_when_it_asks(control: Control) -> None:
    stage = (await control.open_stage(ONE))["id"]
    await control.add_fault(stage, {"id": "no", "match": {"endpoint": "consent"}, "effect": {"kind": "person-denies"}})
    await control.add_fault(stage, OUTAGE)
    assert await control.fire(stage, "ingest", "login") == []
    assert [fault["id"] for fault in await control.fire(stage, "ingest", "consent")] == ["no"]
    assert await control.fire(stage, "ingest", "consent") == []
    assert [fault["fired"] for fault in await control.faults(stage)] == [1, 0]


@pytest.mark.parametrize("name", ["a", "a b/c?d#e", "é"])
async def test_a_fault_may_have_any_id(control: Control, name: str) -> None:
    stage = (await control.open_stage(ONE))["id"]
    await control.add_fault(stage, {**OUTAGE, "id": name})
    taken = await complaint(control.add_fault(stage, {**OUTAGE, "id": name}))
    assert taken == (400, f"a fault with the id {name!r} is on stage already")
    await control.remove_faults(stage, name)
    assert await complaint(control.remove_faults(stage, name)) == (404, f"there is no fault {name!r} on stage")


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        ({}, 'a fault needs an "effect" object with a "kind"'),
        ({"effect": {"kind": "replcae"}}, "unknown effect kind 'replcae'; did you mean 'replace'?"),
        ({"effect": {"kind": "hang"}, "time": 1}, "unknown member 'time' in a fault; did you mean 'times'?"),
        ({"effect": {"kind": "hang"}, "times": 0}, '"times" of a fault is a number from 1 up, or null for always'),
        ({"effect": {"kind": "hang"}, "match": {"when": "later"}}, '"when" of a match is "before" or "after"'),
        (
            {"effect": {"kind": "hang"}, "match": {"endpont": "token"}},
            "unknown member 'endpont' in the match of a fault; did you mean 'endpoint'?",
        ),
        (
            {"effect": {"kind": "replace", "statsu": 1}},
            "unknown member 'statsu' in the effect 'replace'; did you mean 'status'?",
        ),
    ],
)
async def test_a_fault_that_cannot_be_read_is_refused_in_one_sentence(
    control: Control, fault: dict[str, Any], sentence: str
) -> None:
    stage = (await control.open_stage(ONE))["id"]
    assert await complaint(control.add_fault(stage, fault)) == (400, sentence)
    assert await control.faults(stage) == []


async def test_a_scenario_is_put_on_stage_once(control: Control, http: httpx2.AsyncClient) -> None:
    stage = await control.open_stage(ONE)
    put = await control.put_on(stage["id"], "token-error-with-200")
    assert put["id"] == "token-error-with-200"
    assert [fault["id"] for fault in put["faults"]] == [fault["id"] for fault in await control.faults(stage["id"])]
    answer = await ask_token(http, stage)
    assert (answer.status_code, "error" in answer.json()) == (200, True)
    status, sentence = await complaint(control.put_on(stage["id"], "token-error-with-200"))
    assert (status, "is on stage already" in sentence) == (409, True)
    status, sentence = await complaint(control.put_on(stage["id"], "token-error-with-20"))
    assert (status, "did you mean 'token-error-with-200'" in sentence) == (404, True)
    await control.reset(stage["id"])
    assert (await ask_token(http, stage)).json()["token_type"] == "Bearer"
