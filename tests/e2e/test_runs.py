"""A run as a whole: the same verdicts whatever the seed, one cause for a wrong secret, secrets kept out of reports."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from tests.e2e import running
from tests.e2e.played import FINE
from tests.e2e.running import CAREFUL, ROOT, check, verdicts
from tests.sampling import sample

SPARRING = str(Path(sys.executable).with_name("sparring"))


@pytest.mark.parametrize("seed", sample(range(1, 21), 7))
@pytest.mark.parametrize(
    ("provider", "grant"), [("rotor", "client_credentials"), ("ingest", "authorization_code")], ids=["rotor", "ingest"]
)
def test_the_seed_changes_no_verdict(provider: str, grant: str, seed: int) -> None:
    """Four scenarios at a time, a twentieth of them with each of twenty seeds: the same verdicts as with seed 0."""
    settings = running.settings(provider, grant, *CAREFUL, jobs=4)
    first, again = (running.run(replace(settings, seed=number, shard=(seed, 20))) for number in (0, seed))
    assert verdicts(again) == verdicts(first), running.messages(again)
    assert set(verdicts(first).values()) <= FINE, running.messages(first)


@pytest.mark.parametrize(("provider", "driver"), [("ingest", "session"), ("clickview", "oneshot")])
def test_a_wrong_secret_is_one_cause(provider: str, driver: str) -> None:
    """One check fails, with its exchange; everything that depends on it is blocked and says so."""
    mode = ("--oneshot",) if driver == "oneshot" else ()
    env = {"SPARRING_CLIENT_SECRET": "wrong"}
    report = check(provider, "client_credentials", *CAREFUL, *mode, driver=driver, env=env)
    failing = [(r, c) for r in report.results for c in r.checks if c.verdict.value not in {"PASS", "SKIP"}]
    assert [(r.id, c.id) for r, c in failing] == [(report.results[0].id, "token-request-accepted")]
    result, cause = failing[0]
    assert "invalid_client" in cause.message
    assert "rfc6749/5.2/invalid-client" in cause.sources
    assert [e.endpoint for e in result.exchanges if e.n in cause.exchanges] == ["token"]
    others = [each for each in report.results[1:] if each.id != "always"]
    assert others
    assert {each.blocked_by for each in others} == {"token-request-accepted"}


def test_the_report_is_one_document_without_secrets(tmp_path: Path) -> None:
    """The JSON of protocol version 1, exit code 0, nothing on stdout, no token or secret in the file."""
    target = tmp_path / "report.json"
    command = [
        SPARRING,
        "check",
        "ingest",
        "--grant",
        "authorization_code",
        "--driver",
        "session",
        "--json",
        str(target),
    ]
    done = subprocess.run([*command, "--", *CAREFUL], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    text = target.read_text()
    report = json.loads(text)
    assert report["schema"] == 1
    assert (report["provider"], report["grant"], report["driver"]) == ("ingest", "authorization_code", "session")
    assert {"scenario", "verdict", "title", "profile", "duration_s", "checks"} <= set(report["results"][0])
    assert report["results"][-1]["scenario"] == "always"
    assert "eyJ" not in text


def test_calibration_finds_out_what_a_client_supports() -> None:
    """Without --supports the renewal scenarios run for a client that renews, and are skipped for one that cannot."""
    shown = check("ingest", "authorization_code", *CAREFUL, supports=None, scenarios=("refresh-rotation",))
    assert verdicts(shown)["refresh-rotation", "latest-refresh-token-is-used"] == "PASS"
    claimed = check("ingest", "authorization_code", *CAREFUL, supports=frozenset(), scenarios=("refresh-rotation",))
    assert verdicts(claimed)["refresh-rotation", "latest-refresh-token-is-used"] == "SKIP"


def test_short_real_lifetimes_stand_in_for_a_clock_that_cannot_be_moved() -> None:
    """A client whose lifetimes are monotonic is judged by real seconds."""
    wanted = ("refresh-rotation", "early-renewal")
    settings = running.settings("ingest", "authorization_code", *CAREFUL, scenarios=wanted)
    settings = replace(settings, client=replace(settings.client, monotonic_lifetimes=True))
    report = running.run(settings)
    assert verdicts(report)["refresh-rotation", "latest-refresh-token-is-used"] == "PASS"
    assert verdicts(report)["early-renewal", "token-is-renewed-before-its-end"] == "SKIP"
