"""A recording saved as a scenario, put on another stage: what went wrong goes wrong again."""

# ruff: noqa: D103 - the names are sentences

import json
from collections.abc import Mapping
from typing import Any

import httpx2
import pytest

from sparring.mocks.control.interface import Control
from tests.mocks.control.asking import ask_token, call_api, complaint, ingest

pytestmark = pytest.mark.anyio
START = 1_800_000_000
ONE = {"providers": ["ingest"]}
LOST: dict[str, Any] = {
    "id": "lost",
    "match": {"provider": "ingest", "endpoint": "token", "attempt": 2, "when": "after"},
    "effect": {"kind": "close"},
    "times": 1,
}
Line = tuple[Any, ...]


async def opened(control: Control, **wishes: Any) -> Mapping[str, Any]:
    """A stage whose clock stands still."""
    stage = await control.open_stage({"providers": ["ingest"], "seed": 5, **wishes})
    await control.move_clock(stage["id"], "freeze")
    await control.move_clock(stage["id"], "set", START)
    return stage


async def told(control: Control, stage: Mapping[str, Any]) -> list[Line]:
    """What came of each exchange, in order."""
    found = await control.recording(stage["id"])
    return [(e["status"], e["rule"], e["facts"].get("faults", []), e["response_body"]) for e in found]


async def three_tokens(http: httpx2.AsyncClient, stage: Mapping[str, Any]) -> list[str]:
    """Three token requests, and what became of them."""
    seen = []
    for _ in range(3):
        try:
            seen.append(str((await ask_token(http, stage)).status_code))
        except httpx2.TransportError as error:
            seen.append(type(error).__name__)
    return seen


async def test_a_document_has_all_that_it_takes(control: Control, http: httpx2.AsyncClient) -> None:
    stage = await opened(control, lifetimes={"ingest": {"access_token": 60}}, origins=["https://app.example"])
    await control.settle(stage["id"], "ingest", {"lifetimes": {"code": 5}})
    await control.add_fault(stage["id"], LOST)
    await control.add_fault(stage["id"], {"id": "idle", "effect": {"kind": "hang"}, "match": {"endpoint": "none"}})
    assert await three_tokens(http, stage) == ["200", "RemoteProtocolError", "200"]
    document = await control.saved(stage["id"])
    good = {
        "provider": "ingest",
        "endpoint": "token",
        "method": "POST",
        "grant": "client_credentials",
        "status": 200,
        "rule": "ingest/token/application-token",
    }
    lost = {name: value for name, value in good.items() if name != "rule"} | {"status": None, "faults": ["lost"]}
    assert document == {
        "schema": 1,
        "id": f"saved-{stage['id']}",
        "title": "ingest: close",
        "stage": {
            "providers": ["ingest"],
            "seed": 5,
            "lifetimes": {"ingest": {"access_token": 60, "code": 5}},
            "origins": ["https://app.example"],
        },
        "clock": {"start": START, "frozen": True},
        "faults": [LOST],
        "recorded": [{"n": 1, **good}, {"n": 2, **lost}, {"n": 3, **good}],
    }


async def test_what_went_wrong_goes_wrong_again(control: Control, http: httpx2.AsyncClient) -> None:
    one = await opened(control)
    await control.add_fault(one["id"], LOST)
    seen = await three_tokens(http, one)
    document = await control.saved(one["id"])
    other = await control.open_stage({"scenario": json.loads(json.dumps(document))})
    assert await control.clock(other["id"]) == {"now": START, "frozen": True}
    assert await three_tokens(http, other) == seen
    assert await told(control, other) == await told(control, one)
    again = await control.saved(other["id"])
    assert {**again, "id": document["id"]} == document


async def test_a_fault_that_came_late_is_pinned_to_what_it_struck(control: Control, http: httpx2.AsyncClient) -> None:
    one = await opened(control)
    assert (await ask_token(http, one)).status_code == 200
    always = {"id": "busy", "match": {"endpoint": "token"}, "effect": {"kind": "unavailable"}, "times": None}
    await control.add_fault(one["id"], always)
    assert [(await ask_token(http, one)).status_code for _ in range(2)] == [503, 503]
    await control.remove_faults(one["id"])
    assert (await ask_token(http, one)).status_code == 200
    document = await control.saved(one["id"])
    match = {"provider": "ingest", "endpoint": "token", "grant": "client_credentials", "when": "before"}
    assert [(fault["id"], fault["match"], fault["times"]) for fault in document["faults"]] == [
        ("busy-1", match | {"attempt": 2}, 1),
        ("busy-2", match | {"attempt": 3}, 1),
    ]
    assert [line.get("faults") for line in document["recorded"]] == [None, ["busy-1"], ["busy-2"], None]
    other = await control.open_stage({"scenario": document})
    assert [(await ask_token(http, other)).status_code for _ in range(4)] == [200, 503, 503, 200]


