"""Expected failures: what excuses what, what is stale, and what a file may say."""

# ruff: noqa: D103 - the names are sentences

from dataclasses import replace
from pathlib import Path

import pytest

from sparring.harness.baseline import BaselineError, Entry, read_baseline, reckon, updated, write_baseline
from sparring.harness.judge import CheckResult, ScenarioResult, strictly
from sparring.harness.reports import RunReport
from sparring.harness.verdict import Verdict, worst
from tests.harness.reports.runs import run


def result(name: str, **checks: Verdict) -> ScenarioResult:
    """A scenario with checks of those verdicts."""
    found = tuple(CheckResult(id=check.replace("_", "-"), verdict=verdict) for check, verdict in checks.items())
    return ScenarioResult(
        id=name, title="", profile="core", verdict=worst(each.verdict for each in found), checks=found
    )


ONE = result("one", first=Verdict.FAIL, second=Verdict.PASS)
TWO = result("two", first=Verdict.INCONCLUSIVE, third=Verdict.SKIP)


def report(*entries: Entry) -> RunReport:
    return run(ONE, TWO).with_baseline(entries)


@pytest.mark.parametrize(
    "entries",
    [
        (Entry(scenario="one"), Entry(scenario="two")),
        (Entry(check="first"),),
        (Entry(scenario="one", check="first", verdict="FAIL"), Entry(scenario="two", verdict="INCONCLUSIVE")),
    ],
)
def test_expected_failures_leave_a_run_green(entries: tuple[Entry, ...]) -> None:
    assert report(*entries).exit_code() == 0
    assert report().exit_code() == 1


@pytest.mark.parametrize(
    "entry", [Entry(scenario="one", check="second"), Entry(scenario="one", verdict="INCONCLUSIVE")]
)
def test_an_entry_that_ran_and_did_not_fail_so_is_stale(entry: Entry) -> None:
    judged = report(entry, Entry(check="first"))
    assert judged.baseline.stale == (entry,)
    assert judged.exit_code() == 1


@pytest.mark.parametrize("entry", [Entry(scenario="two", check="third"), Entry(scenario="not-run")])
def test_an_entry_that_did_not_run_is_not_stale(entry: Entry) -> None:
    assert report(entry, Entry(check="first")).exit_code() == 0


def test_a_harness_error_is_never_excused() -> None:
    broken = run(result("one", first=Verdict.HARNESS_ERROR)).with_baseline((Entry(scenario="one"),))
    assert broken.exit_code() == 3


def test_an_updated_baseline_fits_the_run() -> None:
    stale, elsewhere = Entry(scenario="one", check="second"), Entry(scenario="not-run", reason="known since spring")
    entries = updated((stale, elsewhere), (ONE, TWO))
    assert entries == (
        elsewhere,
        Entry(scenario="one", check="first", verdict="FAIL"),
        Entry(scenario="two", check="first", verdict="INCONCLUSIVE"),
    )
    assert report(*entries).exit_code() == 0
    assert updated(entries, (ONE, TWO)) == entries


def test_a_file_says_the_same_after_writing_and_reading(tmp_path: Path) -> None:
    entries = (Entry(check="first", reason="we know: ü"), Entry(scenario="one", check="first", verdict="FAIL"))
    write_baseline(tmp_path / "b.yaml", entries)
    assert read_baseline(tmp_path / "b.yaml", ["one"], ["first"]) == entries


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("expected: []", "has the members"),
        ("schema: 2\nexpected: []", "has the members"),
        ("schema: 1\nexpected: {}\n", "`expected` is a list"),
        ("schema: 1\nexpected: [{}]", "entry 1: it names neither"),
        ("schema: 1\nexpected: [{scenario: one, chekc: first}]", "unknown member 'chekc'"),
        ("schema: 1\nexpected: [{scenario: two}]", "there is no scenario 'two'"),
        ("schema: 1\nexpected: [{check: second}]", "there is no check 'second'"),
        ("schema: 1\nexpected: [{check: first, verdict: WARN}]", "entry 1"),
        ("schema: 1\nexpected: [first]", "entry 1"),
        ("a: [", "cannot be read"),
    ],
)
def test_a_bad_file_is_one_sentence(tmp_path: Path, text: str, complaint: str) -> None:
    (tmp_path / "b.yaml").write_text(text)
    with pytest.raises(BaselineError, match=complaint):
        read_baseline(tmp_path / "b.yaml", ["one"], ["first"])


def test_a_baseline_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(BaselineError, match="cannot be written"):
        write_baseline(tmp_path / "missing" / "b.yaml", ())


def test_strictly_a_warning_is_a_failure() -> None:
    warned = result("one", first=Verdict.WARN, second=Verdict.PASS)
    assert [check.verdict for check in strictly(warned).checks] == [Verdict.FAIL, Verdict.PASS]
    assert strictly(warned).verdict is Verdict.FAIL
    worse = replace(warned, verdict=Verdict.INCONCLUSIVE)
    assert strictly(worse).verdict is Verdict.INCONCLUSIVE


def test_nothing_is_expected_without_a_baseline() -> None:
    assert reckon((), (ONE, TWO)).expected == frozenset()
