"""A login that an attacker passes on: the mix-up of RFC 9700 section 4.4.1."""

from dataclasses import dataclass
from typing import ClassVar

from sparring.mocks.faults.schema import Effect, Place


@dataclass(frozen=True)
class LoginDiverted(Effect):
    """The browser, sent to a provider that an attacker runs, is sent on to the stage's first provider, with that
    client's own id and scope there (endpoint ``visit``).
    """

    kind: ClassVar[str] = "login-diverted"
    place: ClassVar[Place] = Place.AGENT
