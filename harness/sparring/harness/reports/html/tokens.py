"""The tokens of a scenario: header and claims decoded, never the token itself; where each was issued and shown."""

import base64
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sparring.harness.checks.traces import fingerprint
from sparring.harness.checks.wire import answer
from sparring.harness.evidence import Exchange
from sparring.harness.reports.html.saying import cut
from sparring.harness.reports.redact import Redactor

_JWT = re.compile(r"eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*\.[A-Za-z0-9_-]*")
_TIMES = frozenset({"iat", "exp", "nbf", "auth_time", "updated_at"})
_MOST = 12
_LONGEST_VALUE = 400
_PREFIX = 8
"""The digits by which reports name a secret; the recording's facts have more of the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A member of a token's header or claims, as JSON; ``note`` is what it means, for a time."""

    name: str
    value: str
    note: str = ""


@dataclass(slots=True, kw_only=True)
class Token:
    """One token. ``events`` say, in order, where it was issued and shown, and whether it was valid then."""

    fp: str
    kind: str = "token"
    header: tuple[Member, ...] = ()
    claims: tuple[Member, ...] = ()
    decoded: bool = False
    signature: str = ""
    events: list[tuple[int, str, bool]] = field(default_factory=list)


def moment(seconds: float) -> str:
    """POSIX seconds as a date and time in UTC; an empty string where there is no such date."""
    try:
        return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%SZ")
    except (OverflowError, OSError, ValueError):
        return ""


def listed(exchange: Exchange, fact: str) -> list[Any]:
    """A fact that is a list; empty where it is anything else, as in a recording from elsewhere."""
    value = exchange.facts.get(fact)
    return list(value) if isinstance(value, (list, tuple)) else []


def tokens_of(exchanges: Iterable[Exchange], redactor: Redactor) -> tuple[Token, ...]:
    """What was issued, shown, or merely went over the wire, the first of each; a dozen at the most."""
    found: dict[str, Token] = {}
    for exchange in exchanges:
        for kind, raw in _on_the_wire(exchange):
            fp = fingerprint(raw)
            token = found.setdefault(fp, Token(fp=fp))
            if not token.decoded:
                _decode(token, raw, exchange.at, redactor)
            if token.kind == "token" and kind:
                token.kind = kind
        for what in ("issued", "presented"):
            for fact in listed(exchange, what):
                if isinstance(fact, dict):
                    _note(found, fact, what, exchange)
    return tuple(found.values())[:_MOST]


def _note(found: dict[str, Token], fact: dict[str, Any], what: str, exchange: Exchange) -> None:
    fp = str(fact.get("fp", ""))[:_PREFIX]
    token = found.setdefault(fp, Token(fp=fp))
    token.kind = str(fact.get("kind") or token.kind)
    if what == "issued":
        ends = fact.get("expires_at")
        until = f", ends {moment(ends)}" if isinstance(ends, (int, float)) else ""
        token.events.append((exchange.n, f"issued at {moment(exchange.at)}{until}", True))
        return
    valid = fact.get("valid") is not False
    reason = f": {fact['reason']}" if fact.get("reason") else ""
    where = f" in the {fact['where']}" if fact.get("where") else ""
    word = "valid then" if valid else f"not valid then{reason}"
    token.events.append((exchange.n, f"shown{where} at {moment(exchange.at)}, {word}", valid))


def _on_the_wire(exchange: Exchange) -> Iterator[tuple[str, str]]:
    """Everything that has the form of a JWT, with its kind where its name tells."""
    body = answer(exchange)
    for kind in ("access_token", "refresh_token", "id_token"):
        value = body.get(kind)
        if isinstance(value, str) and _JWT.fullmatch(value):
            yield kind, value
    texts = [value for _, value in (*exchange.headers, *exchange.response_headers)]
    texts += [exchange.url, exchange.body.decode("utf-8", "replace"), exchange.response_body.decode("utf-8", "replace")]
    for text in texts:
        for match in _JWT.finditer(text):
            yield "", match.group()


def _decode(token: Token, raw: str, at: float, redactor: Redactor) -> None:
    head, claims, signature = raw.split(".", 2)
    token.header, token.claims = _members(head, at, redactor), _members(claims, at, redactor)
    token.decoded = bool(token.header)
    token.signature = fingerprint(signature) if signature else ""


def _members(part: str, at: float, redactor: Redactor) -> tuple[Member, ...]:
    try:
        document = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except (ValueError, RecursionError):
        return ()
    if not isinstance(document, dict):
        return ()
    return tuple(
        Member(
            name=redactor.text(name),
            value=cut(redactor.text(json.dumps(value, ensure_ascii=False)), _LONGEST_VALUE),
            note=_time(name, value, at),
        )
        for name, value in document.items()
    )


def _time(name: str, value: object, at: float) -> str:
    """A time claim as a date, and how far it was away when the token was seen."""
    if name not in _TIMES or isinstance(value, bool) or not isinstance(value, (int, float)):
        return ""
    when = moment(value)
    if not when:
        return ""
    seconds = round(value - at)
    away = "then" if seconds == 0 else f"{_span(abs(seconds))} {'later' if seconds > 0 else 'before'}"
    return f"{when}, {away}"


def _span(seconds: int) -> str:
    for size, unit in ((86400, "d"), (3600, "h"), (60, "min")):
        if seconds >= size * 2:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds} s"
