"""The Markdown report: worst first, with its reasons, and no markup from what a client said."""

# ruff: noqa: D103 - the names are sentences

from dataclasses import replace

from sparring.harness.baseline import Entry
from sparring.harness.judge import CheckResult, ScenarioResult
from sparring.harness.reports.markdown import render
from sparring.harness.verdict import Verdict
from tests.harness.reports.runs import blocked_run, run, sample


def test_a_run_is_told_worst_first_with_its_sources_and_its_proof() -> None:
    text = render(sample())
    headings = [line for line in text.splitlines() if line.startswith("### ")]
    assert headings[0] == "### FAIL: state-mismatch · no-token-request-after-forged-state"
    assert [line.split(":")[0] for line in headings] == sorted(line.split(":")[0] for line in headings)
    finding = text.split(headings[0])[1].split("### ")[0]
    assert "**Why it matters:** " in finding
    assert "> RFC 6749 10.12: " in finding
    assert "→ 200 (`ingest/token/issued`)" in finding
    assert "`sparring explain no-token-request-after-forged-state` says more." in finding
    assert "| state-mismatch | FAIL |" in text.partition("<summary>All 5 scenarios</summary>")[2]
    assert text.endswith("</details>\n")
    assert "**1 of 5 failed.**" in text


def test_a_blocked_run_names_its_cause() -> None:
    text = render(blocked_run())
    assert "3 scenario(s) did not run: blocked by `ingest-happy-code: client-starts`. Mend that first." in text


def test_a_run_without_findings_says_so() -> None:
    text = render(run(ScenarioResult(id="a", title="A", profile="core", verdict=Verdict.PASS)))
    assert "Nothing to complain of." in text
    assert "| PASS |" in text


def test_what_a_client_said_is_no_markup() -> None:
    check = CheckResult(id="c", verdict=Verdict.FAIL, message="<img src=x> | **bold** `code` [link](http://x)\n# head")
    text = render(run(ScenarioResult(id="a", title="A | B", profile="core", verdict=Verdict.FAIL, checks=(check,))))
    assert r"\<img src=x\> \| \*\*bold\*\* \`code\` \[link\](http://x) \# head" in text
    assert r"| a | FAIL | A \| B |" in text


def test_expected_and_stale_are_told() -> None:
    report = sample().with_baseline((Entry(scenario="state-mismatch"), Entry(scenario="ingest-happy-code")))
    text = render(report)
    assert "### FAIL (expected): state-mismatch" in text
    assert "- The baseline expects ingest-happy-code to fail, and it did not: remove the entry." in text


def test_no_secret_stands_in_it() -> None:
    report = sample()
    secrets = [secret.value for result in report.results for secret in result.secrets]
    assert secrets
    loud = replace(
        report.results[1],
        checks=tuple(replace(check, message=f"It was {secrets[0]}.") for check in report.results[1].checks),
    )
    text = render(replace(report, results=(loud,)))
    assert not [secret for secret in secrets if secret in text]
