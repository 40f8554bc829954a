"""The terminal report: what a person reads, on a terminal and in a file."""

import io
import re
from dataclasses import replace
from typing import Literal

import pytest
from rich.cells import cell_len
from rich.console import Console

from sparring.harness.evidence import Step
from sparring.harness.judge import judge
from sparring.harness.reports import Listener, RunReport
from sparring.harness.reports.terminal import TerminalReport, stderr_console
from sparring.harness.scenarios import scenario
from tests.harness.checks.builder import CODE, SECRET, api, evidence, exchange_code, refused, steps, token, visit
from tests.harness.reports.runs import blocked_run, run, sample

SUMMARY = """\
FAIL state-mismatch · no-token-request-after-forged-state
  The callback came with a forged state, and the client exchanged its code.
  Why: Without that comparison an attacker can log a victim in with the attacker's account, and then
  reads what the victim stores there.
  Mend: Compare the callback's state with the one kept for this browser, and refuse any other.
  RFC 6749 10.12: "The client MUST implement CSRF protection for its redirection URI."
  RFC 9700 2.1: "Clients MUST prevent Cross-Site Request Forgery (CSRF)."
  #3 POST https://127.0.0.1:9405/token -> 200  [ingest/token/issued]

WARN api-401-refresh-once · one-renewal-after-401
  The 401 was reported (retry-later) without trying a renewal.
  Why: A client that trusts its own clock alone keeps failing with a withdrawn token, up to its
  expiry.
  Mend: On a 401, drop the access token, renew once, repeat the call once, and then report the
  error.
  RFC 6750 3.1: "The client MAY request a new access token and retry the protected resource
  request."
  Ingest: Developer Center / Authentication, Refreshing your token: "Utilizing either of the
  mechanisms above or waiting to receive an Unauthorized call from the API, you'll eventually want
  to get a new access token."
  #3 GET https://127.0.0.1:9405/videos -> 401

ingest authorization_code (session)  PASS 2  WARN 1  FAIL 1  SKIP 1
"""


class Screen(io.StringIO):
    """A file that says it is a terminal."""

    def isatty(self) -> bool:
        """It is one."""
        return True


def _printed(
    report: RunReport,
    *,
    screen: bool = False,
    quiet: bool = False,
    color: Literal["standard"] | None = None,
    width: int = 100,
    height: int = 50,
) -> str:
    out = Screen() if screen else io.StringIO()
    console = Console(
        file=out,
        width=width,
        height=height,
        force_terminal=screen or color is not None,
        color_system=color,
        _environ={},
    )
    listener: Listener = TerminalReport(console, quiet=quiet)
    listener.started(len(report.results))
    for result in report.results:
        listener.scenario_started(result.id)
        listener.scenario_finished(result)
    listener.finished(report)
    return out.getvalue()


