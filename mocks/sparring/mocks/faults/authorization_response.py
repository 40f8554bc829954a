"""The redirect back to the client says something else: ``state`` dropped or forged, an error instead of a code."""

from dataclasses import dataclass, field
from typing import ClassVar

from sparring.mocks.engine.messages import Params
from sparring.mocks.faults.schema import Effect, Place


@dataclass(frozen=True)
class AuthorizationResponse(Effect):
    """Parameters of the authorization response (RFC 6749 section 4.1.2) are set or dropped."""

    kind: ClassVar[str] = "authorization-response"
    place: ClassVar[Place] = Place.ANSWER
    point: ClassVar[str] = "authorization-response"

    set: dict[str, str] = field(default_factory=dict)
    drop: list[str] = field(default_factory=list)

    def alter(self, params: Params) -> Params:
        """The parameters that go out instead."""
        kept = [(name, self.set.get(name, value)) for name, value in params if name not in self.drop]
        known = {name for name, _ in kept}
        return kept + [(name, value) for name, value in self.set.items() if name not in known]
