"""One cell for a library, a grant and a scenario, from the verdict files."""

from collections.abc import Mapping, Sequence
from typing import Any

Json = Mapping[str, Any]
Column = tuple[str, str]
"""A library's folder and a grant."""

MARKS = {
    "HARNESS_ERROR": "?",
    "FAIL": "**fail**",
    "INCONCLUSIVE": "?",
    "WARN": "warn",
    "ALLOWED": "may",
    "PASS": "+",
}
"""The worst first: a cell is the worst of the providers."""
NOT_PLAYED = ""


def columns(files: Mapping[str, Json]) -> list[Column]:
    """The columns, in the order of the libraries and their runs."""
    return list(dict.fromkeys((folder, run["grant"]) for folder, kept in files.items() for run in kept["runs"]))


def cells(files: Mapping[str, Json]) -> dict[str, dict[Column, str]]:
    """By scenario and column: the worst verdict among the providers. Absent where it was not played."""
    table: dict[str, dict[Column, str]] = {}
    worst = list(MARKS)
    for folder, kept in files.items():
        for run in kept["runs"]:
            for scenario, verdict in run["verdicts"].items():
                row = table.setdefault(scenario, {})
                here = row.get((folder, run["grant"]), verdict)
                row[folder, run["grant"]] = min(here, verdict, key=worst.index)
    return table


def telling(table: Mapping[str, Mapping[Column, str]]) -> list[str]:
    """The scenarios in which some library fails or is warned about, the most failures first."""

    def badness(scenario: str) -> tuple[int, int, str]:
        row = list(table[scenario].values())
        return -row.count("FAIL"), -row.count("WARN"), scenario

    return sorted((each for each in table if {"FAIL", "WARN"} & set(table[each].values())), key=badness)


def failures(files: Mapping[str, Json]) -> dict[tuple[str, str], set[str]]:
    """The scenarios of every failure, by folder and check."""
    found: dict[tuple[str, str], set[str]] = {}
    for folder, kept in files.items():
        for run in kept["runs"]:
            for scenario, checks in run["checks"].items():
                for check in (check for check, verdict in checks.items() if verdict == "FAIL"):
                    found.setdefault((folder, check), set()).add(scenario)
    return found


def summary(runs: Sequence[Json], grant: str) -> str:
    """How many scenarios passed, were warned about and failed at each provider."""
    shown = []
    for run in (run for run in runs if run["grant"] == grant):
        counts = run["summary"]
        words = (f"{counts[name]} {name.lower()}" for name in ("PASS", "ALLOWED", "WARN", "FAIL") if name in counts)
        shown.append(f"{run['provider']}: {', '.join(words)}")
    return "; ".join(shown)
