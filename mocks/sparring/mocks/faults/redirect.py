"""The answer sends the client elsewhere."""

import re
from dataclasses import dataclass
from typing import ClassVar

from sparring.mocks.engine.messages import Answer, empty_answer
from sparring.mocks.faults.http_effect import HttpEffect, check_text, rule_of
from sparring.mocks.faults.scene import Scene

REDIRECTED = rule_of("redirect")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


@dataclass(frozen=True)
class Redirect(HttpEffect):
    """A redirect to ``to``; ``{decoy}``, ``{base}`` and ``{side}`` in it stand for the other origin, for the provider's
    own, and for its second address (where it has none, for one without TLS that leads nowhere).
    """

    kind: ClassVar[str] = "redirect"

    to: str
    status: int = 307

    def __post_init__(self) -> None:
        """Refuse a status that is no redirect."""
        if self.status not in {301, 302, 303, 307, 308}:
            raise ValueError("status is 301, 302, 303, 307 or 308")
        check_text("to", self.to)
        if _CONTROL.search(self.to):
            raise ValueError("to holds a control character, which no header can carry")

    def answer(self, _given: Answer | None, scene: Scene) -> Answer:
        """The answer that goes out."""
        target = self.to
        for name, url in scene.places.items():
            target = target.replace("{" + name + "}", url)
        return empty_answer(REDIRECTED, self.status, ("Location", target))
