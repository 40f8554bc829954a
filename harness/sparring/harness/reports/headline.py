"""A run in a sentence: what a person reads first."""

from collections import Counter

from sparring.harness.judge import ScenarioResult
from sparring.harness.reports import RunReport
from sparring.harness.verdict import Verdict

_WRONG = (Verdict.FAIL, Verdict.INCONCLUSIVE, Verdict.HARNESS_ERROR)


def headline(report: RunReport) -> tuple[str, str]:
    """The run in a sentence, and its tone: good, bad, or warn."""
    wrong = Counter(result.verdict for result in report.results if _is_wrong(report, result))
    words = {
        Verdict.HARNESS_ERROR: "{} could not be judged: the harness itself failed",
        Verdict.FAIL: "{} failed",
        Verdict.INCONCLUSIVE: "{} proved nothing",
    }
    told = [words[verdict].format(f"{wrong[verdict]} of {len(report.results)}") for verdict in words if wrong[verdict]]
    if told or report.baseline.stale:
        stale = [f"{len(report.baseline.stale)} expected and did not fail"] if report.baseline.stale else []
        return f"{', '.join((*told, *stale))}.", "bad"
    warned = report.counts()[Verdict.WARN]
    if warned:
        return f"Nothing failed; {warned} of {len(report.results)} results are warnings.", "warn"
    return "Nothing to complain of.", "good"


def _is_wrong(report: RunReport, result: ScenarioResult) -> bool:
    """Whether it fails the run: by a check that the baseline does not excuse."""
    unexpected = {check.verdict for check in result.checks if not report.baseline.is_expected(result, check)}
    return result.verdict in _WRONG and result.verdict in unexpected
