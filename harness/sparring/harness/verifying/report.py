"""What was found, for people and as JSON."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from rich.console import Console
from rich.text import Text

from sparring.contracts.running import Verdict
from sparring.harness.verifying import Finding

_STYLES = {Verdict.HOLDS: "green", Verdict.DIFFERS: "bold red", Verdict.NOT_APPLICABLE: "dim"}


def counts(findings: Iterable[Finding]) -> dict[str, int]:
    """How often each verdict was given."""
    counted = Counter(finding.verdict for finding in findings)
    return {verdict.value: counted[verdict] for verdict in Verdict}


def as_json(provider: str, target: str, variant: str, findings: Sequence[Finding]) -> dict[str, Any]:
    """The JSON report."""
    return {
        "schema": 1,
        "provider": provider,
        "target": target,
        "variant": variant,
        "results": [_result(finding) for finding in findings],
        "summary": counts(findings),
    }


def _result(finding: Finding) -> dict[str, Any]:
    told: dict[str, Any] = {"id": finding.id, "case": finding.case, "verdict": finding.verdict.value}
    told |= {"mark": finding.mark, "sources": [finding.source]}
    if finding.verdict is Verdict.NOT_APPLICABLE:
        told["reason"] = finding.reason
    elif finding.verdict is Verdict.DIFFERS:
        told["differences"] = [
            {"path": each.path, "expected": each.expected, "got": each.got} for each in finding.differences
        ]
    return told


def print_table(console: Console, provider: str, findings: Sequence[Finding], *, quiet: bool) -> None:
    """A line for every finding (when quiet, only for what differs), and the counts."""
    shown = [each for each in findings if not quiet or each.verdict is Verdict.DIFFERS]
    widths = [max((len(text) for text in texts), default=0) for texts in zip(*map(_cells, shown), strict=True)]
    for finding in shown:
        verdict, name, mark = (cell.ljust(width) for cell, width in zip(_cells(finding), widths, strict=True))
        row = Text.assemble((verdict, _STYLES[finding.verdict]), "  ", name, "  ", (mark, "dim"))
        console.print(row.append("  ").append(_why(finding)), soft_wrap=True)  # an id is there to be copied, whole
    line = Text(provider, style="bold")
    for verdict, count in counts(findings).items():
        if count:
            line.append(f"  {verdict} {count}", style=_STYLES[Verdict(verdict)])
    console.print(line)


def _cells(finding: Finding) -> tuple[str, str, str]:
    return str(finding.verdict), _plain(finding.name).plain, finding.mark


def _why(finding: Finding) -> Text:
    if finding.verdict is Verdict.DIFFERS:
        return Text("; ".join(_plain(str(each)).plain for each in finding.differences))
    return Text(_plain(finding.reason).plain, "dim")


def _plain(text: str) -> Text:
    """The text without control characters: a server's words must not steer the terminal."""
    return Text("".join(letter if letter.isprintable() else " " for letter in text))
