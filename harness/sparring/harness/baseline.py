"""Expected failures: what is known to be wrong, written down, so that a run turns red over anything else only."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import msgspec
import yaml

from sparring.contracts.yamls import read_yaml
from sparring.harness.judge import CheckResult, ScenarioResult
from sparring.harness.verdict import Verdict

SCHEMA = 1
EXPECTABLE = frozenset({Verdict.FAIL, Verdict.INCONCLUSIVE})
"""What a baseline can excuse: a HARNESS_ERROR never, and what is no worse than WARN needs none."""


class BaselineError(ValueError):
    """A baseline that cannot be read or written; the text is one sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One expected failure: a check in a scenario, a whole scenario (no check), or a check anywhere (no scenario).

    ``verdict`` None excuses whatever can be excused; ``reason`` is for whoever reads the file.
    """

    scenario: str | None = None
    check: str | None = None
    verdict: Literal["FAIL", "INCONCLUSIVE"] | None = None
    reason: str = ""

    def __str__(self) -> str:
        return " · ".join(part for part in (self.scenario, self.check) if part)

    def fits(self, result: ScenarioResult, check: CheckResult) -> bool:
        """Whether it is about that check there."""
        return self.scenario in {None, result.id} and self.check in {None, check.id}

    def excuses(self, result: ScenarioResult, check: CheckResult) -> bool:
        """Whether that failure was to be expected."""
        return self.fits(result, check) and check.verdict in EXPECTABLE and self.verdict in {None, check.verdict.value}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reckoning:
    """What a baseline makes of a run: what was expected, and which entries are stale: they ran, and did not fail."""

    expected: frozenset[tuple[str, str]] = frozenset()
    stale: tuple[Entry, ...] = ()

    def is_expected(self, result: ScenarioResult, check: CheckResult) -> bool:
        """Whether that failure stands in the baseline."""
        return (result.id, check.id) in self.expected

    def verdicts(self, results: Iterable[ScenarioResult]) -> Iterable[Verdict]:
        """The verdicts that decide about the run, the expected failures left out, a stale entry as a failure."""
        for result in results:
            for check in result.checks:
                if not self.is_expected(result, check):
                    yield check.verdict
            if not result.checks:
                yield result.verdict
        yield from (Verdict.FAIL for _ in self.stale)


def reckon(entries: Sequence[Entry], results: Sequence[ScenarioResult]) -> Reckoning:
    """Hold a run against its baseline. What was skipped or blocked did not run, so nothing about it is stale."""
    seen = [(result, check) for result in results for check in result.checks]
    expected = {
        (result.id, check.id) for result, check in seen if any(entry.excuses(result, check) for entry in entries)
    }
    stale = [
        entry
        for entry in entries
        if any(entry.fits(result, check) and check.verdict is not Verdict.SKIP for result, check in seen)
        and not any(entry.excuses(result, check) for result, check in seen)
    ]
    return Reckoning(expected=frozenset(expected), stale=tuple(stale))


def read_baseline(path: Path, scenarios: Iterable[str], checks: Iterable[str]) -> tuple[Entry, ...]:
    """The entries of that file; ids that do not exist are errors. BaselineError."""
    try:
        document = read_yaml(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise BaselineError(f"{path} cannot be read: {' '.join(str(error).split())}") from error
    if not isinstance(document, dict) or document.get("schema") != SCHEMA or set(document) != {"schema", "expected"}:
        raise BaselineError(f"{path}: a baseline has the members `schema: {SCHEMA}` and `expected`")
    rows = document["expected"]
    if not isinstance(rows, list):
        raise BaselineError(f"{path}: `expected` is a list")
    known = {"scenario": frozenset(scenarios), "check": frozenset(checks)}
    return tuple(_entry(row, f"{path}, entry {number}", known) for number, row in enumerate(rows, start=1))


def _entry(row: object, where: str, known: Mapping[str, frozenset[str]]) -> Entry:
    try:
        entry = msgspec.convert(row, Entry)
    except msgspec.ValidationError as error:
        raise BaselineError(f"{where}: {error}") from error
    unknown = sorted(set(row) - {"scenario", "check", "verdict", "reason"}) if isinstance(row, dict) else []
    if unknown:
        raise BaselineError(f"{where}: unknown member {unknown[0]!r}")
    if entry.scenario is None and entry.check is None:
        raise BaselineError(f"{where}: it names neither a scenario nor a check")
    for kind, names in known.items():
        name = getattr(entry, kind)
        if name is not None and name not in names:
            raise BaselineError(f"{where}: there is no {kind} {name!r}")
    return entry


def updated(entries: Sequence[Entry], results: Sequence[ScenarioResult]) -> tuple[Entry, ...]:
    """The baseline that fits that run: stale entries go, what still holds or did not run stays, failures are added."""
    reckoning = reckon(entries, results)
    kept = [entry for entry in entries if entry not in reckoning.stale]
    added = [
        Entry(scenario=result.id, check=check.id, verdict="FAIL" if check.verdict is Verdict.FAIL else "INCONCLUSIVE")
        for result in results
        for check in result.checks
        if check.verdict in EXPECTABLE and not reckoning.is_expected(result, check)
    ]
    return (*kept, *added)


def write_baseline(path: Path, entries: Iterable[Entry]) -> None:
    """Write the file anew. BaselineError."""
    rows = [
        {name: value for name in Entry.__slots__ if (value := getattr(entry, name)) not in {None, ""}}
        for entry in sorted(entries, key=lambda entry: (entry.scenario or "", entry.check or ""))
    ]
    text = yaml.safe_dump({"schema": SCHEMA, "expected": rows}, sort_keys=False, allow_unicode=True, width=120)
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise BaselineError(f"{path} cannot be written: {error.strerror}") from error
