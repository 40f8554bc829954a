"""The JSON report: its form, and that no secret is in it."""

import json
from pathlib import Path

from sparring.harness.checks.traces import fingerprint
from sparring.harness.judge import judge, judge_always
from sparring.harness.reports.files import FileReport
from sparring.harness.reports.json_report import document, render
from sparring.harness.scenarios import scenario
from tests.harness.checks.builder import (
    CODE,
    SECRET,
    api,
    evidence,
    token,
)
from tests.harness.reports.runs import blocked_run, run, sample


def test_the_document_has_the_promised_form() -> None:
    """Names and order of the members are read by programs."""
    shown = document(sample())
    assert list(shown) == [
        "schema",
        "sparring",
        "provider",
        "grant",
        "driver",
        "variant",
        "seed",
        "summary",
        "results",
        "baseline",
    ]
    assert shown["summary"] == {
        "PASS": 2,
        "WARN": 1,
        "FAIL": 1,
        "ALLOWED": 0,
        "SKIP": 1,
        "INCONCLUSIVE": 0,
        "HARNESS_ERROR": 0,
    }
    forged = shown["results"][1]
    assert {name: forged[name] for name in ("scenario", "verdict", "profile", "duration_s")} == {
        "scenario": "state-mismatch",
        "verdict": "FAIL",
        "profile": "security",
        "duration_s": 0.5,
    }
    assert forged["checks"][0]["id"] == "no-token-request-after-forged-state"
    assert forged["checks"][0]["message"] == (
        "The callback came with a forged state, and the client exchanged its code."
    )
    assert forged["checks"][0]["sources"][:2] == ["RFC 6749 10.12", "RFC 9700 2.1"]
    assert forged["checks"][0]["exchanges"] == [3]
    assert forged["steps"] == [{"id": 1, "do": "authenticate", "outcome": "ok"}]
    assert forged["exchanges"] == [
        {
            "n": 3,
            "provider": "ingest",
            "endpoint": "token",
            "method": "POST",
            "url": "https://127.0.0.1:9405/token",
            "status": 200,
            "rule": "ingest/token/issued",
            "at": 0.012,
        }
    ]
    assert shown["results"][-1]["scenario"] == "always"


def test_a_blocked_scenario_names_what_blocked_it() -> None:
    """For whoever counts the SKIPs."""
    assert document(blocked_run())["results"][1]["blocked_by"] == "ingest-happy-code: client-starts"


def test_the_proof_of_an_always_on_check_names_its_scenario() -> None:
    """Its numbers are those of the result, its scenario is with it."""
    leak = evidence(token(4, method="GET"), token(5))
    shown = document(run(judge_always([(scenario("cache-until-expiry"), leak)])))["results"][0]
    assert [(e["n"], e["scenario"]) for e in shown["exchanges"]] == [(1, "cache-until-expiry")]


def test_the_file_is_one_document(tmp_path: Path) -> None:
    """Nothing before it and nothing after it."""
    report = FileReport(tmp_path / "report.json", render)
    report.started(1)
    report.scenario_started("x")
    report.scenario_finished(sample().results[0])
    report.finished(sample())
    text = (tmp_path / "report.json").read_text(encoding="utf-8")
    assert json.loads(text) == document(sample())
    assert text.endswith("}\n")


def test_a_code_stands_as_its_fingerprint() -> None:
    """So that the same code can be followed through the report."""
    seen = evidence(api(1, url=f"https://127.0.0.1/cb?code={CODE}&x={SECRET}"))
    (exchange,) = document(run(judge(scenario("cache-until-expiry"), seen)))["results"][0]["exchanges"]
    assert f"code=code:{fingerprint(CODE)}" in exchange["url"]
    assert f"client_secret:{fingerprint(SECRET)}" in exchange["url"]
