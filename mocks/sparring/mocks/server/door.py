"""What all connections to one socket have in common."""

import asyncio
from collections.abc import Coroutine
from contextvars import copy_context
from dataclasses import dataclass, field
from types import coroutine
from typing import Any, Protocol

from sparring.mocks.providers import DECOY, NAMES
from sparring.mocks.server.limits import USUAL, Limits
from sparring.mocks.server.watch import Watch
from sparring.mocks.stage import SideDoor, Stage


class Guest(Protocol):
    """A connection."""

    transport: asyncio.Transport


@dataclass(slots=True)
class Room:
    """Who is connected to a socket, and what is being done for them."""

    connections: set[Guest] = field(default_factory=set)
    tasks: set[asyncio.Task[Any]] = field(default_factory=set)

    async def clear(self) -> None:
        """Hang up on everybody."""
        for connection in list(self.connections):
            connection.transport.abort()
        for task in list(self.tasks):
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)


@dataclass(slots=True)
class Door:
    """One provider on one stage, behind one socket; ``side``: by the second address that it has there. ``by_hand``: all
    is in memory and all providers of the stage are ours, so they need no task before they wait for something.
    """

    stage: Stage
    provider: str
    side: SideDoor | None = None
    limits: Limits = USUAL
    watch: Watch = field(default_factory=Watch)
    room: Room = field(default_factory=Room)
    by_hand: bool = field(init=False)

    def __post_init__(self) -> None:
        """See whose providers these are."""
        self.by_hand = not self.stage.shared and self.stage.houses.keys() <= {*NAMES, DECOY}

    def start(self, work: Coroutine[Any, Any, Any]) -> Any:
        """Do that as far as it goes without waiting: what came of it, or the task that does the rest.

        Nearly everything that is asked of a provider is done when nothing was waited for, and a task of its own would
        cost more than the request. It runs in a context of its own, as a task does.
        """
        if not self.by_hand:
            return self._keep(asyncio.get_running_loop().create_task(work))
        context = copy_context()
        try:
            awaited = context.run(work.send, None)
        except StopIteration as done:
            return done.value
        return self._keep(asyncio.get_running_loop().create_task(_resumed(work, awaited), context=context))

    def _keep(self, task: asyncio.Task[Any]) -> asyncio.Task[Any]:
        self.room.tasks.add(task)
        task.add_done_callback(self.room.tasks.discard)
        return task


@coroutine
def _resumed(work: Coroutine[Any, Any, Any], awaited: Any) -> Any:
    """The rest of a coroutine that waits for something already."""
    while True:
        thrown: BaseException | None = None
        try:
            yield awaited
        except BaseException as error:  # noqa: BLE001  it is for the coroutine to deal with
            thrown = error
        try:
            awaited = work.send(None) if thrown is None else work.throw(thrown)
        except StopIteration as done:
            return done.value
