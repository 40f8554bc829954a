"""A stage's recording in pages: the newest first asked for, whatever lies before them when somebody goes back."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from sparring.mocks.control.interface import ControlError, Json
from sparring.mocks.recorder.exchange import Exchange
from sparring.mocks.stage import Stage

LARGEST = 500
"""Exchanges of one page at most."""

_STATUS = re.compile(r"[1-5](?:xx|\d\d)|none", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Which exchanges: at most ``limit``, numbered after ``since`` and below ``before`` (None: whatever there is).

    ``status`` is one (``404``), a class of them (``4xx``), or ``none`` for those without an answer. ``refused``: only
    what was refused. ``text`` stands somewhere in them, in upper or lower case.
    """

    limit: int = 200
    since: int = 0
    before: int | None = None
    provider: str | None = None
    endpoint: str | None = None
    status: str | None = None
    refused: bool = False
    text: str | None = None

    def __post_init__(self) -> None:
        if not 1 <= self.limit <= LARGEST:
            raise ControlError(f'"limit" is a number from 1 to {LARGEST}')
        if self.status is not None and not _STATUS.fullmatch(self.status):
            raise ControlError('"status" is one like 404, a class like 4xx, or none')

    def covers(self, exchange: Exchange) -> bool:
        """Whether it is one of them, its number apart."""
        return (
            self.provider in {None, exchange.provider}
            and self.endpoint in {None, exchange.endpoint}
            and (self.status is None or _has_status(exchange, self.status))
            and (not self.refused or is_refused(exchange))
            and (self.text is None or _mentions(exchange, self.text.lower()))
        )


def is_refused(exchange: Exchange) -> bool:
    """Whether the request did not get what it asked for: no answer, an error status, or a rule that says what to mend.
    One that is still at work is not refused.
    """
    answer = exchange.answer
    if answer is None:
        return exchange.ended
    return answer.status >= 400 or bool(answer.rule.mend)


def _has_status(exchange: Exchange, wanted: str) -> bool:
    if exchange.answer is None:
        return wanted == "none"
    status = str(exchange.answer.status)
    return status == wanted or (wanted.endswith("xx") and status[0] == wanted[0])


def _mentions(exchange: Exchange, wanted: str) -> bool:
    return any(wanted in text.lower() for text in _texts(exchange))


def _texts(exchange: Exchange) -> Iterator[str]:
    request, answer, facts = exchange.request, exchange.answer, exchange.request.facts
    yield f"{request.method} {request.path}?{request.query}"
    yield f"{exchange.provider} {exchange.endpoint} {facts.client or ''} {facts.user or ''} {facts.grant or ''}"
    yield " ".join(facts.faults)
    yield request.body.decode("utf-8", "replace")
    yield from (f"{name}: {value}" for name, value in request.headers)
    if answer is not None:
        yield f"{answer.rule.id} {answer.rule.mend}"
        yield from (f"{name}: {value}" for name, value in answer.headers)
        yield answer.body.decode("utf-8", "replace")


def page(stage: Stage, wanted: Page) -> Json:
    """``exchanges`` in their order, the newest of those that are wanted (with ``since``, the oldest); ``more``: whether
    there are others beyond them; ``kept`` and ``last``: how many the recorder keeps in all, and the newest's number.
    """
    kept = stage.recorder.select(since=wanted.since)
    if wanted.before is not None:
        kept = [exchange for exchange in kept if exchange.n < wanted.before]
    found: list[Exchange] = []
    forward = wanted.since > 0
    more = False
    for exchange in kept if forward else reversed(kept):
        if not wanted.covers(exchange):
            continue
        if len(found) == wanted.limit:
            more = True
            break
        found.append(exchange)
    shown = found if forward else found[::-1]
    everything = stage.recorder.select()
    return {
        "exchanges": [_told(exchange) for exchange in shown],
        "more": more,
        "kept": len(everything),
        "last": stage.recorder.count,
    }


def _told(exchange: Exchange) -> Json:
    """The exchange, how its rule is known, whether it was refused, and the real seconds that it took."""
    return exchange.as_json() | {
        "mark": exchange.answer.rule.mark.value if exchange.answer else "",
        "refused": is_refused(exchange),
        "ended": exchange.ended,
        "took": round(exchange.took, 6),
    }
