"""A member of a JSON answer stands in it twice (RFC 8259 section 4)."""

import json
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from sparring.mocks.engine.messages import Answer
from sparring.mocks.faults.http_effect import HttpEffect
from sparring.mocks.faults.scene import Scene


@dataclass(frozen=True)
class DuplicateMember(HttpEffect):
    """The member stands in the object as it was, and once more at its end with ``value``.

    An answer that is no JSON object, or has no such member, goes out as it is.
    """

    kind: ClassVar[str] = "duplicate-member"
    when: ClassVar[str] = "after"
    moments: ClassVar[tuple[str, ...]] = ("after",)

    member: str
    value: Any = None

    def answer(self, given: Answer | None, _scene: Scene) -> Answer | None:
        """The answer with the second one."""
        if given is None:
            return None
        try:
            document = json.loads(given.body)
        except ValueError:
            return given
        if not isinstance(document, dict) or self.member not in document:
            return given
        text = given.body.rstrip()[:-1]
        again = ":".join(json.dumps(part, separators=(",", ":")) for part in (self.member, self.value))
        return replace(given, body=text + b"," + again.encode() + b"}")
