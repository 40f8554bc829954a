"""The answer sends the client elsewhere."""

from dataclasses import dataclass
from typing import ClassVar

from sparring.mocks.engine.messages import Answer, empty_answer
from sparring.mocks.engine.rules import Mark, Rule
from sparring.mocks.faults.schema import Effect, Place

REDIRECTED = Rule("sparring/fault/redirect", Mark.ASSUMED, "a fault that was put on stage")


@dataclass(frozen=True)
class Redirect(Effect):
    """A redirect to ``to``; ``{decoy}`` and ``{base}`` in it stand for the other origin and for the provider's own."""

    kind: ClassVar[str] = "redirect"
    place: ClassVar[Place] = Place.HTTP

    to: str
    status: int = 307

    def __post_init__(self) -> None:
        """Refuse a status that is no redirect."""
        if self.status not in {301, 302, 303, 307, 308}:
            raise ValueError("status is 301, 302, 303, 307 or 308")

    def answer(self, _given: Answer | None, places: dict[str, str]) -> Answer:
        """The answer that goes out."""
        target = self.to
        for name, url in places.items():
            target = target.replace("{" + name + "}", url)
        return empty_answer(REDIRECTED, self.status, ("Location", target))
