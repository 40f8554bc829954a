"""The provider's own answer with another status, other headers, another content type, another body."""

import base64
import binascii
from dataclasses import dataclass, field, replace
from typing import ClassVar

from sparring.mocks.engine.messages import Answer, empty_answer
from sparring.mocks.faults.http_effect import (
    HttpEffect,
    check_framing,
    check_headers,
    check_text,
    rule_of,
    with_header,
)
from sparring.mocks.faults.scene import Scene


@dataclass(frozen=True)
class Headers(HttpEffect):
    """Headers are set (in the place of all of that name) or dropped."""

    kind: ClassVar[str] = "headers"
    when: ClassVar[str] = "after"
    moments: ClassVar[tuple[str, ...]] = ("after",)

    set: dict[str, str] = field(default_factory=dict)
    drop: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Refuse what HTTP cannot carry, and what would change nothing."""
        check_headers(self.set)
        check_framing(self.drop)
        if not self.set and not self.drop:
            raise ValueError("no header is changed: give set or drop")
        if any(name.lower() == "date" for name in self.drop):
            raise ValueError("every answer has a Date; it can be set, not dropped")

    def answer(self, given: Answer | None, _scene: Scene) -> Answer | None:
        """The answer with those headers."""
        if given is None:
            return None
        gone = {name.lower() for name in self.drop}
        kept = tuple(pair for pair in given.headers if pair[0].lower() not in gone)
        changed = given if kept == given.headers else replace(given, headers=kept)
        for name, value in self.set.items():
            changed = with_header(changed, name, value)
        return changed


@dataclass(frozen=True)
class Status(HttpEffect):
    """Another status, with everything else as the provider has it; ``before``: nothing else at all."""

    kind: ClassVar[str] = "status"
    when: ClassVar[str] = "after"

    status: int

    def __post_init__(self) -> None:
        """Refuse a status that is none, or that ends no exchange."""
        if isinstance(self.status, bool) or not 200 <= self.status <= 599:
            raise ValueError("status is a number from 200 to 599")

    def answer(self, given: Answer | None, _scene: Scene) -> Answer | None:
        """The answer with that status; those that have no body (RFC 9110 section 6.4.1) lose it."""
        if given is None:
            return empty_answer(rule_of(self.kind), self.status)
        if given.status == self.status:
            return given
        return replace(given, status=self.status, body=b"" if self.status in {204, 304} else given.body)


@dataclass(frozen=True)
class ContentType(HttpEffect):
    """The body calls itself something else."""

    kind: ClassVar[str] = "content-type"
    when: ClassVar[str] = "after"
    moments: ClassVar[tuple[str, ...]] = ("after",)

    value: str

    def __post_init__(self) -> None:
        """Refuse what no header can carry."""
        check_headers({"Content-Type": self.value})

    def answer(self, given: Answer | None, _scene: Scene) -> Answer | None:
        """The answer with that Content-Type."""
        return None if given is None else with_header(given, "Content-Type", self.value)


@dataclass(frozen=True)
class Body(HttpEffect):
    """Another body, byte for byte, under the provider's own status and headers: ``text``, or ``base64`` for octets."""

    kind: ClassVar[str] = "body"
    when: ClassVar[str] = "after"
    moments: ClassVar[tuple[str, ...]] = ("after",)

    text: str = ""
    base64: str | None = None

    def __post_init__(self) -> None:
        """Refuse text that cannot be written, and octets that cannot be read."""
        check_text("text", self.text)
        if self.base64 is not None and self.text:
            raise ValueError("the body is text or base64, not both")
        try:
            base64.b64decode(self.base64 or "", validate=True)
        except (binascii.Error, ValueError) as error:
            raise ValueError("base64 cannot be read") from error

    def answer(self, given: Answer | None, _scene: Scene) -> Answer | None:
        """The answer with that body."""
        body = self.text.encode() if self.base64 is None else base64.b64decode(self.base64)
        return given if given is None or given.body == body else replace(given, body=body)
