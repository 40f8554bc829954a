"""The gallery: its manifests can be read, its page is made of its verdict files, and a sample still holds."""

import pytest

from tests.e2e.gallery.findings import APART, FINDINGS, Finding
from tests.e2e.gallery.page import PAGE, page
from tests.e2e.gallery.running import BAD, PROFILE, SCHEMA, SEED, kept, of_run, play
from tests.e2e.gallery.subjects import CODE, SUBJECTS, CannotRunError, Subject
from tests.e2e.gallery.table import failures

BY_FOLDER = {subject.folder: subject for subject in SUBJECTS}
SAMPLE = ("authz-error-access-denied", "state-mismatch", "refresh-scope-not-widened")
every_library = pytest.mark.parametrize("subject", SUBJECTS, ids=lambda subject: subject.folder)


@every_library
def test_a_manifest_names_a_run_of_the_library(subject: Subject) -> None:
    """`sparring check` without a word plays one of those that the gallery plays."""
    manifest = subject.manifest()
    assert (manifest.provider, manifest.grant) in subject.runs
    assert manifest.command


@every_library
def test_verdicts_are_of_the_versions_that_are_pinned(subject: Subject) -> None:
    """A new pin asks for new verdicts, and every run that the library can do is there."""
    verdicts = kept(subject)
    assert verdicts["schema"] == SCHEMA
    assert (verdicts["profile"], verdicts["seed"]) == (PROFILE, SEED)
    assert verdicts["versions"] == subject.versions()
    assert [(run["provider"], run["grant"]) for run in verdicts["runs"]] == list(subject.runs)


@every_library
def test_a_verdict_file_agrees_with_itself(subject: Subject) -> None:
    """What is counted is what is listed, nothing remained undecided, and each bad verdict has its check."""
    for run in kept(subject)["runs"]:
        listed = list(run["verdicts"].values())
        counted = {name: count for name, count in run["summary"].items() if name != "SKIP"}
        assert {name: listed.count(name) for name in set(listed)} == counted
        assert not {"INCONCLUSIVE", "HARNESS_ERROR"} & set(counted)
        bad = {scenario: verdict for scenario, verdict in run["verdicts"].items() if verdict in BAD}
        assert {scenario: min(checks.values()) for scenario, checks in run["checks"].items()} == bad


def test_the_page_is_made_of_the_verdict_files() -> None:
    """Made again it is the same."""
    assert page({subject.folder: kept(subject) for subject in SUBJECTS}) == PAGE.read_text(encoding="utf-8")


def test_every_failure_has_a_finding_and_every_finding_a_failure() -> None:
    """Nothing is published that nobody has looked into, and no library is named without a failure of its own."""
    failed = failures({subject.folder: kept(subject) for subject in SUBJECTS})
    accused = {key for key, scenarios in failed.items() if {(key[0], each) for each in scenarios} - set(APART)}
    explained = {(folder, check) for finding in FINDINGS for folder in finding.who for check in finding.checks}
    assert accused - explained == set()
    blamed = {(finding.title, folder) for finding in FINDINGS for folder in finding.who}
    shown = {(f.title, folder) for f in FINDINGS for folder in f.who for each in f.checks if (folder, each) in accused}
    assert blamed == shown


@pytest.mark.parametrize("finding", FINDINGS, ids=lambda finding: finding.title)
def test_a_finding_is_shown_by_its_command(finding: Finding) -> None:
    """The scenario that it names fails by one of its checks in the run that it names, or in every scenario's."""
    folder, provider, grant, scenario = finding.shown_by
    run = next(run for run in kept(BY_FOLDER[folder])["runs"] if (run["provider"], run["grant"]) == (provider, grant))
    assert scenario in run["verdicts"]
    checks = run["checks"].get(scenario, {}) | run["checks"].get("always", {})
    assert "FAIL" in {checks.get(check) for check in finding.checks}


def test_a_sample_is_played_again() -> None:
    """Three scenarios against Authlib end as its verdict file has them."""
    subject = BY_FOLDER["python/authlib-requests-code"]
    try:
        place = subject.ready()
    except CannotRunError as error:
        pytest.skip(str(error))
    words = [word for scenario in SAMPLE for word in ("--scenario", scenario)]
    played = of_run(play(subject, place, "ingest", CODE, *words))
    written = kept(subject)["runs"][0]
    assert {scenario: played["verdicts"][scenario] for scenario in SAMPLE} == {
        scenario: written["verdicts"][scenario] for scenario in SAMPLE
    }
    assert {s: played["checks"][s] for s in SAMPLE if s in played["checks"]} == {
        s: written["checks"][s] for s in SAMPLE if s in written["checks"]
    }
