"""The visits that a client asks for while it works, and the callbacks that go back to it."""

import asyncio
import json
from collections.abc import Callable, Mapping
from typing import Any

from sparring.harness.drivers import VisitHandler


class Visits:
    """Runs the visit handler beside the client. ``write`` sends a line to the client's stdin."""

    def __init__(self, handler: VisitHandler, write: Callable[[bytes], object]) -> None:
        self._handler = handler
        self._write = write
        self._tasks: set[asyncio.Task[None]] = set()
        self._troubles: list[BaseException] = []

    def ask(self, message: Mapping[str, Any]) -> str:
        """Serve a ``visit`` message; return a sentence on what is wrong with it, if anything is."""
        url, deliver = message.get("url"), message.get("deliver", "http")
        if not isinstance(url, str) or not url.startswith(("http://", "https://")):
            return "the client asked for a visit without a URL"
        if deliver not in {"http", "stdin"}:
            return f"the client asked for a visit with deliver {deliver!r}, which is neither 'http' nor 'stdin'"
        self._start(url, message.get("id"), by_http=deliver == "http")
        return ""

    def opened(self, url: str) -> None:
        """Serve a URL that the client opened a browser for."""
        self._start(url, None, by_http=True)

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

    def _start(self, url: str, instruction: object, *, by_http: bool) -> None:
        task = asyncio.create_task(self._visit(url, instruction, by_http=by_http))
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    async def _visit(self, url: str, instruction: object, *, by_http: bool) -> None:
        callback = await self._handler(url, by_http)
        if callback is not None and not by_http:
            self._write(json.dumps({"id": instruction, "callback": callback}).encode() + b"\n")

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (trouble := task.exception()) is not None:
            self._troubles.append(trouble)