async def test_a_fault_that_was_always_there_stays_as_it_was(control: Control, http: httpx2.AsyncClient) -> None:
    stage = await opened(control)
    always = {"id": "busy", "match": {"endpoint": "token"}, "effect": {"kind": "unavailable"}, "times": None}
    put = await control.add_fault(stage["id"], always)
    assert [(await ask_token(http, stage)).status_code for _ in range(2)] == [503, 503]
    assert (await control.saved(stage["id"]))["faults"] == [put]


async def test_time_revocations_and_keys_are_part_of_it(control: Control, http: httpx2.AsyncClient) -> None:
    one = await opened(control)
    at = one["id"]

    async def story(stage: Mapping[str, Any], act: Any) -> list[int]:
        token = (await ask_token(http, stage)).json()["access_token"]
        found = [await call_api(http, stage, token)]
        await act("advance")
        found.append(await call_api(http, stage, token))
        token = (await ask_token(http, stage)).json()["access_token"]
        await act("revoke")
        return [*found, await call_api(http, stage, token)]

    async def really(what: str) -> None:
        if what == "revoke":
            await control.revoke(at, "ingest", "access_token")
            return
        for seconds in (86_000, 400, 1):
            await control.move_clock(at, "advance", seconds)

    async def nothing(_what: str) -> None:
        return

    assert await story(one, really) == [200, 401, 401]
    document = await control.saved(at)
    assert [fault["effect"] for fault in document["faults"]] == [
        {"kind": "time-passes", "seconds": 86_401},
        {"kind": "revoke", "token": "access_token", "of": "all"},
    ]
    other = await control.open_stage({"scenario": document})
    assert await story(other, nothing) == [200, 401, 401]
    assert [line[:2] for line in await told(control, other)] == [line[:2] for line in await told(control, one)]
    assert (await control.clock(other["id"]))["now"] == (await control.clock(at))["now"]


async def test_nothing_private_is_in_it(control: Control, http: httpx2.AsyncClient) -> None:
    stage = await opened(control)
    info = ingest(stage)
    token = (await ask_token(http, stage)).json()["access_token"]
    leaking = {
        "match": {"endpoint": "token"},
        "effect": {"kind": "replace", "body": {"secret": info["client_secret"], "said": f"Bearer {token}"}},
    }
    await control.add_fault(stage["id"], leaking)
    await ask_token(http, stage)
    await call_api(http, stage, token)
    document = await control.saved(stage["id"])
    text = json.dumps(document)
    for private in (info["client_secret"], token, info["users"][0]["password"]):
        assert private not in text
    assert document["faults"][0]["effect"]["body"]["secret"].startswith("client_secret:")
    assert document["faults"][0]["effect"]["kind"] == "replace"


async def test_what_is_said_beside_the_scenario_counts_more(control: Control, http: httpx2.AsyncClient) -> None:
    one = await opened(control)
    await ask_token(http, one)
    document = await control.saved(one["id"])
    other = await control.open_stage({"scenario": document, "seed": 6, "id": "mine"})
    assert (other["id"], other["seed"], list(other["providers"])) == ("mine", 6, ["ingest"])


@pytest.mark.parametrize(
    ("document", "sentence"),
    [
        ({}, "a saved scenario: Object missing required field `schema`"),
        ({"schema": 2, "id": "x"}, 'a saved scenario: "schema" is 1, the only one that there is'),
        ({"schema": 1, "id": ""}, 'a saved scenario: "id" is empty'),
        ({"schema": 1, "id": "x", "fualts": []}, "unknown member 'fualts' in a saved scenario; did you mean 'faults'?"),
        (
            {"schema": 1, "id": "x", "stage": ONE, "faults": [{"effect": {"kind": "hnag"}}]},
            "the saved scenario 'x': unknown effect kind 'hnag'; did you mean 'hang'?",
        ),
        ({"schema": 1, "id": "x", "stage": ONE, "clock": {"start": -1}}, "a clock shows times from 1970 to 9999"),
        ({"schema": 1, "id": "x", "stage": {"sede": 1}}, "unknown member 'sede' in a stage; did you mean 'seed'?"),
    ],
)
async def test_what_is_no_saved_scenario_opens_no_stage(
    control: Control, document: dict[str, Any], sentence: str
) -> None:
    assert await complaint(control.open_stage({"scenario": document})) == (400, sentence)
    assert await control.stages() == []
