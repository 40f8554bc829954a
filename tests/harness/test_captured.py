"""A saved scenario as a trial: its plan, its faults, and when it counts as survived."""

# ruff: noqa: D103 - the names are sentences

from typing import Any

import pytest

from sparring.harness.captured import captured, captured_run_is_survived, is_scenario_file
from sparring.harness.scenario import Do, PassLifetime
from sparring.harness.verdict import Verdict
from tests.harness.checks.builder import SECOND, START, evidence, exchange_code, good, refresh, refused, steps

LOST = {"id": "lost", "match": {"endpoint": "token"}, "effect": {"kind": "close"}, "times": 1}
LATE = {"id": "late", "match": {"endpoint": "api"}, "effect": {"kind": "time-passes", "seconds": 9}, "times": 1}


def document(**members: Any) -> dict[str, Any]:
    return {"schema": 1, "id": "kept", "title": "A title", "stage": {"providers": ["ingest"]}} | members


def line(grant: str, status: int | None, provider: str = "ingest") -> dict[str, Any]:
    return {"n": 1, "provider": provider, "endpoint": "token", "method": "POST", "grant": grant, "status": status}


def test_each_renewal_is_a_life_that_goes_by() -> None:
    recorded = [line("authorization_code", 200), *(line("refresh_token", status) for status in (200, None, 400))]
    trial = captured(document(faults=[LOST], recorded=[*recorded, line("refresh_token", 200, "panopto")]), "ingest")
    cycle = (PassLifetime("access_token"), Do("call_api"))
    assert trial.plan == (Do("authenticate"), Do("call_api"), *cycle, *cycle)
    assert (trial.id, trial.title, trial.faults) == ("kept", "A title", (LOST,))
    assert trial.budget.token == 4 + 9


def test_time_that_passed_is_the_plans_business() -> None:
    trial = captured(document(faults=[LATE, LOST]), "ingest")
    assert (trial.faults, trial.passes_time) == ((LOST,), True)


def test_the_stage_is_as_it_was() -> None:
    stage = {
        "providers": ["movingimage"],
        "variants": {"movingimage": "rotating"},
        "lifetimes": {"movingimage": {"access_token": 7}, "ingest": {"code": 3}},
    }
    trial = captured(document(stage=stage, title=""), "movingimage")
    assert (trial.variants, trial.title) == ({"movingimage": "rotating"}, "A captured run")
    assert trial.setting.stage == {"lifetimes": {"movingimage": {"access_token": 7}}}
    assert trial.plan == (Do("authenticate"), Do("call_api"))


@pytest.mark.parametrize(
    ("outcomes", "verdict", "words"),
    [
        (("ok", "ok"), Verdict.PASS, "The client ended with ok."),
        (("ok", "reauth"), Verdict.PASS, "The client ended with reauth."),
        (("ok", "crash"), Verdict.FAIL, "The client did not survive it: crash."),
        (("timeout",), Verdict.FAIL, "The client did not survive it: timeout."),
        ((), Verdict.INCONCLUSIVE, "The client was given no instruction."),
    ],
)
def test_who_answers_has_survived(outcomes: tuple[str, ...], verdict: Verdict, words: str) -> None:
    finding = captured_run_is_survived(evidence(exchange_code(1), steps=steps(*outcomes)))
    assert (finding.verdict, finding.message) == (verdict, words)


def test_a_race_is_no_way_to_survive() -> None:
    late = START + 90_000
    race = (refresh(2, answer=good(SECOND), at=late), refresh(3, status=400, answer=refused("invalid_grant"), at=late))
    finding = captured_run_is_survived(evidence(exchange_code(1), *race))
    assert (finding.verdict, finding.message) == (Verdict.FAIL, "2 refreshes for one expiry.")


def test_files_are_told_from_ids_by_their_names() -> None:
    names = ("state-missing", "kept.yaml", "a/b.yml", "kept.json", "their.har", "api-*", "always")
    assert [name for name in names if is_scenario_file(name)] == ["kept.yaml", "a/b.yml", "kept.json", "their.har"]
