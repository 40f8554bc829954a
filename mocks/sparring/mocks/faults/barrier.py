"""A barrier: requests that match wait in front of the provider until it is lifted, then go on in their order."""

import asyncio
from collections.abc import Mapping
from typing import Any

from sparring.mocks.engine.reading import UnreadableError, read
from sparring.mocks.faults.schema import About, BadFault, Match


class Barrier:
    """Up for every match that it was put up for; lifting it lets all of them pass."""

    def __init__(self) -> None:
        self._matches: list[Match] = []
        self._lifted = asyncio.Event()
        self._waiting = 0

    def put_up(self, document: Mapping[str, Any]) -> None:
        """Hold the requests that this match covers. BadFault where it cannot be read."""
        try:
            match = read(Match, document, "the match of a barrier")
        except UnreadableError as error:
            raise BadFault(str(error)) from error
        if match.attempt is not None or match.when is not None or match.per is not None:
            raise BadFault('a barrier holds every request that matches, before it is handled: no "attempt", no "when"')
        if not self._matches:
            self._lifted = asyncio.Event()
        self._matches.append(match)

    def stops(self, about: About) -> bool:
        """Whether such a request has to wait."""
        return any(match.covers(about) for match in self._matches)

    async def lifted(self) -> None:
        """Wait."""
        self._waiting += 1
        try:
            await self._lifted.wait()
        finally:
            self._waiting -= 1

    def lift(self) -> int:
        """Let all pass, and those that come later; how many waited."""
        self._matches.clear()
        self._lifted.set()
        return self._waiting
