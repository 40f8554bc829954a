"""How time passes in a scenario: for stage and client together, or for real where the client cannot be moved."""

import asyncio
from collections.abc import Mapping
from typing import Any

from sparring.harness.clientclock import ClientClock
from sparring.harness.scenario import PassLifetime
from sparring.harness.tape import Tape
from sparring.harness.worlds import World

SHORT_LIFE = 3
"""Seconds that tokens live where a client's clock cannot be moved and real time must pass."""
_ON_ITS_WAY = 5.0
"""Seconds for which a good client may take an ended token for alive: it counts from when the answer reached it."""


class Timing:
    """The clocks of one play. ``client`` None: real time passes, and tokens are short-lived."""

    def __init__(self, world: World, stage: str, client: ClientClock | None, tape: Tape) -> None:
        self._world = world
        self._stage = stage
        self._client = client
        self._tape = tape

    async def advance(self, seconds: float) -> None:
        """So many seconds pass, for stage and client alike; for real only as many as short-lived tokens need."""
        if self._client is None:
            await asyncio.sleep(min(seconds, SHORT_LIFE + 2))
            return
        await self._world.move_clock(self._stage, "advance", seconds)
        self._client.advance(seconds)

    async def pass_lifetime(self, move: PassLifetime) -> None:
        """Time passes until the given moment before or after the end of the newest token; it never runs backwards.

        Where clocks are moved, after the end is late enough for a client that got the answer late.
        """
        await self._tape.catch_up()
        end = self._tape.end_of_newest(move.kind)
        if end is None:
            return
        now = (await self._world.clock(self._stage))["now"]
        moved_after = self._client is not None and move.beyond >= 0
        beyond = max(move.beyond, _ON_ITS_WAY) if moved_after else move.beyond
        await self.advance(max(end - now + beyond, 0.0))

    async def set_ahead(self, seconds: float) -> None:
        """The stage's clock alone goes forward, or back."""
        await self._world.move_clock(self._stage, "advance", seconds)


def with_short_life(fault: Mapping[str, Any]) -> Mapping[str, Any]:
    """The fault for a stage of short-lived tokens: a lifetime that it states is theirs, text or number as it was."""
    effect = fault["effect"]
    ops = [
        {**op, "value": type(op["value"])(SHORT_LIFE)} if op.get("path") == "/expires_in" and "value" in op else op
        for op in effect.get("ops", ())
    ]
    return {**fault, "effect": {**effect, "ops": ops}} if ops else fault
