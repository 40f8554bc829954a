"""``sparring judge`` on what real clients left on a stage, in each form in which somebody may have recorded it."""

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from sparring.harness.reports.json_report import document
from sparring.harness.scenarios import ALL, happy
from sparring.harness.traffic.archive import read_archive
from sparring.harness.traffic.recording import read_recording
from sparring.harness.traffic.verdicts import report_on
from sparring.harness.worlds.local import describe_providers
from tests.clients.broken.switches import SWITCHES
from tests.e2e.recorded import FORMS, recorded, write
from tests.e2e.running import BROKEN, CAREFUL
from tests.e2e.serving import SPARRING

GOOD = [(each["name"], grant) for each in describe_providers() for grant in each["grants"]]
FINE = {"PASS", "SKIP", "ALLOWED"}

ON_THE_WIRE = (
    "token-request-is-post",
    "token-content-type",
    "token-params-once",
    "auth-single-method",
    "secret-never-in-url",
    "secret-never-front-channel",
    "bearer-header-only",
    "code-single-use",
    "redirect-uri-equality",
    "state-is-fresh-and-random",
    "pkce-with-s256",
    "grant-type-is-spelt-right",
    "scope-is-comma-separated",
    "nonce-is-fresh",
    "no-password-grant",
)
"""Defects that any recording shows."""


def judged(folder: Path, *arguments: str) -> tuple[int, str, dict[str, Any]]:
    """Exit code, what it said, and the JSON report."""
    report = folder / "report.out"
    report.unlink(missing_ok=True)
    asked = [SPARRING, "judge", *arguments, "--quiet", "--json", str(report)]
    ended = subprocess.run(asked, cwd=folder, capture_output=True, text=True, timeout=60, check=False)
    return ended.returncode, ended.stderr, json.loads(report.read_text()) if report.exists() else {}


def decided(
    folder: Path, form: str, recording: Mapping[str, Any], provider: str | None = None
) -> tuple[int, dict[str, Any]]:
    """Exit code and report of that form, judged in this process."""
    option, path = write(folder, form, recording)
    traffic = read_archive(Path(path), provider) if option == "--har" else read_recording(Path(path))
    report = report_on(traffic, provider=provider)
    return report.exit_code(), document(report)


def blamed(report: dict[str, Any]) -> dict[str, str]:
    """Every verdict that is worse than fine, by check."""
    checks = [check for result in report["results"] for check in result["checks"]]
    return {check["id"]: check["verdict"] for check in checks if check["verdict"] not in FINE}


@pytest.mark.parametrize(("provider", "grant"), GOOD)
def test_the_careful_client_is_blamed_for_nothing(provider: str, grant: str, tmp_path: Path) -> None:
    """Whatever the form; and where everything is shown, much is decided."""
    recording = recorded(provider, grant, *CAREFUL)
    for form in FORMS:
        code, report = decided(tmp_path, form, recording, provider)
        assert (code, blamed(report)) == (0, {}), form
        assert (report["provider"], report["grant"], report["driver"]) == (provider, grant, "traffic only")
        passed = [c["id"] for r in report["results"] for c in r["checks"] if c["verdict"] == "PASS"]
        assert len(passed) >= 6, form
        assert all(c["message"] for r in report["results"] for c in r["checks"] if c["verdict"] == "SKIP")


@pytest.mark.parametrize("name", ON_THE_WIRE)
def test_a_broken_client_is_caught_by_its_traffic(name: str, tmp_path: Path) -> None:
    """By its own check alone, in every form, and no secret stands in the report."""
    switch = SWITCHES[name]
    recording = recorded(switch.provider, switch.grant, *BROKEN, "--switch", name, scenarios=switch.shows_in[:1])
    for form in FORMS:
        code, report = decided(tmp_path, form, recording, switch.provider)
        found = blamed(report)
        assert set(found) == {name}, f"{form}: {found}"
        assert code == (1 if found[name] == "FAIL" else 0), form
        for secret in secrets_of(recording["raw"]):
            assert secret not in json.dumps(report), form


def secrets_of(recording: dict[str, Any]) -> set[str]:
    """The tokens that the answers gave out."""
    found = set()
    for exchange in recording["exchanges"]:
        try:
            answer = json.loads(exchange["response_body"])
        except (TypeError, ValueError):
            continue
        if isinstance(answer, dict):
            found |= {str(answer[name]) for name in ("access_token", "refresh_token") if answer.get(name)}
    return found


