"""Reports are listeners on a run's events. What a person reads goes to stderr or a terminal; files are for programs."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from sparring.harness.baseline import Entry, Reckoning, reckon
from sparring.harness.judge import ScenarioResult
from sparring.harness.verdict import Verdict, exit_code

SUMMARY_ORDER = (
    Verdict.PASS,
    Verdict.WARN,
    Verdict.FAIL,
    Verdict.ALLOWED,
    Verdict.SKIP,
    Verdict.INCONCLUSIVE,
    Verdict.HARNESS_ERROR,
)
"""The order in which every report counts verdicts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunReport:
    """A whole run: what was asked for, and the results in the order of the catalogue.

    ``baseline`` tells the failures that were expected, and the expectations that have become stale.
    """

    provider: str
    grant: str
    driver: str
    variant: str
    seed: int
    results: tuple[ScenarioResult, ...]
    version: str
    baseline: Reckoning = field(default_factory=Reckoning)

    def with_baseline(self, entries: Sequence[Entry]) -> "RunReport":
        """The same run, held against those entries."""
        return replace(self, baseline=reckon(entries, self.results))

    def exit_code(self) -> int:
        """0 for nothing worse than WARN beyond the baseline, 1 for FAIL or INCONCLUSIVE, 3 for HARNESS_ERROR."""
        return exit_code(self.baseline.verdicts(self.results))

    def counts(self) -> Mapping[Verdict, int]:
        """How many results came to each verdict, every verdict named."""
        seen = Counter(result.verdict for result in self.results)
        return {verdict: seen[verdict] for verdict in SUMMARY_ORDER}


class Listener(Protocol):
    """What a report is told while a run goes on. Scenarios may overlap."""

    def started(self, total: int) -> None:
        """The run begins; so many scenarios are planned."""

    def scenario_started(self, id: str) -> None:  # noqa: A002
        """A scenario begins."""

    def scenario_finished(self, result: ScenarioResult) -> None:
        """A scenario has its verdict."""

    def finished(self, report: RunReport) -> None:
        """The run is over."""
