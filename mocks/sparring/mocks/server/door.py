"""What all connections to one socket have in common."""

import asyncio
from collections.abc import Coroutine
from contextvars import Context, copy_context
from dataclasses import dataclass, field
from functools import partial
from types import coroutine
from typing import Any, Protocol

from sparring.mocks.engine.signing import Pending, together
from sparring.mocks.providers import DECOY, NAMES
from sparring.mocks.server.heads import Heads
from sparring.mocks.server.limits import USUAL, Limits
from sparring.mocks.server.watch import Watch
from sparring.mocks.stage import SideDoor, Stage

Awaited = asyncio.Future[Any]
_AT_ONCE = 16
"""Signatures that are made before the first answer goes out."""


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
    heads: Heads = field(default_factory=Heads)
    by_hand: bool = field(init=False)
    _waiting: list[tuple[Pending, Coroutine[Any, Any, Any], Context, Awaited]] = field(default_factory=list, init=False)

    def __post_init__(self) -> None:
        """See whose providers these are."""
        self.by_hand = not self.stage.shared and self.stage.houses.keys() <= {*NAMES, DECOY}

    def start(self, work: Coroutine[Any, Any, Any]) -> Any:
        """Do that as far as it goes without waiting: what came of it, or the task that does the rest.

        Nearly everything that is asked of a provider is done when nothing was waited for, and a task of its own would
        cost more than the request. It runs in a context of its own, as a task does. What waits for no more than a
        signature goes on when those of all requests that came together are made: then it is a future, and no task.
        """
        if not self.by_hand:
            return self._keep(asyncio.get_running_loop().create_task(work))
        context = copy_context()
        try:
            awaited = context.run(_begun, work)
        except StopIteration as done:
            return done.value
        if type(awaited) is not Pending:
            return self._go_on(work, awaited, context)
        future = asyncio.get_running_loop().create_future()
        self._wait(awaited, work, context, future)
        return future

    def _wait(self, pending: Pending, work: Coroutine[Any, Any, Any], context: Context, future: Awaited) -> None:
        if not self._waiting:
            asyncio.get_running_loop().call_soon(self._sign)
        self._waiting.append((pending, work, context, future))

    def _sign(self) -> None:
        """Make the signatures that are waited for, one after the other; then go on with what waits for them."""
        waiting, self._waiting = self._waiting[:_AT_ONCE], self._waiting[_AT_ONCE:]
        if self._waiting:
            asyncio.get_running_loop().call_soon(self._sign)
        for pending, *_ in waiting:
            pending.make()
        for _, work, context, future in waiting:
            try:
                awaited = context.run(work.send, None)
            except StopIteration as done:
                future.set_result(done.value)
            except Exception as error:  # noqa: BLE001  it is for whoever waits
                future.set_exception(error)
            else:
                if type(awaited) is Pending:
                    self._wait(awaited, work, context, future)
                else:
                    self._go_on(work, awaited, context).add_done_callback(partial(_hand_over, future))

    def _go_on(self, work: Coroutine[Any, Any, Any], awaited: Any, context: Context) -> asyncio.Task[Any]:
        return self._keep(asyncio.get_running_loop().create_task(_resumed(work, awaited), context=context))

    def _keep(self, task: asyncio.Task[Any]) -> asyncio.Task[Any]:
        self.room.tasks.add(task)
        task.add_done_callback(self.room.tasks.discard)
        return task


def _begun(work: Coroutine[Any, Any, Any]) -> Any:
    together.set(_in_no_task)
    return work.send(None)


def _in_no_task() -> bool:
    return asyncio.current_task() is None


def _hand_over(future: Awaited, task: asyncio.Task[Any]) -> None:
    """What came of the task is what came of the future."""
    error = None if task.cancelled() else task.exception()
    if task.cancelled():
        future.cancel()
    elif error is not None:
        future.set_exception(error)
    else:
        future.set_result(task.result())


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
