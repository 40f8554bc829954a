"""What a client has to know of a running subject, and the requests that it makes."""

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlencode, urlsplit

from bench.wrk import Task

FORM = "application/x-www-form-urlencoded"
SLOT = "-in-its-place-"
"""Stands where the value of the turn comes; nothing in it is ever percent-encoded."""


class UnexpectedError(Exception):
    """A subject did not answer as the measure needs it; the message says what it said."""


@dataclass(frozen=True)
class Client:
    """One registered client of a running subject. Paths are those of its origin; "" where it has no such endpoint."""

    base_url: str
    token: str
    client_id: str
    client_secret: str
    scope: str = ""
    authorize: str = ""
    redirect_uri: str = "http://127.0.0.1:9/callback"
    jwks: str = ""
    api: str = ""
    signed: Mapping[str, str] | None = None
    """What the form of a client credentials request holds besides, for a signed token; None: there is none."""
    opaque: Mapping[str, str] | None = None
    """The same for an opaque one."""
    person: Mapping[str, str] = field(default_factory=dict)
    """What the person at the login pages types into which field."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """Of every request; ``{turn}`` in them is replaced by a number that changes every ``turn`` requests."""
    api_headers: Mapping[str, str] = field(default_factory=dict)
    turn: int = 0
    bearers: int = 1
    """How many access tokens share the calls of the API."""
    register: str = ""
    """Where an access token brings the token of a user, which is the one that the API wants."""

    def form(self, grant_type: str, **more: str) -> dict[str, str]:
        """A token request of this client."""
        return {
            "grant_type": grant_type,
            "client_id": self.client_id,
            "client_secret": self.client_secret,
            **({"scope": self.scope} if self.scope and grant_type == "client_credentials" else {}),
            **more,
        }


def posted(client: Client, path: str, body: str, headers: Mapping[str, str]) -> dict[str, Any]:
    """The JSON object that answers a POST.

    Raises:
        UnexpectedError: the answer is another.
        OSError: nobody listens yet.
    """
    host = urlsplit(client.base_url)
    connection = HTTPConnection(host.hostname or "", host.port, timeout=20)
    try:
        connection.request("POST", path, body, in_turn(client, headers, "probe"))
        answer = connection.getresponse()
        said = answer.read()
    finally:
        connection.close()
    if answer.status != 200 or b'"access_token"' not in said:
        raise UnexpectedError(f"no token: {answer.status} {said[:200]!r}")
    found: dict[str, Any] = json.loads(said)
    return found


def answered(client: Client, form: Mapping[str, str]) -> dict[str, Any]:
    """What the token endpoint answers; raises as ``posted`` does."""
    return posted(client, client.token, urlencode(form), {"Content-Type": FORM})


def in_turn(client: Client, headers: Mapping[str, str], turn: str) -> dict[str, str]:
    """The client's header and those, in that turn."""
    return {name: value.replace("{turn}", turn) for name, value in {**client.headers, **headers}.items()}


def signatures(answer: Mapping[str, Any]) -> int:
    """How many values of an answer carry an RS256 signature."""
    return sum(1 for value in answer.values() if isinstance(value, str) and _algorithm(value) == "RS256")


def _algorithm(value: str) -> str:
    head, dots, _ = value.partition(".")
    try:
        said = json.loads(base64.urlsafe_b64decode(head + "=" * (-len(head) % 4))) if dots else {}
    except (binascii.Error, ValueError):
        return ""
    return str(said.get("alg", "")) if isinstance(said, dict) else ""


def head(client: Client, method: str, path: str, headers: Mapping[str, str]) -> tuple[str, ...]:
    """Request line and header, in pieces around the slot."""
    named = {"Host": urlsplit(client.base_url).netloc, **client.headers, **headers}
    lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in named.items()), ""]
    return tuple("\r\n".join(lines).split(SLOT))


def posting(client: Client, form: Mapping[str, str], values: tuple[str, ...] = ("",), mode: Any = "cycle") -> Task:
    """That form, with each value in the slot once, in turn, or as the answers bring new ones."""
    body = tuple(urlencode(form).split(SLOT))
    return Task(mode, head(client, "POST", client.token, {"Content-Type": FORM}), body, values, client.turn)


def getting(client: Client, path: str, headers: Mapping[str, str], values: tuple[str, ...] = ("",)) -> Task:
    """That page, by a bearer in the slot or by nobody."""
    return Task("cycle", head(client, "GET", path, headers), values=values, turn=client.turn)
