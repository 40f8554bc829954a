"""``sparring check --fuzz N``: the happy path, and then N answers that nobody thought of."""

import json
import shlex
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from sparring.harness.baseline import Entry, reckon
from sparring.harness.drivers.keeper import Keeper
from sparring.harness.evidence import Evidence
from sparring.harness.fuzzing import FUZZ_ID, Break, Found
from sparring.harness.fuzzing.search import Player, search
from sparring.harness.judge import CheckResult, ScenarioResult, strictly
from sparring.harness.play import Play
from sparring.harness.ports import Ports
from sparring.harness.reports import Listener, RunReport
from sparring.harness.runner import Runner
from sparring.harness.scenario import Scenario
from sparring.harness.scenarios import happy
from sparring.harness.settings import RunSettings
from sparring.harness.verdict import Verdict
from sparring.harness.worlds import World

_CHECK = "captured-run-is-survived"
_FIRST_PORT = 4_500
"""Far from the ports of the runner, which begins elsewhere."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fuzzing:
    """How many examples, and the folder into which the answers are written that break the client."""

    examples: int
    folder: Path


class _Muted:
    """Listeners who are not told of the end, for it is not the end yet."""

    def __init__(self, listeners: Sequence[Listener]) -> None:
        self._listeners = listeners

    def started(self, total: int) -> None:
        """Pass it on, with the examples as one more."""
        for listener in self._listeners:
            listener.started(total + 1)

    def scenario_started(self, id: str) -> None:  # noqa: A002
        """Pass it on."""
        for listener in self._listeners:
            listener.scenario_started(id)

    def scenario_finished(self, result: ScenarioResult) -> None:
        """Pass it on."""
        for listener in self._listeners:
            listener.scenario_finished(result)

    def finished(self, report: RunReport) -> None:
        """Not yet."""


def narrowed(settings: RunSettings) -> RunSettings:
    """The run with nothing in it but the happy path, and what is named."""
    if settings.scenarios or settings.captured:
        return settings
    return replace(settings, scenarios=(happy(settings.provider, settings.grant).id,))


async def fuzz(
    world: World,
    settings: RunSettings,
    fuzzing: Fuzzing,
    listeners: Sequence[Listener],
    ticks: Callable[[], float],
    expected: Sequence[Entry] = (),
    keeper: Keeper | None = None,
) -> tuple[RunReport, str]:
    """Run, and then search; the report of both, and the search in a sentence. ``keeper`` clears up where this process
    is killed.

    CommandNotFoundError, UnusableError, NoHypothesisError, OSError.
    """
    muted = _Muted(listeners)
    report = await Runner(world, settings, [muted], ticks, expected, keeper).run()
    first = report.results[0]
    if first.verdict in {Verdict.FAIL, Verdict.INCONCLUSIVE, Verdict.HARNESS_ERROR}:
        made: tuple[ScenarioResult, ...] = (_without(first.id),)
        sentence = f"fuzz: no example was run, for {first.id} did not pass"
    else:
        muted.scenario_started(FUZZ_ID)
        found = await search(settings, fuzzing.examples, _player(world, settings, keeper), ticks)
        made = tuple(_saved(each, fuzzing, settings) for each in found.breaks)
        made = (*made, _summary(found))
        sentence = f"fuzz: {_sentence(found)} (seed {settings.seed})"
    for result in made:
        muted.scenario_finished(result)
    *played, always = report.results
    results = (*played, *(strictly(each) if settings.strict else each for each in made), always)
    report = replace(report, results=results, baseline=reckon(expected, results))
    for listener in listeners:
        listener.finished(report)
    return report, sentence


def _player(world: World, settings: RunSettings, keeper: Keeper | None) -> Player:
    ports = Ports(_FIRST_PORT)

    async def play(scenario: Scenario) -> Evidence:
        supports = settings.client.supports or frozenset()
        port = ports.take()
        return await Play(world, scenario, settings, port=port, clock=None, supports=supports, keeper=keeper).run()

    return play


def _saved(broke: Break, fuzzing: Fuzzing, settings: RunSettings) -> ScenarioResult:
    """The result with the way to play it again in its words; the file is written. OSError."""
    path = fuzzing.folder / f"{settings.provider}-{broke.document['id']}-{broke.kind}.json"
    path.write_text(json.dumps(broke.document, indent=2) + "\n", encoding="utf-8")
    client = settings.client
    again = ["sparring", "check", settings.provider, "--grant", settings.grant, "--driver", client.driver]
    again += ["--timeout", f"{client.timeout:g}", "--scenario", str(path), "--", *client.command]
    told = f"Answer: {broke.document['title']}. Again: `{shlex.join(again)}`"
    checks = tuple(replace(check, message=f"{check.message} {told}") for check in broke.result.checks)
    return replace(broke.result, checks=checks)


def _sentence(found: Found) -> str:
    broke = ", ".join(f"{each.kind} ({each.document['title']})" for each in found.breaks)
    end = f"it broke: {broke}" if broke else "none broke it"
    return f"{found.examples} examples run, {found.met} met the client; {end}"


def _summary(found: Found) -> ScenarioResult:
    """One result for all that broke nothing."""
    verdict = Verdict.PASS
    message = f"{_sentence(found)}."
    if found.problems:
        verdict = Verdict.HARNESS_ERROR
        message = f"{message} {found.problems[0]}."
    elif not found.met:
        verdict = Verdict.INCONCLUSIVE
    return ScenarioResult(
        id=FUZZ_ID,
        title="Answers that nobody thought of",
        profile="robustness",
        verdict=verdict,
        checks=(CheckResult(id=_CHECK, verdict=verdict, message=message),),
    )


def _without(cause: str) -> ScenarioResult:
    return ScenarioResult(
        id=FUZZ_ID,
        title="Answers that nobody thought of",
        profile="robustness",
        verdict=Verdict.SKIP,
        checks=(CheckResult(id=_CHECK, verdict=Verdict.SKIP, message=f"blocked by {cause}"),),
        blocked_by=cause,
    )
