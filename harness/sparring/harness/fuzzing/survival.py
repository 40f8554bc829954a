"""What broke a client whose answers were spoilt: a crash, no end, a token used that is none, or requests in circles."""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from sparring.harness.checks.rejection import said
from sparring.harness.checks.wire import CLIENT_ENDPOINTS, credential, protected, query_of
from sparring.harness.evidence import Evidence, Exchange, Visit
from sparring.harness.verdict import Finding, failed

MOST = 20
"""Requests at one endpoint, or logins, beyond which a client goes round in circles."""

_SPEAKABLE = re.compile(r"[\x21-\x7e]+")
"""Of what an access token may consist (RFC 6749 appendix A.12)."""


@dataclass(frozen=True, slots=True)
class _Offered:
    """What an answer offered as an access token. ``good``: a client may take it for one."""

    n: int
    value: object
    good: bool


def what_broke(evidence: Evidence, most: int = MOST) -> tuple[str, Finding] | None:
    """The way in which the client was broken, and the finding that says so; None where it was not.

    ``most``: requests at one endpoint that are no circle yet.
    """
    outcomes = [step.outcome for step in evidence.steps if step.do != "quit"]
    struck = [exchange.n for exchange in evidence.exchanges if exchange.facts.get("faults")]
    if "crash" in outcomes:
        return "crash", failed(f"The client did not survive it: {said(evidence)}.", *struck)
    circles = _circles(evidence, most)
    if circles is not None:
        return "loop", circles
    if "timeout" in outcomes:
        return "hang", failed(f"The client did not survive it: {said(evidence)}.", *struck)
    misuse = _forged(evidence) or _no_token(evidence)
    return None if misuse is None else ("misuse", misuse)


def _circles(evidence: Evidence, most: int) -> Finding | None:
    made = Counter(e.endpoint for e in evidence.at(*CLIENT_ENDPOINTS))
    for endpoint, times in made.items():
        if times > most:
            proof = evidence.at(endpoint)[most].n
            return failed(f"The client went round in circles: {times} requests at {endpoint}.", proof)
    if len(evidence.visits) > most:
        return failed(f"The client sent the person to sign in {len(evidence.visits)} times.")
    return None


def _states(url: str | None) -> list[str]:
    try:
        parts = urlsplit(url or "")
    except ValueError:
        return []
    return [value for name, value in parse_qsl(parts.query, keep_blank_values=True) if name == "state"]


def _is_forged(visit: Visit) -> bool:
    sent = query_of(visit.url).get("state")
    return bool(sent) and visit.callback is not None and sent not in _states(visit.callback)


def _forged(evidence: Evidence) -> Finding | None:
    """A code that came without the login's own state, and was exchanged."""
    codes = {query_of(visit.callback).get("code", "") for visit in evidence.visits if _is_forged(visit)} - {""}
    codes -= {query_of(visit.callback).get("code", "") for visit in evidence.visits if not _is_forged(visit)}
    used = [e.n for e in evidence.at("token") if e.param("code") in codes]
    if used:
        return failed("The callback came without the state that was sent, and its code was exchanged.", *used)
    return None


def _object(text: bytes) -> list[tuple[str, Any]] | None:
    """The members of a JSON object, each as often as it occurs; None where that is none."""
    marker: list[list[tuple[str, Any]]] = []

    def pairs(members: list[tuple[str, Any]]) -> dict[str, Any]:
        marker.append(members)
        return dict(members)

    try:
        document = json.loads(text, object_pairs_hook=pairs)
    except (ValueError, RecursionError):
        return None
    return marker[-1] if isinstance(document, dict) else None


def _offered(evidence: Evidence) -> Iterator[_Offered]:
    for exchange in evidence.at("token", "register"):
        members = _object(exchange.response_body)
        if exchange.endpoint == "register":
            members = _attributes(members)
        if members is None:
            continue
        kind = [value for name, value in members if name == "token_type"]
        fine = exchange.status is not None and 200 <= exchange.status < 300
        fine = fine and (not kind or any(value is None or _is_bearer(value) for value in kind))
        for name, value in members:
            if name == "access_token":
                yield _Offered(exchange.n, value, fine and isinstance(value, str) and bool(value.strip()))


def _is_bearer(kind: object) -> bool:
    return isinstance(kind, str) and kind.strip().lower() in {"bearer", ""}


def _attributes(members: list[tuple[str, Any]] | None) -> list[tuple[str, Any]] | None:
    """The members of ``data.attributes``, where a registration has its token."""
    inner: object = dict(members or ())
    for name in ("data", "attributes"):
        inner = inner.get(name) if isinstance(inner, Mapping) else None
    return list(inner.items()) if isinstance(inner, Mapping) else None


def _no_token(evidence: Evidence) -> Finding | None:
    """A call with what no answer gave as a token, or success without any."""
    offers = list(_offered(evidence))
    if any(isinstance(offer.value, str) and offer.value and not _SPEAKABLE.fullmatch(offer.value) for offer in offers):
        return None  # what becomes of such letters on the wire, nobody can say
    asked = [e for e in evidence.at("token", "register") if e.method == "POST"]
    unknown = any(e.status is None for e in asked)  # the wire spoilt an answer, and what of it arrived, nobody knows
    for call in protected(evidence):
        shown, finding = credential(call), None
        before = [offer for offer in offers if offer.n < call.n]
        if shown in {offer.value for offer in before if offer.good}:
            continue
        source = [offer.n for offer in before if shown and shown in _spellings(offer.value)]
        if source:
            finding = failed("The client used as a token what is none.", *source, call.n)
        elif (
            asked
            and not unknown
            and asked[0].n < call.n
            and not any(offer.good for offer in before)
            and not _is_known(call)
        ):
            finding = failed("No answer had a usable token, and the API was called all the same.", asked[0].n, call.n)
        if finding is not None:
            return finding
    signed_in = next((step for step in evidence.doing("authenticate") if step.outcome == "ok"), None)
    if signed_in is not None and asked and not unknown and not any(offer.good for offer in offers):
        return failed("No answer had a usable token, yet the client reported ok.", asked[0].n)
    return None


def _spellings(value: object) -> set[str]:
    """How languages write a value into a header."""
    return {str(value), json.dumps(value)} | ({"undefined", "nil"} if value is None else set())


def _is_known(exchange: Exchange) -> bool:
    """Whether the provider takes what it brought for a token that it gave out."""
    return any(fact.get("valid") for fact in exchange.facts.get("presented", ()))
