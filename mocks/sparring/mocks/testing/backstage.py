"""The one event loop of this process on which stages live, in a thread that is started once."""

import asyncio
import atexit
import os
import threading
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from concurrent.futures import Future
from contextlib import AsyncExitStack, contextmanager, suppress
from typing import Any, Literal, TypeVar

from sparring.mocks.control.direct import DirectControl
from sparring.mocks.control.interface import ControlError

T = TypeVar("T")
Way = Literal["http", "https", "mounted"]
"""How stages are reached: by sockets, by sockets with TLS, or by nothing but calls of an ASGI application."""


class Backstage:
    """An event loop in a thread of its own, with a control for each way in which stages are reached.

    Everything that happens to a stage happens on that loop, so a test may ask from any thread or loop of its own.
    """

    def __init__(self) -> None:
        self.pid = os.getpid()
        self._controls: dict[Way, DirectControl] = {}
        self._opening = asyncio.Lock()
        self._until_the_end = AsyncExitStack()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="sparring", daemon=True)
        self._thread.start()

    def submit(self, work: Coroutine[Any, Any, T]) -> Future[T]:
        """Begin that work on the loop."""
        if threading.current_thread() is self._thread:
            work.close()
            raise ControlError("a stage cannot be directed from the thread on which it runs")
        return asyncio.run_coroutine_threadsafe(work, self._loop)

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Do that work on the loop, and wait for what comes of it."""
        under_way = self.submit(work)
        try:
            return under_way.result()
        except BaseException:
            under_way.cancel()
            raise

    async def control(self, way: Way) -> DirectControl:
        """The control of the stages that are reached in that way; call it on the loop."""
        async with self._opening:
            if way not in self._controls:
                self._controls[way] = await _control(way, self._until_the_end)
        return self._controls[way]

    def close(self) -> None:
        """Close every stage and end the thread."""
        if not self._thread.is_alive() or self.pid != os.getpid():
            return
        with suppress(Exception):
            self.run(self._close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _close(self) -> None:
        for control in self._controls.values():
            await control.close()
        await self._until_the_end.aclose()
        rest = asyncio.all_tasks() - {asyncio.current_task()}
        for task in rest:
            task.cancel()
        await asyncio.gather(*rest, return_exceptions=True)


async def _control(way: Way, until_the_end: AsyncExitStack) -> DirectControl:
    if way == "mounted":
        from sparring.mocks.testing.nosockets import mounted_stages  # noqa: PLC0415  no server where none is asked for

        return mounted_stages()
    from sparring.mocks.server.local import local_stages  # noqa: PLC0415

    control, _ = await until_the_end.enter_async_context(local_stages(tls=way == "https"))
    return control


_lock = threading.Lock()
_running: list[Backstage] = []


def backstage() -> Backstage:
    """The process's own; it is started when it is first asked for, and anew in a child that was forked."""
    with _lock:
        if not _running or _running[0].pid != os.getpid():
            _running[:] = [Backstage()]
        return _running[0]


@atexit.register
def shut_down() -> None:
    """Close every stage of this process and end its thread; the next stage starts another one."""
    with _lock:
        ended, _running[:] = list(_running), []
    for one in ended:
        one.close()


@contextmanager
def session() -> Iterator[None]:
    """The event loop is there until the block ends; one that ran before, for somebody else, is left alone."""
    with _lock:
        others = bool(_running) and _running[0].pid == os.getpid()
    try:
        yield
    finally:
        if not others:
            shut_down()


async def arrived(under_way: Future[T]) -> T:
    """Wait for work on the loop, on an event loop of asyncio or of trio."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return await _in_a_thread(under_way.result)
    return await asyncio.wrap_future(under_way)


async def _in_a_thread(call: Callable[[], T]) -> T:
    from anyio import to_thread  # noqa: PLC0415  for trio alone

    waiting: Awaitable[T] = to_thread.run_sync(call, abandon_on_cancel=True)
    return await waiting
