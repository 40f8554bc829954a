"""The browser delivers the callback a second time: a reload, or a scanner that follows links."""

from dataclasses import dataclass
from typing import ClassVar

from sparring.mocks.faults.schema import Effect, Place


@dataclass(frozen=True)
class CallbackReplayed(Effect):
    """The user agent sends the same callback again when the first one was answered (endpoint ``callback``)."""

    kind: ClassVar[str] = "callback-replayed"
    place: ClassVar[Place] = Place.AGENT
