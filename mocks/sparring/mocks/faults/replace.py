"""Another answer altogether: status, headers, body."""

import json
from dataclasses import dataclass, field
from typing import Any, ClassVar

from sparring.mocks.engine.messages import Answer
from sparring.mocks.faults.http_effect import HttpEffect, check_headers, check_text, rule_of
from sparring.mocks.faults.scene import Scene

REPLACED = rule_of("replace")


@dataclass(frozen=True)
class Replace(HttpEffect):
    """The client gets this answer. A body that is not text is written as JSON."""

    kind: ClassVar[str] = "replace"

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: Any = ""

    def __post_init__(self) -> None:
        """Refuse what HTTP cannot carry."""
        if not isinstance(self.status, int) or not 200 <= self.status <= 599:
            raise ValueError("status is a number from 200 to 599")
        check_headers(self.headers)
        if isinstance(self.body, str):
            check_text("body", self.body)
        else:
            json.dumps(self.body)

    def answer(self, _given: Answer | None, _scene: Scene) -> Answer:
        """The answer that goes out."""
        text = self.body if isinstance(self.body, str) else json.dumps(self.body, separators=(",", ":"))
        headers = tuple(self.headers.items())
        if not any(name.lower() == "content-type" for name in self.headers):
            kind = "text/plain; charset=utf-8" if isinstance(self.body, str) else "application/json"
            headers += (("Content-Type", kind),)
        return Answer(status=self.status, rule=REPLACED, headers=headers, body=text.encode())
