"""The JWTs in an exchange, decoded, and what they are worth by the stage's clock."""

import base64
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import unquote_plus

from sparring.mocks.control.dashboard.rows import form_of, json_of, query_of, stage_time
from sparring.mocks.control.interface import Json

_JWT = re.compile(r"(?<![\w-])eyJ[\w-]{2,}\.[\w-]+\.[\w-]*", re.ASCII)

MOST = 20
"""Tokens of one exchange that are shown."""


def decoded(exchange: Mapping[str, Any], now: float) -> list[Json]:
    """Each JWT of the exchange once: ``where`` it stands, ``header`` and ``claims`` as JSON, and ``validity``, a list
    of words with their tones. ``now`` is what the stage's clock shows.
    """
    found: dict[str, list[str]] = {}
    for where, text in _places(exchange):
        for token in _JWT.findall(text):
            if where not in found.setdefault(token, []):
                found[token].append(where)
    told: list[Json] = []
    for token, places in found.items():
        parts = [_part(part) for part in token.split(".")[:2]]
        if isinstance(parts[0], dict) and isinstance(parts[1], dict) and len(told) < MOST:
            told.append(
                {
                    "where": ", ".join(places),
                    "header": json.dumps(parts[0], indent=2, ensure_ascii=False),
                    "claims": json.dumps(parts[1], indent=2, ensure_ascii=False),
                    "signed": bool(token.split(".")[2]),
                    "validity": validity(parts[1], now),
                }
            )
    return told


def _part(text: str) -> Any:
    try:
        return json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (ValueError, RecursionError):
        return None


def _places(exchange: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in query_of(str(exchange["url"])):
        yield f"query, {name}", value
    for name, value in exchange["headers"]:
        yield f"request header, {name}", unquote_plus(value)
    form = form_of(exchange)
    for name, value in form:
        yield f"form, {name}", value
    if not form and isinstance(exchange["body"], str):
        yield "request body", exchange["body"]
    for name, value in exchange["response_headers"]:
        yield f"response header, {name}", unquote_plus(value)
    body = exchange["response_body"]
    document = json_of(body)
    if isinstance(document, dict):
        for name, value in document.items():
            yield f"response, {name}", value if isinstance(value, str) else json.dumps(value)
    elif isinstance(body, str):
        yield "response body", body


def validity(claims: Mapping[str, Any], now: float) -> list[Json]:
    """What ``nbf``, ``iat`` and ``exp`` say at that moment, in words."""
    said: list[Json] = []
    for name, words in (("nbf", "not valid before"), ("iat", "issued in the future, at")):
        moment = _seconds(claims.get(name))
        if moment is not None and moment > now + 1:
            said.append({"tone": "bad", "text": f"{words} {_moment(moment)} ({span(moment - now)} from now)"})
    ends = _seconds(claims.get("exp"))
    if ends is None:
        said.append({"tone": "warn", "text": "never expires: there is no exp that can be read"})
    elif ends <= now:
        said.append({"tone": "bad", "text": f"expired {span(now - ends)} ago, at {_moment(ends)}"})
    elif not said:
        said.append({"tone": "good", "text": f"valid, expires in {span(ends - now)}, at {_moment(ends)}"})
    return said


def _seconds(value: object) -> float | None:
    return (
        float(value) if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e12 else None
    )


def _moment(at: float) -> str:
    try:
        return stage_time(at)[:19] + " UTC"
    except (ValueError, OverflowError, OSError):
        return f"second {at:g}"


def span(seconds: float) -> str:
    """A length of time in two words at most: ``4 min 59 s``, ``3 h``, ``29 d 23 h``."""
    left, words = max(0, round(seconds)), []
    for size, unit in ((86_400, "d"), (3_600, "h"), (60, "min"), (1, "s")):
        count, left = divmod(left, size)
        if count:
            words.append(f"{count} {unit}")
    return " ".join(words[:2]) or "0 s"
