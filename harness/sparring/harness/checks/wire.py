"""Reading what crossed the wire: answers of the token endpoint, tokens on API calls, callbacks."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from sparring.harness.evidence import Evidence, Exchange, Visit

CLIENT_ENDPOINTS = ("token", "register", "api", "jwks", "discovery", "userinfo", "unknown")
"""Endpoints that the client itself asks; the others are the browser's."""

PROTECTED = ("api", "register")
"""Endpoints that want an access token in the Authorization header."""


@dataclass(frozen=True, slots=True)
class Issued:
    """One good answer that brought an access token, as the client received it."""

    n: int
    at: float
    access_token: str
    expires_in: object
    refresh_token: str = ""
    token_type: str = ""
    scope: str = ""


def answer(exchange: Exchange) -> Mapping[str, Any]:
    """The JSON object of the answer; empty where the answer is anything else."""
    try:
        body = json.loads(exchange.response_body)
    except (ValueError, RecursionError):
        return {}
    return body if isinstance(body, dict) else {}


def word(body: Mapping[str, Any], member: str) -> str:
    """A member of an answer where it is a string, else an empty string."""
    value = body.get(member)
    return value if isinstance(value, str) else ""


def error_of(exchange: Exchange) -> str:
    """The OAuth error code of the answer, or an empty string."""
    return word(answer(exchange), "error")


def issued(evidence: Evidence) -> tuple[Issued, ...]:
    """The good answers of the token endpoint: 200 and an access token."""
    found = []
    for exchange in evidence.at("token"):
        body = answer(exchange)
        if exchange.status == 200 and word(body, "access_token"):
            found.append(
                Issued(
                    n=exchange.n,
                    at=exchange.at,
                    access_token=word(body, "access_token"),
                    expires_in=body.get("expires_in"),
                    refresh_token=word(body, "refresh_token"),
                    token_type=word(body, "token_type"),
                    scope=word(body, "scope"),
                )
            )
    return tuple(found)


def registered(evidence: Evidence) -> tuple[Issued, ...]:
    """The good answers to a registration: each brings an access token of the user who was registered."""
    found = []
    for exchange in evidence.at("register"):
        attributes = _member(answer(exchange), "data", "attributes")
        if succeeded(exchange) and word(attributes, "access_token"):
            found.append(
                Issued(
                    n=exchange.n,
                    at=exchange.at,
                    access_token=word(attributes, "access_token"),
                    expires_in=attributes.get("expires_in"),
                )
            )
    return tuple(found)


def remote_user_id_of(exchange: Exchange) -> object:
    """The id in the body of a registration, as JSON has it; None where there is none."""
    try:
        body = json.loads(exchange.body)
    except (ValueError, RecursionError):
        return None
    return _member(body, "data", "attributes").get("remote_user_id")


def _member(body: object, *path: str) -> Mapping[str, Any]:
    """An object within an object; empty where there is none."""
    for name in path:
        body = body.get(name) if isinstance(body, Mapping) else None
    return body if isinstance(body, Mapping) else {}


def protected(evidence: Evidence, after: int = 0) -> tuple[Exchange, ...]:
    """The calls that want an access token, those after that exchange only; a browser's preflight is none."""
    return tuple(e for e in evidence.at(*PROTECTED) if e.method != "OPTIONS" and e.n > after)


def seconds_of(token: Issued) -> float | None:
    """The life that the answer states, as a number or in digits; None where it states none.

    A whole number beyond all floats is infinity, as it is to a parser that has floats only.
    """
    stated = token.expires_in
    if isinstance(stated, bool) or not isinstance(stated, int | float | str):
        return None
    if isinstance(stated, str):
        return float(stated) if stated.isascii() and stated.isdigit() and len(stated) < 18 else None
    return float(str(stated))


def outlived(evidence: Evidence) -> Exchange | None:
    """The first request after the stated life of the first token, or None."""
    stated = [(token, seconds) for token in issued(evidence) if (seconds := seconds_of(token)) is not None]
    if not stated:
        return None
    end = stated[0][0].at + stated[0][1]
    return next((asked for asked in evidence.at("token", *PROTECTED) if asked.at >= end), None)


def credential(exchange: Exchange) -> str:
    """What follows the scheme in the Authorization header, or an empty string."""
    return (exchange.header("authorization") or "").partition(" ")[2].strip()


def succeeded(exchange: Exchange) -> bool:
    """Whether the answer's status is a good one."""
    return exchange.status is not None and 200 <= exchange.status < 300


def query_of(url: str | None) -> dict[str, str]:
    """The parameters of a URL's query, the first of each name; empty where the URL cannot be read."""
    return dict(_first_of_each(url or ""))


@lru_cache(maxsize=4096)
def _first_of_each(url: str) -> Mapping[str, str]:
    try:
        pairs = parse_qsl(urlsplit(url).query, keep_blank_values=True)
    except ValueError:
        return {}
    return dict(reversed(pairs))


def fragment_of(url: str | None) -> dict[str, str]:
    """The parameters of a URL's fragment, which no server sees; empty where the URL cannot be read."""
    try:
        fragment = urlsplit(url or "").fragment
    except ValueError:
        return {}
    return query_of(f"?{fragment}")


def code_of(visit: Visit) -> str:
    """The authorization code that the callback brought, or an empty string."""
    return query_of(visit.callback).get("code", "")


def code_requests(evidence: Evidence) -> tuple[Exchange, ...]:
    """The token requests by authorization code."""
    return tuple(e for e in evidence.at("token") if e.param("grant_type") == "authorization_code")


def refresh_requests(evidence: Evidence) -> tuple[Exchange, ...]:
    """The token requests by refresh token."""
    return tuple(e for e in evidence.at("token") if e.param("grant_type") == "refresh_token")


def authorize_url_of(evidence: Evidence) -> tuple[str, ...]:
    """Every authorization URL that a person was sent to, once each."""
    urls = [visit.url for visit in evidence.visits]
    urls += [e.url for e in evidence.at("authorize") if e.method == "GET"]
    return tuple(dict.fromkeys(urls))
