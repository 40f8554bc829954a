"""The provider is asked too often, or is not there: its own answer where it has one, with Retry-After."""

from dataclasses import dataclass
from typing import ClassVar, Literal

from sparring.mocks.engine.dates import http_date
from sparring.mocks.engine.messages import Answer, empty_answer
from sparring.mocks.faults.http_effect import HttpEffect, rule_of, with_header
from sparring.mocks.faults.scene import Scene
from sparring.mocks.faults.schema import within


@dataclass(frozen=True)
class Overload(HttpEffect):
    """``retry_after`` in one of its two forms (RFC 9110 section 10.2.3), or without it."""

    status: ClassVar[int]

    retry_after: int | None = 30
    form: Literal["seconds", "date"] = "seconds"

    def __post_init__(self) -> None:
        """Refuse a wait that is none."""
        if self.retry_after is not None:
            within("retry_after", self.retry_after, 0, 10**9)

    def answer(self, _given: Answer | None, scene: Scene) -> Answer:
        """The provider's own words, or none."""
        return overloaded(self.kind, self.status, self.retry_after, self.form, scene)


def overloaded(kind: str, status: int, retry_after: int | None, form: str, scene: Scene) -> Answer:
    """The provider's own answer with that status, or an empty one; Retry-After in ``seconds`` or as a ``date``."""
    rule = rule_of(kind)
    known = None if scene.outage is None else scene.outage(rule, status, retry_after or 0)
    answer = empty_answer(rule, status) if known is None else known
    if retry_after is None:
        return answer
    date = http_date(scene.desk.clock.now() + retry_after)
    return with_header(answer, "Retry-After", date if form == "date" else str(retry_after))


@dataclass(frozen=True)
class RateLimited(Overload):
    """429 (RFC 6585 section 4), in the provider's own words where it has any. ``retry_after`` in seconds by the stage's
    clock, None for no such header; ``form``: a number of seconds, or the date.
    """

    kind: ClassVar[str] = "rate-limited"
    status: ClassVar[int] = 429


@dataclass(frozen=True)
class Unavailable(Overload):
    """503 (RFC 9110 section 15.6.4), in the provider's own words where it has any. ``retry_after`` and ``form`` as at
    ``rate-limited``.
    """

    kind: ClassVar[str] = "unavailable"
    status: ClassVar[int] = 503
