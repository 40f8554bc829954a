"""The gallery: its manifests can be read, its page is made of its verdict files alone, and a sample still holds."""

import json
import re
from xml.etree import ElementTree as ET

import jsonschema_rs
import pytest

from tests.e2e.gallery.badges import BADGES, badge, count, path
from tests.e2e.gallery.findings import APART, FINDINGS, Finding
from tests.e2e.gallery.making import CannotRunError, ready
from tests.e2e.gallery.page import PAGE, badges, page
from tests.e2e.gallery.pins import pinned
from tests.e2e.gallery.running import BAD, PROFILE, SEED, kept, of_run, play
from tests.e2e.gallery.subjects import CODE, SUBJECTS, Subject
from tests.e2e.gallery.table import failures
from tests.e2e.running import ROOT

BY_FOLDER = {subject.folder: subject for subject in SUBJECTS}
PLAYED = [subject for subject in SUBJECTS if subject.played]
SCHEMA = jsonschema_rs.Draft202012Validator(
    json.loads((ROOT / "docs/gallery/verdicts.schema.json").read_text(encoding="utf-8"))
)
SAMPLE = ("authz-error-access-denied", "state-mismatch", "refresh-scope-not-widened")
every_library = pytest.mark.parametrize("subject", SUBJECTS, ids=lambda subject: subject.folder)
every_played = pytest.mark.parametrize("subject", PLAYED, ids=lambda subject: subject.folder)


@every_library
def test_a_manifest_names_a_run_of_the_library(subject: Subject) -> None:
    """`sparring check` without a word plays one of those that the gallery plays."""
    manifest = subject.manifest()
    assert manifest.provider in {provider for provider, grant in subject.runs if manifest.grant in {None, grant}}
    assert manifest.command
    assert manifest.supports is not None or manifest.driver == "webapp"


@every_played
def test_verdicts_are_of_the_versions_that_are_pinned(subject: Subject) -> None:
    """A new pin asks for new verdicts, and every run that the library can do is there."""
    verdicts = kept(subject)
    assert (verdicts["scenarios"]["set"], verdicts["seed"]) == (PROFILE, SEED)
    assert (verdicts["library"], verdicts["language"]) == (subject.name, subject.language.title)
    assert verdicts["versions"] == subject.versions()
    assert [(run["provider"], run["grant"]) for run in verdicts["runs"]] == list(subject.runs)


@every_played
def test_a_verdict_file_keeps_to_its_schema_and_agrees_with_itself(subject: Subject) -> None:
    """What is counted is what is listed, nothing remained undecided, and each bad verdict has its check."""
    verdicts = kept(subject)
    assert [error.message for error in SCHEMA.iter_errors(verdicts)] == []
    for run in verdicts["runs"]:
        listed = list(run["verdicts"].values())
        counted = {name: number for name, number in run["summary"].items() if name != "SKIP"}
        assert {name: listed.count(name) for name in set(listed)} == counted
        bad = {scenario: verdict for scenario, verdict in run["verdicts"].items() if verdict in BAD}
        assert {scenario: min(checks.values()) for scenario, checks in run["checks"].items()} == bad


def test_the_schema_notices_what_is_undecided() -> None:
    """A verdict file with a scenario that proved nothing is none."""
    verdicts = kept(PLAYED[0])
    verdicts["runs"][0]["verdicts"]["token-hang"] = "INCONCLUSIVE"
    assert not SCHEMA.is_valid(verdicts)


def test_the_page_and_the_badges_are_made_of_the_verdict_files() -> None:
    """Made again they are the same, byte for byte, and there is no badge but those."""
    files = {subject.folder: kept(subject) for subject in PLAYED}
    assert page(files) == PAGE.read_text(encoding="utf-8")
    assert {one: one.read_text(encoding="utf-8") for one in BADGES.iterdir()} == badges(files)


def test_the_page_follows_the_verdict_files() -> None:
    """Of other verdicts another page and another badge are made."""
    files = {subject.folder: kept(subject) for subject in PLAYED}
    subject = BY_FOLDER["node/oauth4webapi"]
    before = page(files), badges(files)[path(subject.folder)]
    files[subject.folder]["runs"][0]["verdicts"]["token-hang"] = "FAIL"
    after = page(files), badges(files)[path(subject.folder)]
    rows = [text.split("## Node.js")[1].split("| `token-hang` |")[1].splitlines()[0] for text, _ in (before, after)]
    assert rows[1].count("**fail**") == rows[0].count("**fail**") + 1
    assert ", 1 failed" in after[1]
    assert "failed" not in before[1]


