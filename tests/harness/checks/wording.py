"""What every check says, word for word: ``python -m tests.harness.checks.wording`` writes it down again.

The verdicts' words and the exchanges that they point at are what a developer gets; a change of them is meant to be read
as a change of ``wording.txt``.

``crossing.txt`` has, for each check, what it makes of the evidence of all
others, and of what is near its own: how often it came to which verdict, and a digest of all that it said.
``python -m tests.harness.checks.wording CHECK`` prints that at length.
"""

import hashlib
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from sparring.harness import checks
from sparring.harness.judge import judge
from sparring.harness.scenario import Check
from sparring.harness.scenarios import happy
from sparring.harness.verdict import Verdict
from tests.harness.checks import test_always, test_happy, test_trials
from tests.harness.checks.cases import Case, find
from tests.harness.checks.nearby import nearby

PAGE = Path(__file__).with_name("wording.txt")
CROSSING = PAGE.with_name("crossing.txt")
CASES: tuple[Case, ...] = (*test_always.CASES, *test_trials.CASES)


def _line(name: str, verdict: Verdict, message: str, exchanges: tuple[int, ...]) -> str:
    proof = "".join(f" #{number}" for number in exchanges)
    return f"{name} | {verdict}{proof} | {message}".replace("\n", "\\n")


def _cases() -> Iterator[str]:
    for case in CASES:
        finding = find(case)
        yield _line(case.label, finding.verdict, finding.message, finding.exchanges)


def _ladder() -> Iterator[str]:
    told = {
        "ingest": ("authorization_code", test_happy.CAUSES),
        "rotor": ("client_credentials", test_happy.ROTOR_CAUSES),
    }
    for provider, (grant, causes) in told.items():
        for rung, words, seen in causes:
            for check in judge(happy(provider, grant), replace(seen, provider=provider)).checks:
                yield _line(f"{rung} ({words}): {check.id}", check.verdict, check.message, check.exchanges)


def lines() -> list[str]:
    """One line for each case: its name, the verdict, the exchanges that prove it, the message."""
    return sorted([*_cases(), *_ladder()])


def crossed(check: Check) -> list[str]:
    """What the check makes of every case there is, whoever it was made for, and of what is near its own."""
    own = [case for case in CASES if case.check == check.id]
    near = [(f"{case.label}~{n}", seen) for case in own for n, seen in enumerate(nearby(case.evidence))]
    told = []
    for name, seen in [*((case.label, case.evidence) for case in CASES), *near]:
        finding = check.judge(seen)
        told.append(_line(name, finding.verdict, finding.message, finding.exchanges))
    return told


def summary(check: Check) -> str:
    """The same in one line."""
    told = crossed(check)
    counted = Counter(line.split(" | ")[1].split()[0] for line in told)
    digest = hashlib.sha256("\n".join(told).encode()).hexdigest()[:16]
    return f"{check.id} | {', '.join(f'{verdict} {count}' for verdict, count in sorted(counted.items()))} | {digest}"


def main(arguments: Sequence[str]) -> None:
    """Write both files, or print what the named checks say of everything."""
    for name in arguments:
        print("\n".join(crossed(checks.check(name))))
    if not arguments:
        PAGE.write_text("\n".join(lines()) + "\n", encoding="utf-8")
        CROSSING.write_text("\n".join(summary(check) for check in checks.ALL) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
