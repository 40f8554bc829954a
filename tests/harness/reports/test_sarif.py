"""The SARIF report: every finding with its rule, nothing that passed, what was expected suppressed."""

# ruff: noqa: D103 - the names are sentences

import json
from typing import Any

from sparring.harness.baseline import Entry
from sparring.harness.reports.sarif import render
from tests.harness.reports.runs import run, sample


def only_run(text: str) -> dict[str, Any]:
    document = json.loads(text)
    assert document["version"] == "2.1.0"
    (single,) = document["runs"]
    return dict(single)


def test_findings_point_to_their_rules() -> None:
    single = only_run(render(sample()))
    rules = single["tool"]["driver"]["rules"]
    assert single["results"]
    for finding in single["results"]:
        assert rules[finding["ruleIndex"]]["id"] == finding["ruleId"]
        assert finding["level"] in {"error", "warning"}
        assert finding["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "sparring.toml"
    (forged,) = [each for each in single["results"] if each["ruleId"] == "no-token-request-after-forged-state"]
    assert forged["level"] == "error"
    assert forged["properties"] == {"verdict": "FAIL", "scenario": "state-mismatch"}
    assert "RFC 6749 10.12" in rules[forged["ruleIndex"]]["help"]["text"]
    assert '\n\n> RFC 6749 10.12: "The client MUST' in rules[forged["ruleIndex"]]["help"]["markdown"]
    assert forged["message"]["text"].splitlines()[1:] == [
        "#3 POST https://127.0.0.1:9405/token -> 200 [ingest/token/issued]"
    ]


def test_each_grant_is_a_category_of_its_own() -> None:
    """A code scanning page takes what stands before the last slash."""
    identity = only_run(render(sample()))["automationDetails"]["id"]
    assert identity.rpartition("/")[0] == "sparring/ingest/authorization_code"


def test_each_finding_keeps_its_fingerprint_from_run_to_run() -> None:
    prints = [each["partialFingerprints"]["sparring/v1"] for each in only_run(render(sample()))["results"]]
    assert len(set(prints)) == len(prints)
    assert prints == [each["partialFingerprints"]["sparring/v1"] for each in only_run(render(sample()))["results"]]


def test_what_the_baseline_expects_is_suppressed() -> None:
    report = sample().with_baseline((Entry(scenario="state-mismatch"),))
    suppressed = {
        each["properties"]["scenario"] for each in only_run(render(report))["results"] if "suppressions" in each
    }
    assert suppressed == {"state-mismatch"}


def test_an_empty_run_is_a_document_too() -> None:
    assert only_run(render(run()))["results"] == []


def test_no_secret_stands_in_it() -> None:
    report = sample()
    text = render(report)
    secrets = [secret.value for result in report.results for secret in result.secrets]
    assert secrets
    assert not [secret for secret in secrets if secret in text]
