"""A library before a stimulus: one play on a stage of its own."""

import asyncio
from collections.abc import Iterable, Mapping

from sparring.harness.evidence import Evidence
from sparring.harness.play import Play
from sparring.harness.ports import Ports
from sparring.harness.settings import RunSettings
from sparring.harness.worlds import World
from sparring.harness.worlds.local import local_world
from tests.e2e.libraries.stimuli import Stimulus
from tests.e2e.libraries.subjects import Subject


class UndeliveredError(Exception):
    """A play that proves nothing; the text is a sentence."""


NOT_APPLICABLE = "n/a"
_AT_A_TIME = 2
_FIRST_PORT = 6_500


def played(pairs: Iterable[tuple[Subject, Stimulus]]) -> Mapping[tuple[str, str], str]:
    """The cell of each pair, by the names of library and stimulus. CannotRunError."""
    return dict(asyncio.run(_all(list(pairs))))


def read(stimulus: Stimulus, evidence: Evidence) -> str:
    """The cell of a play; what the stimulus is about must have happened. UndeliveredError."""
    wanted = {fault["id"] for fault in stimulus.faults if fault["id"] == "stimulus"}
    if wanted - set(evidence.fired):
        raise UndeliveredError(f"the stimulus {stimulus.id!r} never reached the library: {evidence.steps}")
    return stimulus.read(evidence)


async def _all(pairs: list[tuple[Subject, Stimulus]]) -> list[tuple[tuple[str, str], str]]:
    clients = {subject.name: subject.client() for subject, _ in pairs}
    ports, gate = Ports(_FIRST_PORT), asyncio.Semaphore(_AT_A_TIME)

    async def one(world: World, subject: Subject, stimulus: Stimulus) -> tuple[tuple[str, str], str]:
        provider, client = clients[subject.name]
        settings = RunSettings(provider=provider, grant="client_credentials", client=client)
        scenario = stimulus.scenario(provider)
        async with gate:
            play = Play(world, scenario, settings, port=ports.take(), clock=None, supports=frozenset())
            return (subject.name, stimulus.id), read(stimulus, await play.run())

    async with local_world(tls=True) as world:
        return await asyncio.gather(*(one(world, *pair) for pair in pairs))
