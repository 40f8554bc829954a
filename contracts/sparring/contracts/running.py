"""Trying a rule at a place: a verdict, and every difference that led to it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from urllib.parse import urlsplit

import msgspec

from sparring.contracts.expecting import Unreadable, differences, read_json
from sparring.contracts.grammar import ChangeClient, ChangeUser, Request, StageGiven, State, Step
from sparring.contracts.loading import Contract, Trial
from sparring.contracts.matching import Difference
from sparring.contracts.openapi import Document
from sparring.contracts.place import Call, Given, NotApplicableError, Place, Reply, World
from sparring.contracts.scene import Scene, StepFailedError, lacking
from sparring.contracts.tokens import TokenError
from sparring.contracts.values import UnknownValueError, fill

_CREDENTIALS = ("client_secret", "password")


class Verdict(StrEnum):
    """What became of a trial."""

    HOLDS = "holds"
    DIFFERS = "differs"
    NOT_APPLICABLE = "not applicable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One trial's outcome. ``reason`` says why it is not applicable; ``rule`` decided the last answer, where the
    provider tells.
    """

    trial: Trial
    verdict: Verdict
    differences: tuple[Difference, ...] = ()
    reason: str = ""
    rule: str | None = None
    exchanges: tuple[tuple[Call, Reply], ...] = ()
    credentials: Mapping[str, str] = field(default_factory=dict)


async def run_trial(contract: Contract, trial: Trial, world: World, document: Document | None = None) -> Result:
    """Try it at a place of its own; the answers to its own steps are held against an OpenAPI document as well."""
    states = contract.chain(trial.given)
    try:
        stage = _stage([state for _, state in states], contract.table.values)
        place = await world.open(Given(provider=contract.provider, variant=trial.variant, stage=stage))
    except NotApplicableError as reason:
        return Result(trial=trial, verdict=Verdict.NOT_APPLICABLE, reason=str(reason))
    try:
        result = await _run(contract, trial, states, place, document)
        credentials = {name: str(place.values[name]) for name in _CREDENTIALS if name in place.values}
        return replace(result, credentials=credentials)
    finally:
        await place.close()


def _stage(states: list[State], constants: Mapping[str, object]) -> StageGiven:
    """How the stage is opened for states that build on each other."""
    made: dict[str, object] = {}
    for state in states:
        for name, value in msgspec.to_builtins(state.stage).items():
            before = made.get(name)
            if isinstance(value, dict) and isinstance(before, dict):
                made[name] = before | value
            elif isinstance(value, list) and isinstance(before, list):
                made[name] = before + value
            else:
                made[name] = value
    return msgspec.convert(fill(made, constants), StageGiven)


async def _run(
    contract: Contract,
    trial: Trial,
    states: tuple[tuple[str, State], ...],
    place: Place,
    document: Document | None,
) -> Result:
    exchanges: list[tuple[Call, Reply]] = []
    try:
        scene = Scene(place, contract.table.values, contract.table.endpoints)
        exchanges = scene.exchanges
        for name, state in states:
            await _come_about(scene, name, state)
        own = len(exchanges)
        for number, step in enumerate(trial.steps, start=1):
            await _setting_up(scene, step, f"step {number}", needed=False, last=number == len(trial.steps))
        rule, played = await place.rule(), exchanges[:]
        found = await _differences(trial, scene, place)
    except (NotApplicableError, UnknownValueError) as reason:
        why = str(reason)
        return Result(trial=trial, verdict=Verdict.NOT_APPLICABLE, reason=why, exchanges=tuple(exchanges))
    except _BrokenOffError as end:
        differing = (end.difference,)
        return Result(trial=trial, verdict=Verdict.DIFFERS, differences=differing, exchanges=tuple(exchanges))
    if document is not None:
        judged = played[own:-1] if trial.undocumented else played[own:]
        found += _undocumented(document, judged, place)
    return Result(
        trial=trial,
        verdict=Verdict.DIFFERS if found else Verdict.HOLDS,
        differences=tuple(found),
        rule=rule,
        exchanges=tuple(played),
    )


async def _differences(trial: Trial, scene: Scene, place: Place) -> list[Difference]:
    _, reply = scene.last

    async def jwks() -> object:
        try:
            await scene.play(Request(request="GET jwks", cookies=False))
            return read_json(scene.last[1].body)
        except (StepFailedError, ConnectionError, Unreadable) as error:
            raise TokenError(f"the published keys cannot be had: {error}") from error

    now, exact = await place.now(), place.exact
    try:
        return await differences(trial.expect, reply, scene.values, now, exact=exact, jwks=jwks)
    except UnknownValueError as error:
        if lack := lacking(error):
            raise lack from error
        return [Difference("expect", "values that are known", str(error))]


def _undocumented(document: Document, exchanges: list[tuple[Call, Reply]], place: Place) -> Iterator[Difference]:
    prefix = urlsplit(str(place.values["base"])).path
    for call, reply in exchanges:
        for complaint in document.violations(call, reply, prefix, exact=place.exact):
            yield Difference("openapi", "an answer as the document has it", complaint)


class _BrokenOffError(Exception):
    """A step without which there is nothing to judge."""

    def __init__(self, difference: Difference) -> None:
        super().__init__(str(difference))
        self.difference = difference


async def _come_about(scene: Scene, name: str, state: State) -> None:
    given: list[Step] = [ChangeClient(change_client=client) for client in state.clients]
    given += [ChangeUser(change_user=user) for user in state.users]
    for step in given:
        await _setting_up(scene, step, f"state {name}", needed=True)
    for number, step in enumerate(state.steps, start=1):
        await _setting_up(scene, step, f"state {name}, step {number}", needed=True)


async def _setting_up(scene: Scene, step: Step, where: str, *, needed: bool, last: bool = False) -> None:
    """Do a step. Before a rule's own steps, its answer must be a success or the status that it names."""
    try:
        reply = await scene.play(step)
        if reply is None:
            return
        wanted = getattr(step, "status", None)
        if wanted is not None and reply.status != wanted and not last:
            raise _BrokenOffError(Difference(where, f"status {wanted}", _told(reply)))
        if wanted is None and needed and not 200 <= reply.status < 400:
            raise _BrokenOffError(Difference(where, "a 2xx or 3xx status", _told(reply)))
        scene.keep(step, reply)
    except StepFailedError as error:
        raise _BrokenOffError(Difference(where, "to be done", str(error))) from error
    except ConnectionError as error:
        raise _BrokenOffError(Difference(where, "an answer", str(error))) from error


def _told(reply: Reply) -> str:
    return f"{reply.status} {' '.join(reply.text.split())[:200]}".rstrip()
