"""The report for a person: what runs, and at the end what is wrong, why, who says so, and the proof."""

import os
import sys
from collections import Counter

from rich.console import Console, Group
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from sparring.harness.judge import ScenarioResult
from sparring.harness.reports import SUMMARY_ORDER, RunReport
from sparring.harness.reports.summary import STYLES, Summary
from sparring.harness.verdict import Verdict

_WIDTH_OF_A_FILE = 120
_LINES_IN_A_FILE = 60
_WIDEST_BAR = 24
_STEPS = 10
"""Where there is no terminal, the counts are printed so often in a run."""

_WORTH_TELLING = 20
"""A run of fewer scenarios is over before anybody asks how far it is."""


def stderr_console() -> Console:
    """A console on stderr: colours where it is a terminal or FORCE_COLOR wants them, none where NO_COLOR is set."""
    if sys.stderr.isatty() or "COLUMNS" in os.environ:
        return Console(stderr=True, highlight=False)
    return Console(stderr=True, highlight=False, width=_WIDTH_OF_A_FILE)


class TerminalReport:
    """Live progress on a terminal, a line now and then elsewhere (neither when quiet), and a summary of a screen."""

    def __init__(self, console: Console | None = None, *, quiet: bool = False) -> None:
        self._console = console or stderr_console()
        screen = self._console.file.isatty() and not self._console.is_dumb_terminal
        self._is_live = screen and not quiet
        self._tells = not screen and not quiet
        self._height = self._console.height - 1 if screen else _LINES_IN_A_FILE
        self._live: Live | None = None
        self._running: list[str] = []
        self._counts: Counter[Verdict] = Counter()
        self._total = 0
        self._told = 0

    def started(self, total: int) -> None:
        """Begin the live lines."""
        self._total = total
        if self._is_live:
            self._live = Live(
                console=self._console, get_renderable=self._progress, transient=True, refresh_per_second=8
            )
            self._live.start()

    def scenario_started(self, id: str) -> None:  # noqa: A002
        """Show what runs."""
        self._running.append(id)

    def scenario_finished(self, result: ScenarioResult) -> None:
        """Count the verdict."""
        if result.id in self._running:
            self._running.remove(result.id)
        self._counts[result.verdict] += 1
        if self._tells and self._total >= _WORTH_TELLING:
            self._tell()

    def finished(self, report: RunReport) -> None:
        """End the live lines and print the summary."""
        if self._live is not None:
            self._live.stop()
            self._live = None
        for line in Summary(self._console, report, self._height).lines():
            self._console.print(line, no_wrap=True, overflow="ignore", crop=False)

    def _tell(self) -> None:
        """The counts in a plain line, whenever another tenth of the run is done."""
        tenth = self._counts.total() * _STEPS // self._total
        if tenth > self._told and self._counts.total() < self._total:
            self._told = tenth
            self._console.print(self._line(), no_wrap=True, overflow="ignore", crop=False)

    def _line(self) -> Text:
        """How far it is, and what came of it."""
        line = Text(f"{self._counts.total()}/{self._total}")
        for verdict in SUMMARY_ORDER:
            if self._counts[verdict]:
                line.append(f"  {verdict} {self._counts[verdict]}", style=STYLES[verdict])
        return line

    def _progress(self) -> Group:
        """A bar (which is drawn in colours) with the counts, and what runs now: two lines, however narrow it is."""
        wide = self._console.width
        counts = self._line()
        counts.no_wrap, counts.overflow = True, "ellipsis"
        grid = Table.grid(padding=(0, 1))
        room = min(_WIDEST_BAR, wide - counts.cell_len - 1)
        if room >= _WIDEST_BAR // 3 and not self._console.no_color:
            grid.add_row(ProgressBar(total=max(self._total, 1), completed=self._counts.total(), width=room), counts)
        else:
            grid.add_row(counts)
        running = Text(", ".join(self._running) or "judging", style="dim", no_wrap=True, overflow="ellipsis")
        return Group(grid, running)
