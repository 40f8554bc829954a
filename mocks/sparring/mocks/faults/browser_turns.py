"""What an attacker does at the browser: a callback in the wrong one, a code of another login."""

from dataclasses import dataclass
from typing import ClassVar

from sparring.mocks.faults.schema import Effect, Place


@dataclass(frozen=True)
class CallbackElsewhere(Effect):
    """The callback arrives in another person's browser, which has begun no login (endpoint ``response``)."""

    kind: ClassVar[str] = "callback-elsewhere"
    place: ClassVar[Place] = Place.AGENT


@dataclass(frozen=True)
class CodeInjected(Effect):
    """The callback brings the state of its login and the code of another one, which an attacker has begun for the same
    client with a nonce and a code challenge of his own (endpoint ``response``).
    """

    kind: ClassVar[str] = "code-injected"
    place: ClassVar[Place] = Place.AGENT
