"""Answers that nobody thought of: generated, played to the client, and shrunk to the smallest that breaks it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sparring.harness.judge import ScenarioResult

FUZZ_ID = "fuzz"
"""The result of the examples that broke nothing."""

TIMEOUT = 5.0
"""Seconds for one instruction, where nobody says otherwise."""


class NoHypothesisError(ImportError):
    """The library that makes the examples is not installed; the text is one sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Break:
    """The smallest answer that breaks the client in one way. ``kind`` is ``crash``, ``hang``, ``misuse`` or ``loop``,
    ``document`` the saved scenario that plays it again, ``result`` what its check says.
    """

    kind: str
    document: Mapping[str, Any]
    result: ScenarioResult


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What came of a search: examples that were played, how many of them met the client, what broke it, and sentences
    about the fakes where it was they that broke.
    """

    examples: int
    met: int
    breaks: tuple[Break, ...] = ()
    problems: tuple[str, ...] = ()
