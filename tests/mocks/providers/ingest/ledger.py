"""What a bystander who knows only the RFCs remembers of a provider's answers."""

import base64
import json
from dataclasses import dataclass, field
from typing import Any

from sparring.mocks.engine.messages import Answer

# RFC 6749 section 5.2 and section 4.1.2.1
TOKEN_ERRORS = {
    "invalid_request",
    "invalid_client",
    "invalid_grant",
    "unauthorized_client",
    "unsupported_grant_type",
    "invalid_scope",
}
AUTHORIZATION_ERRORS = {
    "invalid_request",
    "unauthorized_client",
    "access_denied",
    "unsupported_response_type",
    "invalid_scope",
    "server_error",
    "temporarily_unavailable",
}
# RFC 6749 appendix A.7 and A.8
_ERROR_TEXT = {chr(number) for number in range(0x20, 0x7F)} - {'"', "\\"}


@dataclass(frozen=True)
class Code:
    """A code, and the authorization request that it answered."""

    value: str
    client_id: str
    sent_uri: str | None
    scopes: frozenset[str]
    subject: str
    at: float


@dataclass(frozen=True)
class Access:
    """An access token: whose, for what, until when it was said to live. ``subject`` None: the client's own."""

    value: str
    client_id: str
    scopes: frozenset[str]
    subject: str | None
    until: float


@dataclass(frozen=True)
class Refresh:
    """A refresh token, and what its resource owner had granted."""

    value: str
    client_id: str
    granted: frozenset[str]
    subject: str
    at: float


@dataclass
class Ledger:
    """Values that were given out, and which of them must not work any more."""

    codes: list[Code] = field(default_factory=list)
    access: list[Access] = field(default_factory=list)
    refresh: list[Refresh] = field(default_factory=list)
    spent: set[str] = field(default_factory=set)
    revoked: set[str] = field(default_factory=set)
    seen: set[str] = field(default_factory=set)

    def new(self, value: str) -> str:
        """A value that was just given out: it must be one that nobody was given before.

        RFC 6749 section 10.10: the probability of guessing tokens and codes is negligible, so none repeats.
        """
        assert value, "an empty token or code"
        assert value not in self.seen, f"{value} was given out twice"
        self.seen.add(value)
        return value


def check_any(answer: Answer) -> None:
    """No answer is the server's own failure: nothing a client sends is a reason for 5xx (RFC 9110 section 15.6)."""
    assert answer.status < 500, answer


def check_token_answer(answer: Answer, *, basic: bool) -> dict[str, Any]:
    """The JSON object of a token answer: RFC 6749 section 5.1 where it grants, section 5.2 where it refuses."""
    check_any(answer)
    assert (answer.header("Content-Type") or "").startswith("application/json"), "5.1, 5.2: JSON"
    assert answer.header("Cache-Control") == "no-store", "5.1: Cache-Control with a value of no-store"
    assert answer.header("Pragma") == "no-cache", "5.1: Pragma with a value of no-cache"
    document = json.loads(answer.body)
    assert isinstance(document, dict)
    if answer.status == 200:
        assert "error" not in document, "5.2: an error has a status of its own"
        assert document["access_token"], "5.1: access_token is required"
        assert document["token_type"].lower() == "bearer", "5.1: token_type is required"
        return document
    assert document["error"] in TOKEN_ERRORS, "5.2: one of six codes"
    assert answer.status == 400 or (answer.status == 401 and document["error"] == "invalid_client"), "5.2: status"
    assert not {"access_token", "refresh_token"} & document.keys(), "5.2: a refusal grants nothing"
    assert set(document.get("error_description", "")) <= _ERROR_TEXT, "appendix A.8"
    if answer.status == 401 and basic:
        assert (answer.header("WWW-Authenticate") or "").startswith("Basic"), "5.2: the scheme that the client used"
    return document


def jwt_scopes(token: str) -> frozenset[str]:
    """The scopes that a JWT access token claims for itself."""
    payload = token.split(".")[1]
    claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    return frozenset(claims["scope"]["actions"])
