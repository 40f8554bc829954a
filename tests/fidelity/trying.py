"""Every trial of a contract at a real engine, and what each difference is explained by."""

import asyncio
import dataclasses
import re
from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import yaml

from sparring.contracts.loading import Contract, Trial
from sparring.contracts.place import World
from sparring.contracts.running import Verdict, run_trial

EXPLAINED = Path(__file__).with_name("explained.yaml")
KINDS = {
    "ours": "our bug",
    "form": "our bug, but in form alone: status, words and members agree, a header differs that clients hardly read",
    "version": "another release",
    "deployment": "the deployment's own",
    "choice": "movingimage's or Rotor's document goes before the engine",
    "table": "the table of strictness goes before the engine",
    "clear-refusal": "on purpose: a clear refusal where the engine breaks, or lets a replay pass",
    "not-comparable": "not comparable",
}
UNEXPLAINED = "unexplained"


@dataclass(frozen=True, kw_only=True)
class Found:
    """One difference of a trial: where, what the contract wants, what came, and the id of its explanation."""

    path: str
    wanted: str
    got: str
    explanation: str


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What became of one trial at an engine. ``reason`` says why it could not be tried."""

    trial: str
    mark: str
    variant: str
    agrees: bool
    reason: str
    found: tuple[Found, ...]


@dataclass(frozen=True, kw_only=True)
class Tried:
    """What an engine was, by its own words, and the outcome of every trial."""

    provider: str
    engine: str
    outcomes: tuple[Outcome, ...]


class Explanations:
    """The data file: what is not tried, and what explains a difference."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.skipped: list[dict[str, Any]] = document.get("not_tried") or []
        self.known: list[dict[str, Any]] = document.get("differences") or []
        for row in self.known:
            if row["kind"] not in KINDS:
                raise ValueError(f"explained.yaml, {row['id']}: kind is one of {', '.join(KINDS)}, not {row['kind']}")

    @classmethod
    def read(cls, path: Path = EXPLAINED) -> "Explanations":
        """The explanations in that file. ValueError where a kind is unknown."""
        return cls(yaml.safe_load(path.read_text(encoding="utf-8")))

    def why_not(self, trial: Trial) -> str:
        """Why that trial is not for an engine; empty if it is."""
        rows = (row for row in self.skipped if _among(trial.id, row["trials"]))
        return next((str(row["why"]) for row in rows if trial.variant in row.get("variants", [trial.variant])), "")

    def of(self, trial: str, path: str, wanted: str, got: str) -> str:
        """The id of the first explanation that fits; else ``unexplained``."""
        for row in self.known:
            fits = _among(trial, row["trials"]) and _among(path, row.get("paths", ["*"]))
            if fits and _says(row, "wanted", wanted) and _says(row, "got", got):
                return str(row["id"])
        return UNEXPLAINED

    def again(self, tried: Tried) -> Tried:
        """Results whose differences are explained anew."""
        return dataclasses.replace(tried, outcomes=tuple(self._again(outcome) for outcome in tried.outcomes))

    def _again(self, outcome: Outcome) -> Outcome:
        found = (
            dataclasses.replace(each, explanation=self.of(outcome.trial, each.path, each.wanted, each.got))
            for each in outcome.found
        )
        return dataclasses.replace(outcome, found=tuple(found))


def _steady(text: str) -> str:
    """A value without what is another one at every run."""
    text = re.sub(r"eyJ[\w-]+\.[\w-]+\.[\w-]*", "<a JWT>", text)
    text = re.sub(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(\.\w+)?", "<a UUID>", text)
    text = re.sub(r"(tab_id=)[\w-]{11}", r"\1<an id>", text)
    text = re.sub(r"\b1[67]\d{8}\b", "<seconds>", text)
    return re.sub(r"127\.0\.0\.1:\d+", "127.0.0.1", text)


def _says(row: dict[str, Any], member: str, text: str) -> bool:
    return member not in row or re.search(row[member], text) is not None


def _among(name: str, patterns: Iterable[str]) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in patterns)


def attempt(contract: Contract, world: World, variants: Iterable[str], explanations: Explanations) -> list[Outcome]:
    """The outcome of every trial of those variants, in the order of the file."""
    wanted = set(variants)
    trials = [trial for trial in contract.trials if trial.variant in wanted]
    return [asyncio.run(_try(contract, trial, world, explanations)) for trial in trials]


async def _try(contract: Contract, trial: Trial, world: World, explanations: Explanations) -> Outcome:
    reason = explanations.why_not(trial)
    found: tuple[Found, ...] = ()
    if not reason:
        result = await run_trial(contract, trial, world)
        if result.verdict is Verdict.NOT_APPLICABLE:
            reason = result.reason
        found = tuple(
            Found(
                path=each.path,
                wanted=_steady(each.expected),
                got=_steady(each.got),
                explanation=explanations.of(trial.id, each.path, _steady(each.expected), _steady(each.got)),
            )
            for each in result.differences
        )
    return Outcome(
        trial=trial.id,
        mark=trial.rule.mark,
        variant=trial.variant,
        agrees=not found and not reason,
        reason=reason,
        found=found,
    )
