"""The provider's keys change under the client's eyes, or the key set that it publishes lags behind."""

from dataclasses import dataclass
from typing import ClassVar

from sparring.mocks.faults.scene import Scene
from sparring.mocks.faults.schema import Effect, Place
from sparring.mocks.faults.state_effect import StateEffect


@dataclass(frozen=True)
class RotateKeys(StateEffect):
    """Another key signs from now on: ``before`` the request is handled, or ``after`` its answer was signed.

    ``keep_old``: the key before stays published.
    """

    kind: ClassVar[str] = "rotate-keys"

    keep_old: bool = False

    async def happen(self, scene: Scene) -> bool:
        """Rotate, where there is a key to be rotated."""
        if not scene.desk.keys:
            return False
        await scene.change(lambda: scene.rotate(self.keep_old))
        return True


@dataclass(frozen=True)
class StaleJwks(Effect):
    """The request is handled with the keys of before the last rotation: match the endpoint ``jwks``.

    Where the keys never changed it is handled as ever.
    """

    kind: ClassVar[str] = "stale-jwks"
    place: ClassVar[Place] = Place.ANSWER
    moments: ClassVar[tuple[str, ...]] = ("before",)
    point: ClassVar[str] = "keys"
