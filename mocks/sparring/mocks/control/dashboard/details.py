"""One exchange opened: why it went as it did, the tokens in it, request and answer; blocks to be shown one by one."""

import base64
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sparring.mocks.control.dashboard.curl import as_curl
from sparring.mocks.control.dashboard.recipes import title_of
from sparring.mocks.control.dashboard.rows import answered, form_of, json_of, query_of, stage_time, tone
from sparring.mocks.control.dashboard.tokens import decoded, span
from sparring.mocks.control.interface import Json

LONGEST = 40_000
"""Characters of a body that are shown."""

MARKS = {
    "doc": "the provider's document",
    "engine": "the engine's source",
    "client": "a client that talked to it",
    "assumed": "by analogy",
}


def details(
    exchange: Mapping[str, Any],
    *,
    now: float,
    stage: Mapping[str, Any],
    faults: Sequence[Mapping[str, Any]],
    notes: Sequence[Json],
) -> Json:
    """What is to be known of an exchange. ``now``: the stage's clock; ``stage``: as the control port describes it;
    ``faults``, ``notes``: those on it. ``blocks`` are ``pairs`` or ``text`` under a title; ``tokens`` come decoded.
    """
    provider = stage["providers"].get(exchange["provider"], {})
    base_url = str(provider.get("base_url", stage["decoy_url"]))
    return {
        "n": exchange["n"],
        "heading": f"{exchange['method']} {exchange['endpoint']}",
        "provider": provider.get("title", exchange["provider"]),
        "answer": answered(exchange),
        "tone": tone(exchange),
        "at": f"{stage_time(exchange['at'])} UTC, {_milliseconds(exchange['took'])}",
        "why": _why(exchange, faults),
        "notes": [note for note in notes if note["exchange"] == exchange["n"]],
        "tokens": decoded(exchange, now),
        "curl": as_curl(exchange, base_url, stage["ca_file"]),
        "blocks": [block for block in _blocks(exchange, now) if block["pairs"] or block["text"]],
    }


def _milliseconds(seconds: float) -> str:
    return f"answered in {seconds * 1000:.1f} ms"


def _why(exchange: Mapping[str, Any], faults: Sequence[Mapping[str, Any]]) -> Json:
    """The rule that decided, its source, what to mend, and what went wrong on purpose."""
    known = {fault["id"]: fault for fault in faults}
    fired = [
        f"{title_of(name)}: {said(known[name])}" if name in known else title_of(name)
        for name in exchange["facts"].get("faults", ())
    ]
    mark = exchange.get("mark", "")
    return {
        "rule": exchange["rule"],
        "source": exchange["source"],
        "mark": f"{mark}: {MARKS[mark]}" if mark in MARKS else mark,
        "mend": exchange["mend"],
        "faults": fired,
    }


def said(fault: Mapping[str, Any]) -> str:
    """A fault in one line: where, when, what."""
    match, effect = fault["match"], fault["effect"]
    where = [str(match.get("provider", "any provider")), str(match.get("endpoint", "any endpoint"))]
    where += [str(match[name]) for name in ("grant", "client") if name in match]
    if "attempt" in match:
        where.append(f"request {match['attempt']}" + (" of each grant" if match.get("per") else ""))
    members = [f"{name} {_short(value)}" for name, value in effect.items() if name != "kind" and value not in _NOTHING]
    return f"{' · '.join(where)} → {effect['kind']}" + (f" ({', '.join(members)})" if members else "")


_NOTHING: tuple[object, ...] = (None, "", [], {}, False)


def _short(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else text[:57] + "..."


def _blocks(exchange: Mapping[str, Any], now: float) -> Iterator[Json]:
    yield _pairs("What the provider knew", list(_facts(exchange["facts"], now)), shut=True)
    yield _text("Request", f"{exchange['method']} {exchange['url']}")
    yield _pairs("Query", query_of(str(exchange["url"])))
    form = form_of(exchange)
    yield _pairs("Form", form) if form else _text("Request body", _body(exchange["body"]))
    yield _pairs("Request headers", exchange["headers"], shut=True)
    status = exchange["status"]
    yield _text("Response", "nothing went out" if status is None else str(status))
    yield _text("Response body", _body(exchange["response_body"]))
    yield _pairs("Response headers", exchange["response_headers"], shut=True)


def _text(title: str, text: str) -> Json:
    return {"title": title, "text": text, "pairs": [], "open": True}


def _pairs(title: str, pairs: Sequence[Sequence[str]], *, shut: bool = False) -> Json:
    return {"title": title, "text": "", "pairs": [list(pair) for pair in pairs], "open": not shut}


def _body(body: object) -> str:
    """A body to read: JSON set out, octets as base64, and not too much of it."""
    if isinstance(body, Mapping):
        size = len(base64.b64decode(str(body["base64"])))
        return _cut(f"({size} bytes that are no text, as base64)\n{body['base64']}")
    document = json_of(body)
    return _cut(str(body) if document is None else json.dumps(document, indent=2, ensure_ascii=False))


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}\n... and {len(text) - LONGEST} characters more"


def _facts(facts: Mapping[str, Any], now: float) -> Iterator[tuple[str, str]]:
    for name in ("client", "user", "grant", "certificate"):
        if facts.get(name):
            yield name, str(facts[name])
    for token in facts.get("presented", ()):
        worth = "good" if token.get("valid") else str(token.get("reason") or "no good")
        yield f"{token['kind']} presented", f"{_named(token)}, in the {token.get('where', 'request')}: {worth} then"
    for token in facts.get("issued", ()):
        yield f"{token['kind']} issued", f"{_named(token)}{_ends(token.get('expires_at'), now)}"
    for note in facts.get("notes", ()):
        yield "a stricter server", str(note)


def _named(token: Mapping[str, Any]) -> str:
    generation = f", generation {token['generation']}" if "generation" in token else ""
    return f"{token.get('fp', '')}{generation}"


def _ends(at: object, now: float) -> str:
    if not isinstance(at, int | float):
        return ", for good"
    return f", expires in {span(at - now)}" if at > now else f", expired {span(now - at)} ago"
