"""Verdicts, what a check found, and the exit codes that follow from them."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """The outcome of one check or one scenario, from best to worst in :data:`ORDER`."""

    PASS = "PASS"
    ALLOWED = "ALLOWED"
    SKIP = "SKIP"
    WARN = "WARN"
    INCONCLUSIVE = "INCONCLUSIVE"
    FAIL = "FAIL"
    HARNESS_ERROR = "HARNESS_ERROR"


ORDER: tuple[Verdict, ...] = (
    Verdict.SKIP,
    Verdict.PASS,
    Verdict.ALLOWED,
    Verdict.WARN,
    Verdict.INCONCLUSIVE,
    Verdict.FAIL,
    Verdict.HARNESS_ERROR,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What one check decided. ``exchanges`` are the numbers of the exchanges that prove it."""

    verdict: Verdict
    message: str = ""
    exchanges: tuple[int, ...] = ()


def passed(message: str = "", *exchanges: int) -> Finding:
    """The statement holds."""
    return Finding(verdict=Verdict.PASS, message=message, exchanges=exchanges)


def warned(message: str, *exchanges: int) -> Finding:
    """A SHOULD, or robustness beyond any text, does not hold."""
    return Finding(verdict=Verdict.WARN, message=message, exchanges=exchanges)


def failed(message: str, *exchanges: int) -> Finding:
    """A MUST, or the provider's "required", does not hold."""
    return Finding(verdict=Verdict.FAIL, message=message, exchanges=exchanges)


def allowed(message: str, *exchanges: int) -> Finding:
    """The text leaves it open; the message names the branch that the client took."""
    return Finding(verdict=Verdict.ALLOWED, message=message, exchanges=exchanges)


def skipped(message: str) -> Finding:
    """Not at stake for this client; the message says which capability is not claimed."""
    return Finding(verdict=Verdict.SKIP, message=message)


def inconclusive(message: str, *exchanges: int) -> Finding:
    """The stimulus was never delivered, so nothing was proved."""
    return Finding(verdict=Verdict.INCONCLUSIVE, message=message, exchanges=exchanges)


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """The verdict that decides for a group: SKIP where the group is empty."""
    return max(verdicts, key=ORDER.index, default=Verdict.SKIP)


def exit_code(verdicts: Iterable[Verdict]) -> int:
    """0 for nothing worse than WARN, 1 for FAIL or INCONCLUSIVE, 3 for HARNESS_ERROR."""
    verdict = worst(verdicts)
    if verdict is Verdict.HARNESS_ERROR:
        return 3
    return 1 if verdict in {Verdict.FAIL, Verdict.INCONCLUSIVE} else 0
