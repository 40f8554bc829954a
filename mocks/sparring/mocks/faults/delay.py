"""The answer takes its time."""

from dataclasses import dataclass
from typing import ClassVar

from sparring.mocks.faults.schema import Effect, Place, within

LONGEST = 60.0


@dataclass(frozen=True)
class Delay(Effect):
    """So many real seconds pass before the provider is asked, or before its answer goes out."""

    kind: ClassVar[str] = "delay"
    place: ClassVar[Place] = Place.HTTP

    seconds: float

    def __post_init__(self) -> None:
        """Refuse a wait that never was, or has no end."""
        within("seconds", self.seconds, 0, LONGEST)
