"""Proof Key for Code Exchange (RFC 7636)."""

import base64
import hashlib
import hmac
import re

_VERIFIER = re.compile(r"[A-Za-z0-9\-._~]{43,128}\Z")


def wellformed(verifier: str) -> bool:
    """Whether a verifier (or a plain challenge) has the form of RFC 7636 section 4.1."""
    return _VERIFIER.match(verifier) is not None


def challenge_of(verifier: str, method: str) -> str:
    """The challenge that belongs to a verifier (RFC 7636 section 4.2). ValueError for a method that is not known."""
    if method == "plain":
        return verifier
    if method == "S256":
        digest = hashlib.sha256(verifier.encode("ascii", "replace")).digest()
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    raise ValueError(f"unknown code_challenge_method {method!r}")


def proves(verifier: str, challenge: str, method: str) -> bool:
    """Whether the verifier answers the challenge (RFC 7636 section 4.6), compared in constant time."""
    return hmac.compare_digest(challenge_of(verifier, method).encode(), challenge.encode("utf-8", "replace"))
