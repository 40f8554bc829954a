"""The terminal report: what a person reads, on a terminal and in a file."""

import io

import pytest
from rich.console import Console

from sparring.harness.evidence import Step
from sparring.harness.judge import judge
from sparring.harness.reports import Listener, RunReport
from sparring.harness.reports.terminal import TerminalReport, stderr_console
from sparring.harness.scenarios import scenario
from tests.harness.checks.builder import CODE, SECRET, evidence, exchange_code, refused, steps, token, visit
from tests.harness.reports.runs import blocked_run, run, sample

SUMMARY = """\
FAIL state-mismatch · no-token-request-after-forged-state
  The callback came with a forged state, and the client exchanged its code.
  Why: Without that comparison an attacker can log a victim in with the attacker's account, and then
  reads what the victim stores there.
  Mend: Compare the callback's state with the one kept for this browser, and refuse any other.
  RFC 6749 10.12: "The client MUST implement CSRF protection for its redirection URI."
  RFC 9700 2.1: "Clients MUST prevent Cross-Site Request Forgery (CSRF)."
  #3 POST https://127.0.0.1:9405/token
     -> 200  [ingest/token/issued]

WARN api-401-refresh-once · one-renewal-after-401: The 401 was reported (retry-later) without trying
a renewal.
ingest authorization_code (session)  PASS 2  WARN 1  FAIL 1  SKIP 1
"""


def _printed(report: RunReport, *, terminal: bool = False, quiet: bool = False, color: str | None = None) -> str:
    out = io.StringIO()
    console = Console(file=out, width=100, force_terminal=terminal, color_system="standard" if color else None)
    listener: Listener = TerminalReport(console, quiet=quiet)
    listener.started(len(report.results))
    for result in report.results:
        listener.scenario_started(result.id)
        listener.scenario_finished(result)
    listener.finished(report)
    return out.getvalue()


def test_the_summary() -> None:
    """What is wrong, why, who says so, and the proof."""
    assert _printed(sample()) == SUMMARY


def test_elsewhere_than_on_a_terminal_there_is_no_live_line_and_no_colour() -> None:
    """A log file gets the summary alone."""
    assert "\x1b" not in _printed(sample())
    assert _printed(sample(), quiet=True) == SUMMARY


def test_on_a_terminal_there_is_a_live_line() -> None:
    """And with --quiet there is none."""
    assert "\x1b[?25l" in _printed(sample(), terminal=True)
    assert "\x1b[?25l" not in _printed(sample(), terminal=True, quiet=True)


def test_the_counts_of_the_live_line() -> None:
    """So many of so many, by verdict, and what runs."""
    listener = TerminalReport(Console(file=io.StringIO(), force_terminal=False))
    listener.started(5)
    listener.scenario_started("state-missing")
    listener.scenario_finished(sample().results[1])
    assert listener._progress().plain == "1/5  FAIL 1  state-missing"


def test_a_failed_happy_path_is_one_cause() -> None:
    """What depends on it is counted, not repeated."""
    printed = _printed(blocked_run())
    assert printed.startswith("FAIL ingest-happy-code · client-starts\n")
    assert printed.count("FAIL ingest") == 1
    assert "3 scenario(s) not run: blocked by ingest-happy-code: client-starts" in printed


def test_a_long_list_is_cut() -> None:
    """It fits a screen; the JSON report has the rest."""
    results = [judge(scenario("cache-until-expiry"), evidence(token(1), steps=steps("config"))) for _ in range(30)]
    printed = _printed(run(*results))
    assert "and 15 more" in printed
    assert len(printed.splitlines()) < 50


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
    """Eighty columns are for terminals."""
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    monkeypatch.delenv("TTY_COMPATIBLE", raising=False)
    assert stderr_console().width in {120, Console(stderr=True).width}
