"""The recording in pages, remarks on it, and the tokens that are good; by either transport."""

# ruff: noqa: D103 - the names are sentences

from typing import Any

import httpx2
import pytest

from sparring.mocks.control.interface import Control
from tests.mocks.control.asking import ask_token, call_api, complaint, ingest

pytestmark = pytest.mark.anyio


async def busy(control: Control, http: httpx2.AsyncClient) -> dict[str, Any]:
    """A stage with six exchanges at Ingest: 1, 3, 5 good, 2 and 4 refused, 6 without an answer."""
    stage = await control.open_stage({"id": "main", "providers": ["ingest"]})
    for number in range(1, 6):
        await ask_token(http, stage, **({} if number % 2 else {"client_secret": f"Wrong-{number}"}))
    await control.add_fault("main", {"id": "gone", "effect": {"kind": "close"}})
    with pytest.raises(httpx2.RemoteProtocolError):
        await ask_token(http, stage)
    return stage


async def numbers(control: Control, **wanted: Any) -> list[int]:
    return [exchange["n"] for exchange in (await control.page("main", **wanted))["exchanges"]]


async def test_a_page_has_the_newest_and_goes_back(control: Control, http: httpx2.AsyncClient) -> None:
    await busy(control, http)
    found = await control.page("main", limit=2)
    assert [exchange["n"] for exchange in found["exchanges"]] == [5, 6]
    assert (found["more"], found["kept"], found["last"]) == (True, 6, 6)
    assert await numbers(control, limit=2, before=5) == [3, 4]
    assert (await control.page("main", limit=2, before=3))["more"] is False
    assert await numbers(control, limit=2, since=2) == [3, 4]
    assert (await control.page("main", since=4))["more"] is False


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({"refused": True}, [2, 4, 6]),
        ({"status": "2xx"}, [1, 3, 5]),
        ({"status": "401"}, [2, 4]),
        ({"status": "none"}, [6]),
        ({"status": "5xx"}, []),
        ({"text": "wrong-4"}, [4]),
        ({"text": "INGEST/TOKEN/"}, [1, 2, 3, 4, 5]),
        ({"text": "gone"}, [6]),
        ({"endpoint": "api"}, []),
        ({"provider": "decoy"}, []),
        ({"refused": True, "limit": 1}, [6]),
        ({"refused": True, "before": 4}, [2]),
    ],
)
async def test_a_page_has_what_is_asked_for(
    control: Control, http: httpx2.AsyncClient, wanted: dict[str, Any], found: list[int]
) -> None:
    await busy(control, http)
    assert await numbers(control, **wanted) == found


async def test_a_page_tells_how_a_rule_is_known_and_what_was_refused(
    control: Control, http: httpx2.AsyncClient
) -> None:
    await busy(control, http)
    good, bad, _, none = (await control.page("main", limit=4))["exchanges"]
    assert (good["refused"], bad["refused"], none["refused"]) == (False, True, True)
    assert {good["mark"], bad["mark"]} <= {"doc", "engine", "client", "assumed"}
    assert (none["mark"], none["ended"], none["status"]) == ("", True, None)
    assert 0 < good["took"] < 10


@pytest.mark.parametrize(
    ("wanted", "sentence"),
    [
        ({"limit": 0}, '"limit" is a number from 1 to 500'),
        ({"limit": 501}, '"limit" is a number from 1 to 500'),
        ({"status": "6xx"}, '"status" is one like 404, a class like 4xx, or none'),
    ],
)
async def test_a_page_that_cannot_be(control: Control, wanted: dict[str, Any], sentence: str) -> None:
    await control.open_stage({"id": "main", "providers": ["ingest"]})
    assert await complaint(control.page("main", **wanted)) == (400, sentence)
    assert (await complaint(control.page("nowhere")))[0] == 404


async def test_a_remark_stands_until_the_recording_goes(control: Control, http: httpx2.AsyncClient) -> None:
    await busy(control, http)
    first = await control.note("main", {"text": "Tsk.", "exchange": 2, "verdict": "FAIL", "check": "no-tsk"})
    assert first == {"n": 1, "text": "Tsk.", "exchange": 2, "verdict": "FAIL", "check": "no-tsk"}
    second = await control.note("main", {"text": "So."})
    assert second == {"n": 2, "text": "So.", "exchange": None, "verdict": "NOTE", "check": ""}
    assert await control.notes("main") == [first, second]
    assert await control.notes("main", 1) == [second]
    await control.clear_recording("main")
    assert await control.notes("main") == []
    assert (await control.note("main", {"text": "Again."}))["n"] == 3
    await control.reset("main")
    assert await control.notes("main") == []


@pytest.mark.parametrize(
    "note", [{}, {"text": ""}, {"text": "x", "verdict": "BAD"}, {"text": "x", "exchange": 0}, {"txt": "x"}]
)
async def test_a_remark_that_cannot_be_read(control: Control, note: dict[str, Any]) -> None:
    await control.open_stage({"id": "main", "providers": ["ingest"]})
    status, sentence = await complaint(control.note("main", note))
    assert status == 400
    assert "a remark" in sentence
    assert (await complaint(control.note("nowhere", {"text": "x"})))[0] == 404


async def test_a_live_token_is_listed_and_dies_by_its_fingerprint(control: Control, http: httpx2.AsyncClient) -> None:
    stage = await control.open_stage({"id": "main", "providers": ["ingest"]})
    older, newer = [(await ask_token(http, stage)).json()["access_token"] for _ in range(2)]
    listed = await control.tokens("main", "ingest")
    (exchange,) = await control.recording("main", since=1)
    (fact,) = exchange["facts"]["issued"]
    assert listed[0]["fp"] == fact["fp"]
    assert {(token["kind"], token["client_id"], token["user"]) for token in listed} == {
        ("access_token", ingest(stage)["client_id"], None)
    }
    assert listed[0]["session"] == fact["family"]
    assert listed[0]["expires_at"] == fact["expires_at"]
    assert await control.revoke("main", "ingest", fingerprint=fact["fp"]) == 1
    assert await control.revoke("main", "ingest", fingerprint=fact["fp"]) == 0
    assert [await call_api(http, stage, token) for token in (older, newer)] == [200, 401]
    assert await control.tokens("main", "ingest") == listed[1:]
    await control.move_clock("main", "advance", 86_400)
    assert await control.tokens("main", "ingest") == []
    told = await complaint(control.revoke("main", "ingest", "access_token", fingerprint=fact["fp"]))
    assert told == (400, '"fingerprint" names one token by itself')


async def test_a_scenario_can_be_put_on_at_one_provider_alone(control: Control, http: httpx2.AsyncClient) -> None:
    await control.open_stage({"id": "main", "providers": ["ingest", "clickview", "panopto"]})
    done = await control.put_on("main", "token-503-then-ok", "ingest")
    assert {fault["match"]["provider"] for fault in done["faults"]} == {"ingest"}
    sentence = "the scenario 'token-error-invalid-grant-code' is nothing for clickview"
    assert await complaint(control.put_on("main", "token-error-invalid-grant-code", "clickview")) == (400, sentence)
    assert (await complaint(control.put_on("main", "token-hang", "rotor")))[0] == 404
    await control.put_on("main", "refresh-happy", "panopto")
    lives = {name: house["lifetimes"] for name, house in (await control.describe("main"))["providers"].items()}
    assert (lives["panopto"]["access_token"], lives["ingest"]["access_token"]) == (30, 86_400)
