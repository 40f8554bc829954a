"""The visits that a client asks for while it works, and the callbacks that go back to it."""

import asyncio
import json
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from sparring.harness.drivers import VisitHandler
from sparring.harness.drivers.printed import Paste, pasted

_Line = Callable[[str], bytes]


class Visits:
    """Runs the visit handler beside the client. ``write`` sends a line to the client's stdin.

    ``paste``: what a client that asks without the protocol wants to be told, None where it listens itself.
    """

    def __init__(self, handler: VisitHandler, write: Callable[[bytes], object], paste: Paste | None = None) -> None:
        self._handler = handler
        self._write = write
        self._by_hand: _Line | None = None if paste is None else partial(pasted, paste=paste)
        self._begun: list[str] = []
        self._printed: str | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._troubles: list[BaseException] = []

    def ask(self, message: Mapping[str, Any]) -> str:
        """Serve a ``visit`` message; return a sentence on what is wrong with it, if anything is."""
        url, deliver = message.get("url"), message.get("deliver", "http")
        if not isinstance(url, str) or not url.startswith(("http://", "https://")):
            return "the client asked for a visit without a URL"
        if deliver not in {"http", "stdin"}:
            return f"the client asked for a visit with deliver {deliver!r}, which is neither 'http' nor 'stdin'"
        if url != self._printed:
            self._start(url, None if deliver == "http" else partial(_callback_line, message.get("id")))
        return ""

    def opened(self, url: str) -> None:
        """Serve a URL that the client opened a browser for, unless it has printed the same one before."""
        if url != self._printed:
            self._start(url, self._by_hand)

    def printed(self, url: str) -> None:
        """Serve a URL that the client printed for a person, unless a visit has begun already."""
        if not self._begun:
            self._printed = url
            self._start(url, self._by_hand)

    def failed(self, trouble: BaseException) -> None:
        """Nobody can tell what to visit, and that is no fault of the client's."""
        self._troubles.append(trouble)

    async def settle(self, seconds: float) -> None:
        """Let the visits under way come to an end, cut off what is left, and raise what went wrong on our side."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=seconds)
        await self.cut()
        if self._troubles:
            raise self._troubles.pop(0)

    async def cut(self) -> None:
        """Cut off every visit under way."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _start(self, url: str, line: _Line | None) -> None:
        self._begun.append(url)
        task = asyncio.create_task(self._visit(url, line))
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    async def _visit(self, url: str, line: _Line | None) -> None:
        """Visit it; ``line`` makes what goes to the client's stdin, None where the browser brings the callback."""
        callback = await self._handler(url, line is None)
        if callback is not None and line is not None:
            self._write(line(callback))

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (trouble := task.exception()) is not None:
            self._troubles.append(trouble)


def _callback_line(instruction: object, callback: str) -> bytes:
    return json.dumps({"id": instruction, "callback": callback}).encode() + b"\n"