def test_a_badge_counts_a_scenario_once_by_its_worst_verdict() -> None:
    """And is a picture with a name of its own."""
    code, own = {"grant": "authorization_code"}, {"grant": "client_credentials"}
    runs = [
        code | {"verdicts": {"a": "PASS", "b": "ALLOWED", "c": "PASS"}},
        code | {"verdicts": {"a": "FAIL", "b": "PASS", "c": "WARN"}},
        own | {"verdicts": {"a": "PASS"}},
    ]
    assert count(runs, {"a"})["FAIL"] == 0
    counts = count(runs)
    assert [counts[name] for name in ("FAIL", "WARN", "ALLOWED", "PASS")] == [1, 1, 1, 1]
    picture = ET.fromstring(badge("a & b", runs))
    assert picture.get("aria-label") == "a & b: 2 passed, 1 failed"


@pytest.mark.parametrize(
    ("name", "text", "found"),
    [
        ("pins.txt", "# two\nlibguestfs 1.2-3\nhttpx==0.28.1\n", {"libguestfs": "1.2-3", "httpx": "0.28.1"}),
        ("go.mod", "module x\n\ngo 1.24\n\nrequire golang.org/x/oauth2 v0.37.0\n", {"golang.org/x/oauth2": "v0.37.0"}),
        ("Cargo.lock", '[[package]]\nname = "oauth2"\nversion = "5.0.0"\n', {"oauth2": "5.0.0"}),
        ("pom.xml", "<artifactId>a</artifactId>\n <version>1.2</version>", {"a": "1.2"}),
        ("Gemfile.lock", "GEM\n  specs:\n    oauth2 (1.4.4)\n      jwt (>= 1.0)\n", {"oauth2": "1.4.4"}),
        ("composer.lock", '{"packages": [{"name": "a/b", "version": "7.4.5"}]}', {"a/b": "7.4.5"}),
        ("package-lock.json", '{"packages": {"": {}, "node_modules/@a/b": {"version": "1.0.0"}}}', {"@a/b": "1.0.0"}),
    ],
)
def test_pins_are_read(tmp_path_factory: pytest.TempPathFactory, name: str, text: str, found: dict[str, str]) -> None:
    """Of every lock file that a language of the gallery has."""
    lock = tmp_path_factory.mktemp("pins") / name
    lock.write_text(text, encoding="utf-8")
    assert pinned(lock) == found


def test_every_failure_has_a_finding_and_every_finding_a_failure() -> None:
    """Nothing is published that nobody has looked into, and no library is named without a failure of its own."""
    failed = failures({subject.folder: kept(subject) for subject in PLAYED})
    apart = {(one.library, one.scenario) for one in APART}
    accused = {key for key, scenarios in failed.items() if {(key[0], each) for each in scenarios} - apart}
    explained = {(folder, check) for finding in FINDINGS for folder in finding.who for check in finding.checks}
    assert accused - explained == set()
    blamed = {(finding.title, folder) for finding in FINDINGS for folder in finding.who}
    shown = {(f.title, folder) for f in FINDINGS for folder in f.who for each in f.checks if (folder, each) in accused}
    assert blamed == shown


def test_the_strictest_libraries_have_no_failure_that_could_be_refuted() -> None:
    """Those that oauth4webapi's author keeps have none, and whoever finds one has found a mistake of ours first.

    Of Nimbus, which leaves more to its caller, each has a finding that names the line of the version that was played.
    """
    files = {subject.folder: kept(subject) for subject in PLAYED}
    failed = failures(files)
    assert {folder for folder, _ in failed} & {"node/oauth4webapi", "node/openid-client-code"} == set()
    version = next(iter(files["java/nimbus"]["versions"].values()))
    cited = [one for one in FINDINGS if "java/nimbus" in one.who and re.search(r"\w+\.java:\d+", one.where)]
    assert all(version in one.where for one in cited)
    explained = {("java/nimbus", check) for one in cited for check in one.checks}
    assert {key for key in failed if key[0] == "java/nimbus"} <= explained


@pytest.mark.parametrize("finding", FINDINGS, ids=lambda finding: f"{finding.language}: {finding.title}")
def test_a_finding_is_shown_by_its_command(finding: Finding) -> None:
    """The scenario that it names fails by one of its checks in the run that it names, or in every scenario's."""
    shown = finding.shown_by
    runs = kept(BY_FOLDER[shown.library])["runs"]
    run = next(run for run in runs if (run["provider"], run["grant"]) == (shown.provider, shown.grant))
    assert shown.scenario in run["verdicts"]
    checks = run["checks"].get(shown.scenario, {}) | run["checks"].get("always", {})
    assert "FAIL" in {checks.get(check) for check in finding.checks}


def test_a_sample_is_played_again() -> None:
    """Three scenarios against Authlib end as its verdict file has them."""
    subject = BY_FOLDER["python/authlib-requests-code"]
    try:
        place = ready(subject)
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