def test_an_older_refresh_token_shows_in_all_of_ours(tmp_path: Path) -> None:
    """In another tool's archive as well, but there the stage's clock, which was moved, does not show."""
    name = "latest-refresh-token-is-used"
    switch = SWITCHES[name]
    chosen = next(one.id for one in ALL if any(check.id == name for check in one.checks))
    recording = recorded(switch.provider, switch.grant, *BROKEN, "--switch", name, scenarios=(chosen,))
    for form in ("raw", "redacted", "ours"):
        _, report = decided(tmp_path, form, recording, switch.provider)
        assert blamed(report) == {name: "FAIL"}, form


def test_a_token_at_another_host_shows_in_our_recordings_only(tmp_path: Path) -> None:
    """Which hosts are the client's own, nobody knows from another tool's archive."""
    switch = SWITCHES["token-never-to-other-host"]
    recording = recorded(switch.provider, switch.grant, *BROKEN, "--switch", "token-never-to-other-host")
    for form in FORMS:
        _, report = decided(tmp_path, form, recording, switch.provider)
        expected = {} if form == "theirs" else {"token-never-to-other-host": "FAIL"}
        assert blamed(report) == expected, form


def test_fingerprints_are_named_as_such(tmp_path: Path) -> None:
    """The verdict says by what it was reached, and names the fingerprints of the file."""
    recording = recorded("ingest", "client_credentials", *BROKEN, "--switch", "secret-never-in-url")
    words = {}
    for form in ("raw", "redacted"):
        _, report = decided(tmp_path, form, recording)
        (words[form],) = (
            check["message"] for result in report["results"] for check in result["checks"] if check["verdict"] == "FAIL"
        )
    assert (
        words["redacted"]
        == f"{words['raw']} The recording has fingerprints in the place of secrets: these were compared."
    )


def test_what_cannot_be_judged_is_told_in_one_sentence(tmp_path: Path) -> None:
    """Exit code 2, and no traceback."""
    recording = recorded("ingest", "client_credentials", *CAREFUL)
    option, path = write(tmp_path, "raw", recording)
    client = recording["raw"]["exchanges"][0]["facts"]["client"]
    wrong = tmp_path / "wrong.json"
    wrong.write_text('{"exchanges": [{"n": "one"}]}')
    empty = tmp_path / "empty.json"
    empty.write_text('{"exchanges": []}')
    for arguments, sentence in {
        (): "name one file: --recording FILE or --har FILE",
        (option, path, "--har", path): "name one file: --recording FILE or --har FILE",
        (option, path, "--provider", "ingst"): "unknown provider 'ingst'; did you mean 'ingest'?",
        (
            option,
            path,
            "--provider",
            "rotor",
        ): f"there is nothing of any client at rotor in this file; there is: {client} at ingest",
        (option, path, "--client-id", "x"): f"there is nothing of x in this file; there is: {client} at ingest",
        ("--har", path): f"{path} is a recording of the control port: give it to --recording",
        (
            "--recording",
            str(wrong),
        ): f"{wrong}, exchange 1: this is no exchange of a recording (Expected `int`, got `str` - at `$.n`)",
        ("--recording", str(empty)): "no request in this file went to an endpoint of a provider",
        ("--recording", str(tmp_path / "none")): f"{tmp_path / 'none'} cannot be read: No such file or directory",
    }.items():
        code, said, _ = judged(tmp_path, *arguments)
        assert (code, said) == (2, f"Error: {sentence}\n"), arguments
    code, said, report = judged(tmp_path, option, path, "--client-id", client, "--grant", "client_credentials")
    assert (code, report["grant"]) == (0, "client_credentials"), said


def test_markdown_has_the_same(tmp_path: Path) -> None:
    """The report of a run, marked."""
    recording = recorded("ingest", "client_credentials", *BROKEN, "--switch", "bearer-header-only")
    option, path = write(tmp_path, "raw", recording)
    page = tmp_path / "report.md"
    code, _, _ = judged(tmp_path, option, path, "--markdown", str(page))
    text = page.read_text()
    assert code == 1
    assert "Driver traffic only" in text
    assert "### FAIL: always · bearer-header-only" in text
    assert happy("ingest", "client_credentials").id not in text
