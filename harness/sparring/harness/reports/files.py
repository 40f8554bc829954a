"""A report in a file, for a program or a page: written once, when the run is over."""

from collections.abc import Callable
from pathlib import Path

from sparring.harness.judge import ScenarioResult
from sparring.harness.reports import RunReport


class FileReport:
    """Renders the whole run into a file at its end."""

    def __init__(self, path: Path, render: Callable[[RunReport], str]) -> None:
        self._path = path
        self._render = render

    def started(self, total: int) -> None:
        """Nothing is written before the end."""

    def scenario_started(self, id: str) -> None:  # noqa: A002
        """Nothing is written before the end."""

    def scenario_finished(self, result: ScenarioResult) -> None:
        """Nothing is written before the end."""

    def finished(self, report: RunReport) -> None:
        """Write the document."""
        self._path.write_text(self._render(report), encoding="utf-8")
