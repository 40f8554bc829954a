"""A barrier: requests that match wait in front of the provider until it is lifted, then go on in their order."""

import asyncio
from collections.abc import Awaitable, Mapping
from dataclasses import asdict
from typing import Any

from sparring.mocks.engine.reading import UnreadableError, read
from sparring.mocks.faults.schema import About, BadFault, Match


class Barrier:
    """Up for every match that it was put up for; lifting it lets all of them pass."""

    def __init__(self) -> None:
        self._matches: list[Match] = []
        self._lifted = asyncio.Event()
        self._lifts = 0
        self.waiting = 0
        """Requests that wait here."""

    def put_up(self, document: Mapping[str, Any]) -> None:
        """Hold the requests that this match covers. BadFault where it cannot be read."""
        try:
            match = read(Match, document, "the match of a barrier")
        except UnreadableError as error:
            raise BadFault(str(error)) from error
        if match.attempt is not None or match.when is not None or match.per is not None:
            raise BadFault('a barrier holds every request that matches, before it is handled: no "attempt", no "when"')
        self._matches.append(match)

    def __bool__(self) -> bool:
        """Whether it is up."""
        return bool(self._matches)

    def stops(self, about: About) -> bool:
        """Whether such a request has to wait."""
        return any(match.covers(about) for match in self._matches)

    def lifted(self) -> Awaitable[None]:
        """To be awaited: that it is lifted, from now on."""
        return self._wait(self._lifted)

    async def _wait(self, lifted: asyncio.Event) -> None:
        self.waiting += 1
        try:
            await lifted.wait()
        finally:
            self.waiting -= 1

    def lift(self) -> int:
        """Let all pass, and those that come later; how many waited."""
        self._matches.clear()
        self._lifts += 1
        self._lifted.set()
        self._lifted = asyncio.Event()
        return self.waiting

    def state(self) -> dict[str, Any]:
        """What is held, and how often the barrier was lifted, as JSON; ``adopt`` reads it."""
        return {"matches": [asdict(match) for match in self._matches], "lifts": self._lifts}

    def adopt(self, state: Mapping[str, Any]) -> None:
        """Become like the barrier whose state this is; who waits passes if that was lifted meanwhile."""
        if state["lifts"] != self._lifts:
            self.lift()
        self._matches = [Match(**match) for match in state["matches"]]
        self._lifts = state["lifts"]
