"""Searching for answers that break a client: deterministic, bounded, and shrunk to the smallest."""

# ruff: noqa: D103 - the names of tests say what they prove

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from sparring.harness.evidence import Evidence
from sparring.harness.fuzzing import Found, NoHypothesisError
from sparring.harness.fuzzing.answers import faults
from sparring.harness.fuzzing.search import in_words, search
from sparring.harness.scenario import Scenario
from sparring.harness.settings import ClientSettings, RunSettings
from sparring.harness.tape import StageCrashedError
from sparring.harness.verdict import Verdict
from sparring.mocks.faults.effects import EFFECTS
from sparring.mocks.faults.schema import read_fault
from sparring.mocks.presets.saved import SCHEMA, read_saved
from tests.harness.fuzzing.stand_in import Flaw, evidence
from tests.sampling import sample

Json = dict[str, Any]
MANY = 600
"""So many examples that none of the flaws here stays hidden, whatever else has been imported."""


def nothing(_status: int, _body: bytes) -> None:
    """No flaw."""


def parsed(body: bytes) -> Json:
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return answer if isinstance(answer, dict) else {}


def counts_lists(_status: int, body: bytes) -> str | None:
    """Crashes when ``expires_in`` is a list."""
    return "crash" if isinstance(parsed(body).get("expires_in"), list) else None


def takes_numbers(status: int, body: bytes) -> str | None:
    """Uses a numeric access token."""
    value = parsed(body).get("access_token")
    fine = status == 200 and isinstance(value, int) and not isinstance(value, bool)
    return f"token:{value}" if fine else None


def waits_for_more(status: int, body: bytes) -> str | None:
    """Hangs on an empty body."""
    return "timeout" if status == 200 and not body else None


def searched(flaw: Flaw, examples: int = 80, seed: int = 37) -> tuple[Found, list[Scenario]]:
    """What a search finds against that client, and everything that was played."""
    played: list[Scenario] = []
    client = ClientSettings(command=("true",), driver="session")
    settings = RunSettings(provider="clickview", grant="client_credentials", client=client, seed=seed)

    async def play(scenario: Scenario) -> Evidence:
        played.append(scenario)
        return evidence(scenario, flaw)

    return asyncio.run(search(settings, examples, play, lambda: 0.0)), played


def test_a_careful_client_survives() -> None:
    found, played = searched(nothing)
    assert (found.examples, found.breaks, found.problems) == (80, (), ())
    assert len(played) == 80
    assert 20 < found.met < 80


def changed(name: str, value: object) -> Json:
    """A member of the answer that is something else."""
    return {"kind": "json-patch", "ops": [{"op": "add", "path": f"/{name}", "value": value}]}


SMALLEST: list[tuple[Flaw, str, Json, str]] = [
    (counts_lists, "crash", changed("expires_in", []), "crash"),
    (takes_numbers, "misuse", changed("access_token", 0), "none"),
    (waits_for_more, "hang", {"kind": "body", "text": ""}, "timeout"),
]


@pytest.mark.parametrize(("flaw", "kind", "effect", "said"), sample(SMALLEST, 2))
def test_what_breaks_a_client_is_shrunk_to_the_smallest_answer(flaw: Flaw, kind: str, effect: Json, said: str) -> None:
    found, played = searched(flaw, MANY)
    (broke,) = found.breaks
    assert broke.kind == kind
    (fault,) = broke.document["faults"]
    assert fault["effect"] == effect
    assert fault["match"] == {"provider": "clickview", "endpoint": "token", "when": "after"}
    (check,) = broke.result.checks
    assert (check.id, check.verdict) == ("captured-run-is-survived", Verdict.FAIL)
    assert said in check.message
    assert len(played) <= MANY + 100


def test_each_way_to_break_it_is_shrunk_by_itself() -> None:
    def all_three(status: int, body: bytes) -> str | None:
        return counts_lists(status, body) or waits_for_more(status, body) or takes_numbers(status, body)

    found, played = searched(all_three, MANY)
    titles = {broke.kind: broke.document["title"] for broke in found.breaks}
    assert titles == {
        "crash": "token: expires_in is []",
        "hang": 'token: body text ""',
        "misuse": "token: access_token is 0",
    }
    assert found.examples == MANY
    assert len(played) <= MANY + 3 * 100


def test_the_same_seed_tries_the_same_and_another_one_others() -> None:
    first, again, other = (searched(counts_lists, 60, seed)[1] for seed in (1, 1, 2))
    told = [[scenario.faults for scenario in played] for played in (first, again, other)]
    assert told[0] == told[1]
    assert told[0] != told[2]


def test_a_fake_that_breaks_is_not_held_against_the_client() -> None:
    async def play(_: Scenario) -> Evidence:
        raise StageCrashedError("the fake crashed at POST token")

    client = ClientSettings(command=("true",), driver="session")
    settings = RunSettings(provider="clickview", grant="client_credentials", client=client)
    found = asyncio.run(search(settings, 3, play, lambda: 0.0))
    assert (found.examples, found.met, found.breaks) == (3, 0, ())
    assert all(problem.startswith("the fake crashed at POST token (") for problem in found.problems)


def test_without_the_library_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "hypothesis", None)
    with pytest.raises(NoHypothesisError, match=r"pip install 'sparring\[fuzz\]'"):
        searched(nothing, 1)


def test_nothing_is_left_in_the_working_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    searched(counts_lists, 40)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("provider", "by_code", "with_users"),
    [("ingest", True, False), ("rotor", False, True), ("clickview", False, False)],
)
def test_every_example_is_a_scenario_that_a_stage_can_be_opened_with(
    provider: str, *, by_code: bool, with_users: bool
) -> None:
    from hypothesis import given, settings

    @settings(max_examples=150, database=None, deadline=None)
    @given(faults(provider, by_code=by_code, with_users=with_users))
    def readable(found: list[Json]) -> None:
        document = {"schema": SCHEMA, "id": "x", "title": in_words(found), "faults": found}
        assert read_saved(json.loads(json.dumps(document))).faults == tuple(json.loads(json.dumps(found)))
        for fault in found:
            read = read_fault(fault, "x", EFFECTS)
            assert read.match.provider == provider
        assert "\n" not in in_words(found)

    readable()
