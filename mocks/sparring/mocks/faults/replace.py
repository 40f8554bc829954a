"""Another answer altogether: status, headers, body."""

import json
import re
from dataclasses import dataclass, field
from typing import Any, ClassVar

from sparring.mocks.engine.messages import Answer
from sparring.mocks.engine.rules import Mark, Rule
from sparring.mocks.faults.schema import Effect, Place

_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")  # RFC 9110 sections 5.1 and 5.5
_VALUE = re.compile(r"[\t\x20-\x7e\x80-\xff]*")
_SURROGATE = re.compile("[\ud800-\udfff]")

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
        """Refuse what HTTP cannot carry."""
        if not isinstance(self.status, int) or not 200 <= self.status <= 599:
            raise ValueError("status is a number from 200 to 599")
        for name, value in self.headers.items():
            if not _NAME.fullmatch(name) or not _VALUE.fullmatch(value):
                raise ValueError(f"HTTP has no header {name!r} with the value {value!r}")
        if isinstance(self.body, str) and _SURROGATE.search(self.body):
            raise ValueError("body holds half a surrogate pair, which UTF-8 cannot carry")

    def answer(self, _given: Answer | None, _places: dict[str, str]) -> Answer:
        """The answer that goes out."""
        text = self.body if isinstance(self.body, str) else json.dumps(self.body, separators=(",", ":"))
        headers = tuple(self.headers.items())
        if not any(name.lower() == "content-type" for name in self.headers):
            kind = "text/plain; charset=utf-8" if isinstance(self.body, str) else "application/json"
            headers += (("Content-Type", kind),)
        return Answer(status=self.status, rule=REPLACED, headers=headers, body=text.encode())
