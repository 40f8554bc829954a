"""Looks after connections on which nothing happens: one timer for all of them, and none where there are none."""

import asyncio
from typing import Protocol


class Ageing(Protocol):
    """What can stay too long."""

    def grow_old(self, now: float) -> None:
        """Time has passed; leave if it was too much."""
        ...


class Watch:
    """``now`` is the event loop's time when it was last looked at: exact to ``every`` seconds, and costs nothing."""

    def __init__(self, every: float = 1) -> None:
        self.now = 0.0
        self._every = every
        self._watched: set[Ageing] = set()
        self._timer: asyncio.TimerHandle | None = None

    def add(self, ageing: Ageing) -> None:
        """Look after that one, until it is left out."""
        if self._timer is None:
            self._look()
        self._watched.add(ageing)

    def leave_out(self, ageing: Ageing) -> None:
        """It has gone."""
        self._watched.discard(ageing)

    def _look(self) -> None:
        loop = asyncio.get_running_loop()
        self.now = loop.time()
        if self._timer is not None and not self._watched:
            self._timer = None
            return
        for ageing in list(self._watched):
            ageing.grow_old(self.now)
        self._timer = loop.call_later(self._every, self._look)

    def end(self) -> None:
        """Look no more."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
