"""Effects on what the provider keeps, executed before or after it handles the request."""

from dataclasses import dataclass
from typing import ClassVar

from sparring.mocks.faults.scene import Scene
from sparring.mocks.faults.schema import Effect, Place


@dataclass(frozen=True)
class StateEffect(Effect):
    """Something happens at the provider while the request is on its way."""

    place: ClassVar[Place] = Place.ANSWER
    point: ClassVar[str] = "state"

    async def happen(self, scene: Scene) -> bool:
        """Let it happen; whether it changed anything."""
        raise NotImplementedError
