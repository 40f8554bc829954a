"""Contracts held against providers: our own fakes, a live server, or a recording."""

import asyncio
import fnmatch
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from sparring.contracts import openapi
from sparring.contracts.grammar import Rule
from sparring.contracts.loading import Contract, Trial
from sparring.contracts.matching import Difference
from sparring.contracts.place import World
from sparring.contracts.running import Result, Verdict, run_trial
from sparring.harness.verifying.secrecy import redacted

_AT_A_TIME = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What became of one trial of a rule, or of a rule that cannot be tried."""

    id: str
    case: str
    verdict: Verdict
    mark: str
    source: str
    differences: tuple[Difference, ...] = ()
    reason: str = ""

    @property
    def name(self) -> str:
        """The rule's id, with the case behind a ``#``."""
        return f"{self.id}#{self.case}" if self.case else self.id


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Which trials shall take place. ``variant`` None: each one in the variant that it belongs to. ``live``: the server
    is not ours; ``destructive``: what leaves traces there is tried all the same.
    """

    globs: Sequence[str] = ()
    variant: str | None = None
    live: bool = False
    destructive: bool = False

    def wants(self, rule: Rule) -> bool:
        """Whether that rule is asked for."""
        return not self.globs or any(fnmatch.fnmatchcase(rule.id, glob) for glob in self.globs)

    def against(self, trial: Trial) -> str:
        """Why a trial does not take place; empty where it does."""
        if self.variant is not None and trial.variant != self.variant:
            return f"it belongs to the variant {trial.variant}"
        if self.live and trial.alone:
            return "it shows only at a server that nobody else has asked"
        if self.live and trial.destructive and not self.destructive:
            return "it leaves traces at the server; --destructive tries it"
        return ""


def finding(rule: Rule, case: str, verdict: Verdict, reason: str = "") -> Finding:
    """A finding about a rule."""
    return Finding(id=rule.id, case=case, verdict=verdict, mark=rule.mark, source=rule.source, reason=reason)


def of_result(result: Result) -> Finding:
    """What a trial's result says about its rule, without secrets."""
    trial = result.trial
    made = finding(trial.rule, trial.case, result.verdict, result.reason)
    return replace(made, differences=redacted(result))


async def verify(
    contract: Contract, world: World, choice: Choice, done: Callable[[Finding], None] = lambda _: None
) -> list[Finding]:
    """Try a contract's rules at places of that world, one after the other where it is live, else a few at a time; the
    findings are in the order of the contract. ``done`` is told of each one.
    """
    document = openapi.document(contract.provider) if openapi.has_document(contract.provider) else None
    slots = asyncio.Semaphore(1 if choice.live else _AT_A_TIME)

    async def tried(trial: Trial) -> Finding:
        why = choice.against(trial)
        if why:
            made = finding(trial.rule, trial.case, Verdict.NOT_APPLICABLE, why)
        else:
            async with slots:
                made = of_result(await run_trial(contract, trial, world, document))
        done(made)
        return made

    chosen = [trial for trial in contract.trials if choice.wants(trial.rule)]
    by_rule: dict[str, list[Finding]] = {}
    async with asyncio.TaskGroup() as group:
        tasks = [(trial.rule.id, group.create_task(tried(trial))) for trial in chosen]
    for id_, task in tasks:
        by_rule.setdefault(id_, []).append(task.result())
    return in_order(contract, choice, by_rule)


def in_order(contract: Contract, choice: Choice, by_rule: dict[str, list[Finding]]) -> list[Finding]:
    """The findings in the order of the contract, with those rules that no exchange can show."""
    found: list[Finding] = []
    for rule in contract.rules:
        if rule.excluded is not None and choice.wants(rule):
            found.append(finding(rule, "", Verdict.NOT_APPLICABLE, rule.excluded))
        found += by_rule.get(rule.id, [])
    return found
