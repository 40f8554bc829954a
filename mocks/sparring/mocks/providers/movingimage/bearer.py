"""What a presented token is worth, in the order in which Keycloak's TokenVerifier looks at it."""

import base64
import json
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256

from sparring.mocks.engine.desk import Desk
from sparring.mocks.engine.messages import Request
from sparring.mocks.engine.refusals import Refusal
from sparring.mocks.engine.rules import Rule
from sparring.mocks.providers.movingimage import rules
from sparring.mocks.providers.movingimage.claims import hmac_kid, signed_by_itself
from sparring.mocks.providers.movingimage.weighing import over


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawn:
    """An access token was revoked; only the login server knows."""

    jti: str


async def withdraw(desk: Desk, claims: dict[str, Any]) -> None:
    """Remember that the token is worth nothing at the login server any more."""
    jti = str(claims.get("jti"))
    await desk.store.put(jti, Withdrawn(jti=jti))


async def withdrawn(desk: Desk, claims: dict[str, Any]) -> bool:
    """Whether the token was revoked."""
    return await desk.store.get(Withdrawn, str(claims.get("jti"))) is not None


def presented(request: Request) -> str | None:
    """The token in the header: scheme and one word [engine: AppAuthManager, BearerTokenRequestAuthenticator]."""
    words = (request.header("authorization") or "").split()
    return words[1] if len(words) == 2 and words[0].lower() == "bearer" else None


def read(desk: Desk, value: str, *, by_the_realm: bool) -> dict[str, Any]:
    """The claims of a token whose signature is good. ``by_the_realm``: its own HS256 key is known here, as it is at
    the login server and not at the API.
    """
    parts = value.split(".")
    header = _members(parts[0]) if 2 <= len(parts) <= 3 else None
    if header is None:  # movingimage/api/token-malformed
        raise _invalid(rules.TOKEN_MALFORMED, "Failed to parse JWT")
    claims = _members(parts[1])
    if claims is None:  # movingimage/api/token-malformed
        raise _invalid(rules.TOKEN_MALFORMED, "Failed to read access token from JWT")
    signed, signature = ".".join(parts[:2]), parts[2] if len(parts) == 3 else ""
    algorithm, kid = header.get("alg"), header.get("kid")
    if by_the_realm and algorithm == "HS256" and kid == hmac_kid(desk):
        if not signed_by_itself(desk, signed, signature):  # movingimage/api/signature-invalid
            raise _invalid(rules.SIGNATURE_INVALID, "Invalid token signature")
        return claims
    key = next((key for key in desk.keys if key.kid == kid), None)
    if key is None:  # movingimage/api/key-unknown
        raise _invalid(rules.KEY_UNKNOWN, "Didn't find publicKey for specified kid")
    try:
        if algorithm != "RS256":
            raise InvalidSignature
        key.public.verify(_decoded(signature), signed.encode(), PKCS1v15(), SHA256())
    except (ValueError, InvalidSignature):  # movingimage/api/signature-invalid
        raise _invalid(rules.SIGNATURE_INVALID, "Invalid token signature") from None
    return claims


def claims_of(value: str) -> dict[str, Any] | None:
    """What a JWT says, signed or not; None where it cannot be read."""
    parts = value.split(".")
    return _members(parts[1]) if 2 <= len(parts) <= 3 and _members(parts[0]) is not None else None


def check(desk: Desk, claims: dict[str, Any], issuers: Collection[str]) -> None:
    """Issuer, kind, time [engine: TokenVerifier.withDefaultChecks]."""
    issuer = str(claims.get("iss"))
    if issuer not in issuers:  # movingimage/api/issuer-differs
        expected = " or ".join(f"'{name}'" for name in sorted(issuers))
        raise _invalid(rules.ISSUER_DIFFERS, f"Invalid token issuer. Expected {expected}, but was '{issuer}'")
    kind = str(claims.get("typ"))
    if kind.lower() != "bearer":  # movingimage/api/token-kind
        raise _invalid(rules.TOKEN_KIND, f"Token type is incorrect. Expected 'Bearer' but was '{kind}'")
    if not in_time(desk, claims):  # movingimage/api/token-expired
        raise _invalid(rules.TOKEN_EXPIRED, "Token is not active")


def in_time(desk: Desk, claims: dict[str, Any]) -> bool:
    """Whether a token is not over; 0 is no end [engine: JsonWebToken.isActive]."""
    expires = claims.get("exp")
    return isinstance(expires, int) and (expires == 0 or not over(desk, expires))


def _members(part: str) -> dict[str, Any] | None:
    try:
        found = json.loads(_decoded(part))
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _decoded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def _invalid(rule: Rule, words: str) -> Refusal:
    return Refusal(rule, "invalid_token", words, 401)