def _shown(printed: str) -> list[str]:
    """The lines that stay on the screen."""
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", printed.rpartition("\x1b[?25h")[2]).replace("\r", "").splitlines()


def test_the_summary() -> None:
    """What is wrong, why, who says so, and the proof."""
    assert _printed(sample()) == SUMMARY


def test_elsewhere_than_on_a_terminal_there_is_no_live_line_and_no_colour() -> None:
    """A log file gets the summary of a short run alone."""
    assert "\x1b" not in _printed(sample())
    assert _printed(sample(), quiet=True) == SUMMARY


def test_a_log_file_is_told_how_far_a_long_run_is() -> None:
    """In plain lines, a tenth each; with --quiet in none."""
    results = [judge(scenario("cache-until-expiry"), evidence(token(1), api(2), api(3))) for _ in range(40)]
    lines = _printed(run(*results)).splitlines()
    assert lines == [f"{4 * n}/40  PASS {4 * n}" for n in range(1, 10)] + [
        "ingest authorization_code (session)  PASS 40"
    ]
    assert _printed(run(*results), quiet=True).splitlines() == lines[-1:]


def test_colours_that_are_wanted_bring_no_live_lines_into_a_file() -> None:
    """FORCE_COLOR in a CI job colours its log, and moves no cursor."""
    printed = _printed(sample(), color="standard")
    assert "\x1b[1;31mFAIL" in printed
    assert not re.findall(r"\x1b\[[0-9;?]*[A-HJKST-hl]", printed)


def test_on_a_terminal_there_is_a_live_line() -> None:
    """And with --quiet there is none."""
    assert "\x1b[?25l" in _printed(sample(), screen=True)
    assert "\x1b[?25l" not in _printed(sample(), screen=True, quiet=True)


@pytest.mark.parametrize("width", [20, 40, 80, 200])
def test_the_live_lines_are_two_and_fit(width: int) -> None:
    """So many of so many, by verdict; and what runs, as much of it as there is room for."""
    console = Console(file=Screen(), width=width, height=24, force_terminal=True, _environ={})
    listener = TerminalReport(console)
    for name in ("state-missing", "state-mismatch", "authz-error-access-denied"):
        listener.scenario_started(name)
    listener._total = 5
    listener.scenario_finished(sample().results[1])
    with console.capture() as captured:
        console.print(listener._progress())
    lines = [line.rstrip() for line in _shown(captured.get())]
    assert len(lines) == 2
    assert all(cell_len(line) <= width for line in lines)
    assert "1/5" in lines[0]
    assert lines[1].startswith("state-missing, aut")


@pytest.mark.parametrize(("width", "height"), [(80, 24), (120, 40), (40, 24)])
def test_a_summary_fits_a_screen(width: int, height: int) -> None:
    """However much is wrong: the worst with its reason and proof, then as many as there is room for."""
    worst = sample().results[1]
    report = run(*(replace(worst, id=f"state-mismatch-{n}") for n in range(60)))
    lines = _shown(_printed(report, screen=True, width=width, height=height))
    assert len(lines) < height
    assert len(lines) > height - 8
    assert all(cell_len(line) <= width for line in lines)
    assert "state-mismatch-0" in lines[0]
    assert any("Why: Without" in line for line in lines)
    assert any("#3 POST" in line for line in lines)
    assert any(line.startswith("and ") and "more" in line for line in lines)
    assert "FAIL 60" in " ".join(lines[-2:])


def test_a_failed_happy_path_is_one_cause() -> None:
    """What depends on it is counted, not repeated."""
    printed = _printed(blocked_run())
    assert printed.startswith("FAIL ingest-happy-code · client-starts\n")
    assert printed.count("FAIL ingest") == 1
    assert "3 scenario(s) not run: blocked by ingest-happy-code: client-starts" in printed


def test_a_long_list_is_cut() -> None:
    """Also in a file; the JSON report has the rest."""
    results = [judge(scenario("cache-until-expiry"), evidence(token(1), steps=steps("config"))) for _ in range(30)]
    printed = _printed(run(*results))
    assert len([line for line in printed.splitlines() if line.startswith("FAIL cache")]) == 30
    assert "and 127 more" in _printed(run(*(results * 6)))
    assert len(_printed(run(*(results * 6)), quiet=True).splitlines()) == 60


def test_secrets_and_control_characters_of_the_client_are_not_repeated() -> None:
    """A detail is the client's own text."""
    step = Step(id=1, do="authenticate", outcome="config", detail=f"\x1b[2Jused {SECRET}")
    answer = exchange_code(1, status=401, answer=refused("invalid_client", "\x1b]0;title\x07"), query={"code": CODE})
    printed = _printed(run(judge(scenario("ingest-happy-code"), evidence(answer, visits=(visit(),), steps=(step,)))))
    assert "\x1b" not in printed
    assert SECRET not in printed
    assert CODE not in printed


def test_no_color_is_respected(monkeypatch: pytest.MonkeyPatch) -> None:
    """https://no-color.org."""
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert stderr_console().no_color
    assert stderr_console().stderr


def test_a_file_gets_wide_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    """Eighty columns are for terminals; COLUMNS is for whoever sets it."""
    monkeypatch.setattr("sys.stderr", io.StringIO())
    monkeypatch.delenv("COLUMNS", raising=False)
    assert stderr_console().width == 120
    monkeypatch.setenv("COLUMNS", "66")
    assert stderr_console().width == 66
