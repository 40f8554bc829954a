"""A row of the tables by which each check is tried."""

from typing import NamedTuple

from sparring.harness import checks
from sparring.harness.evidence import Evidence
from sparring.harness.verdict import Finding, Verdict


class Case(NamedTuple):
    """One piece of evidence and what a check must make of it; ``says`` must be in the message."""

    check: str
    name: str
    evidence: Evidence
    verdict: Verdict
    says: str = ""

    @property
    def label(self) -> str:
        """The name of the test."""
        return f"{self.check}-{self.name}"


def find(case: Case) -> Finding:
    """What the check makes of the evidence."""
    return checks.check(case.check).judge(case.evidence)


def holds(case: Case) -> None:
    """Assert verdict and words."""
    finding = find(case)
    assert finding.verdict is case.verdict, finding.message
    assert case.says in finding.message
