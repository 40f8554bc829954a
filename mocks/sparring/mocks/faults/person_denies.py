"""The person says no on the consent page."""

from dataclasses import dataclass
from typing import ClassVar

from sparring.mocks.faults.schema import Effect, Place


@dataclass(frozen=True)
class PersonDenies(Effect):
    """The user agent presses "deny" instead of "approve"."""

    kind: ClassVar[str] = "person-denies"
    place: ClassVar[Place] = Place.AGENT
