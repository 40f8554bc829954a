"""Another answer altogether: status, headers, body."""

import json
from dataclasses import dataclass, field
from typing import Any, ClassVar

from sparring.mocks.engine.messages import Answer
from sparring.mocks.engine.rules import Mark, Rule
from sparring.mocks.faults.schema import Effect, Place

REPLACED = Rule("sparring/fault/replace", Mark.ASSUMED, "a fault that was put on stage")


@dataclass(frozen=True)
class Replace(Effect):
    """The client gets this answer. A body that is not text is written as JSON."""

    kind: ClassVar[str] = "replace"
    place: ClassVar[Place] = Place.HTTP

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: Any = ""

    def __post_init__(self) -> None:
        """Refuse a status that HTTP does not have."""
        if not isinstance(self.status, int) or not 200 <= self.status <= 599:
            raise ValueError("status is a number from 200 to 599")

    def answer(self, _given: Answer | None, _places: dict[str, str]) -> Answer:
        """The answer that goes out."""
        text = self.body if isinstance(self.body, str) else json.dumps(self.body, separators=(",", ":"))
        headers = tuple(self.headers.items())
        if not any(name.lower() == "content-type" for name in self.headers):
            kind = "text/plain; charset=utf-8" if isinstance(self.body, str) else "application/json"
            headers += (("Content-Type", kind),)
        return Answer(status=self.status, rule=REPLACED, headers=headers, body=text.encode())
