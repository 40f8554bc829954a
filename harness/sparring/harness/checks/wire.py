"""Reading what crossed the wire: answers of the token endpoint, tokens on API calls, callbacks."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from sparring.harness.evidence import Evidence, Exchange, Visit

CLIENT_ENDPOINTS = ("token", "api", "jwks", "discovery", "userinfo", "unknown")
"""Endpoints that the client itself asks; the others are the browser's."""


@dataclass(frozen=True, slots=True)
class Issued:
    """One good answer of the token endpoint, as the client received it."""

    n: int
    at: float
    access_token: str
    refresh_token: str
    expires_in: object
    token_type: str
    scope: str


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
                    refresh_token=word(body, "refresh_token"),
                    expires_in=body.get("expires_in"),
                    token_type=word(body, "token_type"),
                    scope=word(body, "scope"),
                )
            )
    return tuple(found)


def credential(exchange: Exchange) -> str:
    """What follows the scheme in the Authorization header, or an empty string."""
    return (exchange.header("authorization") or "").partition(" ")[2].strip()


def succeeded(exchange: Exchange) -> bool:
    """Whether the answer's status is a good one."""
    return exchange.status is not None and 200 <= exchange.status < 300


def query_of(url: str | None) -> dict[str, str]:
    """The parameters of a URL's query, the first of each name; empty where the URL cannot be read."""
    try:
        pairs = parse_qsl(urlsplit(url or "").query, keep_blank_values=True)
    except ValueError:
        return {}
    return dict(reversed(pairs))


def code_of(visit: Visit) -> str:
    """The authorization code that the callback brought, or an empty string."""
    return query_of(visit.callback).get("code", "")


def refresh_requests(evidence: Evidence) -> tuple[Exchange, ...]:
    """The token requests by refresh token."""
    return tuple(e for e in evidence.at("token") if e.param("grant_type") == "refresh_token")


def authorize_url_of(evidence: Evidence) -> tuple[str, ...]:
    """Every authorization URL that a person was sent to, once each."""
    urls = [visit.url for visit in evidence.visits]
    urls += [e.url for e in evidence.at("authorize") if e.method == "GET"]
    return tuple(dict.fromkeys(urls))
