"""The JUnit report: its form, what counts as what, and that no secret is in it."""

from pathlib import Path
from xml.etree import ElementTree as ET

from sparring.harness.evidence import Step
from sparring.harness.judge import ScenarioResult, broken, judge
from sparring.harness.reports import Listener, RunReport
from sparring.harness.reports.files import FileReport
from sparring.harness.reports.junit import render
from sparring.harness.scenarios import scenario
from tests.harness.checks.builder import (
    evidence,
    exchange_code,
    refused,
    token,
)
from tests.harness.reports.runs import blocked_run, run, sample


def parsed(report: RunReport) -> ET.Element:
    """The document, read again."""
    return ET.fromstring(render(report))


def suite(report: RunReport, name: str) -> ET.Element:
    """The test suite of one scenario."""
    return next(each for each in parsed(report) if each.attrib["name"].endswith(f".{name}"))


def test_the_document_has_the_form_that_ci_servers_read() -> None:
    """Suites with counts, cases with class and name and time."""
    root = parsed(sample())
    assert root.tag == "testsuites"
    assert root.attrib["name"] == "sparring check ingest authorization_code"
    assert [each.attrib["name"] for each in root] == [
        "sparring.ingest.authorization_code.ingest-happy-code",
        "sparring.ingest.authorization_code.state-mismatch",
        "sparring.ingest.authorization_code.api-401-refresh-once",
        "sparring.ingest.authorization_code.refresh-rotation",
        "sparring.ingest.authorization_code.always",
    ]
    for each in root:
        assert list(each.attrib) == ["name", "tests", "failures", "errors", "skipped", "time"]
        assert int(each.attrib["tests"]) == len(each)
        for case in each:
            assert (case.tag, case.attrib["classname"]) == ("testcase", each.attrib["name"])
    for total in ("tests", "failures", "errors", "skipped"):
        assert int(root.attrib[total]) == sum(int(each.attrib[total]) for each in root)


def test_a_failure_says_what_why_and_where() -> None:
    """The whole finding, as a person needs it in the CI's log."""
    (case,) = suite(sample(), "state-mismatch")
    (failure,) = case
    assert (failure.tag, failure.attrib["type"]) == ("failure", "FAIL")
    assert failure.attrib["message"] == "The callback came with a forged state, and the client exchanged its code."
    lines = (failure.text or "").splitlines()
    assert lines[0] == failure.attrib["message"]
    assert lines[1].startswith("Why: Without that comparison")
    assert lines[2].startswith("Mend: Compare the callback's state")
    assert 'RFC 6749 10.12: "The client MUST implement CSRF protection for its redirection URI."' in lines
    assert lines[-1] == "#3 POST https://127.0.0.1:9405/token -> 200  [ingest/token/issued]"
    assert case.attrib["time"] == "0.500"


def test_only_what_fails_the_run_is_a_failure() -> None:
    """WARN passes with its words as output; what was not run is skipped; what proved nothing is a failure."""
    (warned,) = suite(sample(), "api-401-refresh-once")
    assert [child.tag for child in warned] == ["system-out"]
    assert (warned[0].text or "").startswith("WARN: The 401 was reported")
    (skipped,) = suite(sample(), "refresh-rotation")
    assert [(child.tag, child.attrib["message"]) for child in skipped] == [
        ("skipped", "needs refresh, which the client does not claim")
    ]
    (idle,) = suite(run(judge(scenario("cache-until-expiry"), evidence(token(1)))), "cache-until-expiry")
    assert [(child.tag, child.attrib["type"]) for child in idle] == [("failure", "INCONCLUSIVE")]
    (ours,) = suite(run(broken(scenario("token-type-mac"), "The stage did not open.")), "token-type-mac")
    assert [(child.tag, child.attrib["message"]) for child in ours] == [("error", "The stage did not open.")]
    assert all(len(case) == 0 for case in suite(sample(), "ingest-happy-code"))


def test_the_time_of_a_scenario_is_counted_once() -> None:
    """However many checks look at it."""
    cases = list(suite(sample(), "ingest-happy-code"))
    assert [case.attrib["time"] for case in cases] == ["0.500", *["0.000"] * (len(cases) - 1)]


def test_a_blocked_scenario_is_skipped() -> None:
    """One cause, and what depends on it."""
    root = parsed(blocked_run())
    assert (root.attrib["failures"], root.attrib["skipped"]) == ("1", "8")
    assert [case[0].attrib["message"] for case in root[1]] == ["blocked by ingest-happy-code: client-starts"]


def test_what_xml_cannot_carry_is_replaced() -> None:
    """A client says what it likes."""
    step = Step(id=1, do="authenticate", outcome="config", detail="\x1b[2J\x00 <b>&amp;]]>\ud800\uffff ü")
    answer = exchange_code(1, status=401, answer=refused("invalid_client"))
    happy = judge(
        scenario("token-error-with-200"), evidence(token(1, answer=refused("x")), fired=("f",), steps=(step,))
    )
    odd = ScenarioResult(id="odd", title="", profile="core", verdict=happy.verdict, checks=happy.checks)
    text = render(run(odd, judge(scenario("ingest-happy-code"), evidence(answer, steps=(step,)))))
    text.encode()
    ET.fromstring(text)
    assert "\x1b" not in text


def test_the_file_is_one_document(tmp_path: Path) -> None:
    """Nothing before it and nothing after it."""
    report: Listener = FileReport(tmp_path / "junit.xml", render)
    report.started(1)
    report.scenario_started("x")
    report.scenario_finished(sample().results[0])
    assert not (tmp_path / "junit.xml").exists()
    report.finished(sample())
    assert (tmp_path / "junit.xml").read_text(encoding="utf-8") == render(sample())
    assert ET.parse(tmp_path / "junit.xml").getroot().tag == "testsuites"
