"""What lies behind each failure of the gallery: ``examples/clients/<language>/findings.toml``."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.e2e.gallery.subjects import CLIENTS


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """The run of a library that shows a finding, and its scenario."""

    library: str
    provider: str
    grant: str
    scenario: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reproduction:
    """``serve``: the words after ``sparring serve`` that set the stage. ``code`` runs there by the language's
    ``script``, with the library of the finding's ``shown_by`` at hand; its last line of output is ``prints``.
    """

    serve: str
    code: str
    prints: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One cause. ``checks`` are those that fail by it, in the folders of ``who``; ``where`` is file and line;
    ``instead`` is what a user of the library sets.
    """

    title: str
    who: tuple[str, ...]
    checks: tuple[str, ...]
    what: str
    where: str
    instead: str
    shown_by: Shown
    reproduce: Reproduction | None = None
    scenarios: tuple[str, ...] = ()

    @property
    def language(self) -> str:
        """The language's folder."""
        return self.who[0].partition("/")[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Apart:
    """A verdict that says nothing about the library, with the reason; it does not stand in the table."""

    library: str
    scenario: str
    reason: str


def _read() -> tuple[tuple[Finding, ...], tuple[Apart, ...]]:
    found: list[Finding] = []
    apart: list[Apart] = []
    for path in sorted(CLIENTS.glob("*/findings.toml")):
        document, language = tomllib.loads(path.read_text(encoding="utf-8")), path.parent.name
        found += [_finding(language, said) for said in document.get("finding", ())]
        apart += [Apart(**(each | {"library": f"{language}/{each['library']}"})) for each in document.get("apart", ())]
    return tuple(found), tuple(apart)


def _finding(language: str, said: Mapping[str, Any]) -> Finding:
    shown, reproduce = dict(said["shown_by"]), said.get("reproduce")
    return Finding(
        title=said["title"],
        who=tuple(f"{language}/{name}" for name in said["who"]),
        checks=tuple(said["checks"]),
        what=said["what"],
        where=said["where"],
        instead=said["instead"],
        shown_by=Shown(**(shown | {"library": f"{language}/{shown['library']}"})),
        reproduce=None if reproduce is None else Reproduction(**reproduce),
        scenarios=tuple(said.get("scenarios", ())),
    )


FINDINGS, APART = _read()
