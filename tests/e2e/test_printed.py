"""Commands that only print where to sign in: nothing is driven but what they print and what is pasted."""

import shutil
import sys
from dataclasses import replace

import pytest

from sparring.harness.drivers.printed import Paste
from tests.e2e import running
from tests.e2e.running import ROOT, messages, verdicts

FOLDER = ROOT / "tests/clients/terminal"
PYTHON = (sys.executable, str(FOLDER / "paste.py"))
SHELL = ("sh", str(FOLDER / "paste_code.sh"))
SCENARIOS = ("state-mismatch", "callback-replayed", "token-error-with-200")
STATE, REPLAY = (
    ("state-mismatch", "no-token-request-after-forged-state"),
    ("callback-replayed", "callback-is-taken-once"),
)


@pytest.mark.parametrize(
    ("command", "paste", "pattern", "state", "replay"),
    [
        ((*PYTHON, "listen"), None, None, "PASS", "PASS"),
        ((*PYTHON, "url"), "url", None, "PASS", "SKIP"),
        ((*PYTHON, "code"), "code", None, "SKIP", "SKIP"),
        (SHELL, "code", r"login-page=<([^>]+)>", "SKIP", "SKIP"),
    ],
)
def test_a_command_at_a_terminal(
    command: tuple[str, ...], paste: Paste | None, pattern: str | None, state: str, replay: str
) -> None:
    """The login comes to its end; what cannot reach a client by pasting is skipped, and says so."""
    if command[0] == "sh" and not shutil.which("curl"):
        pytest.skip("there is no curl here")
    settings = running.settings("ingest", "authorization_code", *command, driver="oneshot", scenarios=SCENARIOS)
    report = running.run(replace(settings, client=replace(settings.client, paste=paste, visit_pattern=pattern)))
    found = verdicts(report)
    assert report.results[0].verdict.value == "PASS", messages(report)
    assert (found[STATE], found[REPLAY]) == (state, replay), messages(report)
    skipped = [check.message for result in report.results for check in result.checks if result.id == STATE[0]]
    if state == "SKIP":
        assert skipped == ["it is about the callback, of which only the code is pasted into this client"]
