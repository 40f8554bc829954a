"""The report for a person: what runs, and at the end what is wrong, why, who says so, and the proof."""

from collections import Counter

from rich.console import Console
from rich.status import Status
from rich.text import Text

from sparring.harness.evidence import Exchange
from sparring.harness.judge import CheckResult, ScenarioResult
from sparring.harness.reports import SUMMARY_ORDER, RunReport
from sparring.harness.reports.redact import Redactor
from sparring.harness.reports.sources import sentence
from sparring.harness.verdict import Verdict

_STYLES = {
    Verdict.PASS: "green",
    Verdict.ALLOWED: "green",
    Verdict.SKIP: "dim",
    Verdict.WARN: "yellow",
    Verdict.INCONCLUSIVE: "magenta",
    Verdict.FAIL: "bold red",
    Verdict.HARNESS_ERROR: "bold red reverse",
}
_WORST_FIRST = (Verdict.HARNESS_ERROR, Verdict.FAIL, Verdict.INCONCLUSIVE, Verdict.WARN)
_IN_FULL = 3
_IN_A_LINE = 12
_SENTENCES = 2
_WIDTH_OF_A_FILE = 120


def stderr_console() -> Console:
    """A console on stderr; colours and live lines only where it is a terminal and NO_COLOR is unset."""
    console = Console(stderr=True, highlight=False)
    return console if console.is_terminal else Console(stderr=True, highlight=False, width=_WIDTH_OF_A_FILE)


def _plain(text: str) -> str:
    """The text in one line, without control characters: a client's words must not steer the terminal."""
    return "".join(letter if letter.isprintable() else " " for letter in text)


class TerminalReport:
    """Live progress on a terminal (never elsewhere, never when quiet), and a summary that fits a screen."""

    def __init__(self, console: Console | None = None, *, quiet: bool = False) -> None:
        self._console = console or stderr_console()
        self._live = self._console.is_terminal and not quiet
        self._status: Status | None = None
        self._running: list[str] = []
        self._counts: Counter[Verdict] = Counter()
        self._total = 0

    def started(self, total: int) -> None:
        """Begin the live line."""
        self._total = total
        if self._live:
            self._status = self._console.status(self._progress())
            self._status.start()

    def scenario_started(self, id: str) -> None:  # noqa: A002
        """Show what runs."""
        self._running.append(id)
        self._update()

    def scenario_finished(self, result: ScenarioResult) -> None:
        """Count the verdict."""
        if result.id in self._running:
            self._running.remove(result.id)
        self._counts[result.verdict] += 1
        self._update()

    def finished(self, report: RunReport) -> None:
        """End the live line and print the summary."""
        if self._status is not None:
            self._status.stop()
            self._status = None
        self._summary(report)

    def _update(self) -> None:
        if self._status is not None:
            self._status.update(self._progress())

    def _progress(self) -> Text:
        line = Text(f"{self._counts.total()}/{self._total}")
        for verdict in SUMMARY_ORDER:
            if self._counts[verdict]:
                line.append(f"  {verdict} {self._counts[verdict]}", style=_STYLES[verdict])
        return line.append(f"  {', '.join(self._running)}", style="dim")

    def _summary(self, report: RunReport) -> None:
        worst_first = sorted(
            (
                (result, check)
                for result in report.results
                for check in result.checks
                if check.verdict in _WORST_FIRST and not report.baseline.is_expected(result, check)
            ),
            key=lambda pair: _WORST_FIRST.index(pair[1].verdict),
        )
        full = [pair for pair in worst_first if pair[1].verdict is not Verdict.WARN][:_IN_FULL]
        short = [pair for pair in worst_first if not any(pair is shown for shown in full)]
        for result, check in full:
            self._in_full(result, check)
        for result, check in short[:_IN_A_LINE]:
            self._line(result, check)
        if len(short) > _IN_A_LINE:
            self._print(Text(f"and {len(short) - _IN_A_LINE} more; `--json FILE` has them all", style="dim"))
        self._blocked(report)
        self._against_baseline(report)
        self._total_line(report)

    def _print(self, text: Text, indent: int = 0) -> None:
        for line in text.wrap(self._console, self._console.width - indent):
            line.rstrip()
            self._console.print(Text(" " * indent).append_text(line))

    def _line(self, result: ScenarioResult, check: CheckResult) -> None:
        message = _plain(Redactor(result.secrets).text(check.message))
        line = Text(f"{check.verdict} ", style=_STYLES[check.verdict])
        line.append(f"{result.id} · {check.id}: ", style="bold").append(message, style="default")
        self._print(line)

    def _in_full(self, result: ScenarioResult, check: CheckResult) -> None:
        redactor = Redactor(result.secrets)
        head = Text(f"{check.verdict} ", style=_STYLES[check.verdict])
        self._print(head.append(f"{result.id} · {check.id}", style="bold"))
        self._print(Text(_plain(redactor.text(check.message))), 2)
        if check.why:
            self._print(Text(f"Why: {check.why}"), 2)
        if check.mend:
            self._print(Text(f"Mend: {check.mend}"), 2)
        for source in check.sources[:_SENTENCES]:
            self._print(Text(sentence(source), style="dim"), 2)
        proving = [exchange for exchange in result.exchanges if exchange.n in check.exchanges]
        if proving:
            self._proof(proving[-1], redactor)
        self._console.print()

    def _proof(self, exchange: Exchange, redactor: Redactor) -> None:
        asked = Text(_plain(f"#{exchange.n} {exchange.method} {redactor.url(exchange.url)}"))
        asked.no_wrap, asked.overflow = True, "ellipsis"
        self._print(asked, 2)
        status = "no answer" if exchange.status is None else str(exchange.status)
        rule = f"  [{exchange.rule}]" if exchange.rule else ""
        self._print(Text(_plain(f"   -> {status}{rule}")), 2)

    def _blocked(self, report: RunReport) -> None:
        causes = Counter(result.blocked_by for result in report.results if result.blocked_by)
        for cause, times in causes.items():
            self._print(Text(f"{times} scenario(s) not run: blocked by {cause}", style="dim"))

    def _against_baseline(self, report: RunReport) -> None:
        if report.baseline.expected:
            self._print(Text(f"{len(report.baseline.expected)} failure(s) as the baseline expects", style="dim"))
        for entry in report.baseline.stale:
            line = Text("STALE ", style=_STYLES[Verdict.FAIL])
            self._print(
                line.append(f"the baseline expects {entry} to fail, and it did not: remove the entry", "default")
            )

    def _total_line(self, report: RunReport) -> None:
        line = Text(f"{report.provider} {report.grant} ({report.driver})")
        for verdict, count in report.counts().items():
            if count:
                line.append(f"  {verdict} {count}", style=_STYLES[verdict])
        self._print(line)
