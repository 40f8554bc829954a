"""What a bystander remembers of ClickView's answers, and what the documents and the RFCs say about them."""

import base64
import json
from dataclasses import dataclass, field
from typing import Any

from sparring.mocks.engine.messages import Answer

# RFC 6749 section 5.2
TOKEN_ERRORS = {
    "invalid_request",
    "invalid_client",
    "invalid_grant",
    "unauthorized_client",
    "unsupported_grant_type",
    "invalid_scope",
}


@dataclass
class Access:
    """An access token: whose, for what, until when (POSIX seconds) it was said to live, and under which key."""

    value: str
    client_id: str
    scopes: frozenset[str]
    until: int
    kid: str
    withdrawn: bool = False


@dataclass
class ViewKey:
    """A view key: for which video, and until when it opens the player."""

    value: str
    media_id: str
    until: float


@dataclass
class Ledger:
    """What was given out."""

    access: list[Access] = field(default_factory=list)
    keys: list[ViewKey] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)

    def new(self, value: str) -> str:
        """A value that was just given out: nobody was given it before (RFC 6749 section 10.10)."""
        assert value, "an empty token or view key"
        assert value not in self.seen, "given out twice"
        self.seen.add(value)
        return value


def check_any(answer: Answer) -> None:
    """Nothing that a client sends is a reason for 5xx (RFC 9110 section 15.6)."""
    assert answer.status < 500, answer


def check_token_answer(answer: Answer) -> dict[str, Any]:
    """The JSON object of a token answer: RFC 6749 section 5.1 where it grants, section 5.2 where it refuses."""
    check_any(answer)
    assert (answer.header("Content-Type") or "").startswith("application/json"), "5.1, 5.2: JSON"
    assert "no-store" in (answer.header("Cache-Control") or ""), "5.1: Cache-Control with a value of no-store"
    assert answer.header("Pragma") == "no-cache", "5.1: Pragma with a value of no-cache"
    document = json.loads(answer.body)
    assert isinstance(document, dict)
    if answer.status == 200:
        assert set(document) == {"access_token", "token_type", "expires_in", "scope"}, "the document's members"
        assert document["token_type"] == "Bearer", "the document: it is a bearer token"
        return document
    assert answer.status == 400, "5.2: 400; the engine has no 401"
    assert document["error"] in TOKEN_ERRORS, "5.2: one of six codes"
    assert "access_token" not in document, "5.2: a refusal grants nothing"
    return document


def part(token: str, index: int) -> dict[str, Any]:
    """Header (0) or payload (1) of a JWT."""
    text = token.split(".")[index]
    document = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    assert isinstance(document, dict)
    return document


def tampered(token: str, how: str) -> str:
    """A JWT that its issuer did not sign: other claims, no signature, or one cut short."""
    head, body, signature = token.split(".")
    if how == "claims":
        claims = part(token, 1) | {"exp": part(token, 1)["exp"] + 10**6}
        body = base64.urlsafe_b64encode(json.dumps(claims).encode()).rstrip(b"=").decode()
    elif how == "none":
        head = base64.urlsafe_b64encode(b'{"alg":"none","typ":"at+jwt"}').rstrip(b"=").decode()
        signature = ""
    else:
        signature = signature[:-4]
    return f"{head}.{body}.{signature}"
