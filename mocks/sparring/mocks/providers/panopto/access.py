"""What a JWT of the site's own is worth: IdentityServer3's TokenValidator and DefaultCustomTokenValidator."""

import base64
import binascii
import json
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.hashes import SHA256

from sparring.mocks.engine import tokens
from sparring.mocks.engine.clients import Client
from sparring.mocks.engine.desk import Desk
from sparring.mocks.engine.keys import SigningKey
from sparring.mocks.engine.messages import Request
from sparring.mocks.engine.tokens import Standing
from sparring.mocks.engine.users import User
from sparring.mocks.providers.panopto.addresses import issuer
from sparring.mocks.providers.panopto.people import person

LONGEST_JWT = 51200  # [engine] InputLengthRestrictions
LEEWAY = 300  # [engine] TokenValidationParameters of .NET: seconds by which clocks may differ

Claims = dict[str, Any]


def read_jwt(desk: Desk, request: Request, value: str, audience: str, *, lifetime: bool = True) -> Claims | None:
    """The claims of a JWT that this site signed for that audience; None where it is anything else."""
    claims = _payload(desk, value)
    if claims is None or claims.get("iss") != issuer(desk, request.origin) or claims.get("aud") != audience:
        return None
    starts, ends = claims.get("nbf"), claims.get("exp")
    if not isinstance(starts, int) or not isinstance(ends, int):
        return None
    now = desk.clock.now()
    return None if lifetime and not starts - LEEWAY <= now <= ends + LEEWAY else claims


def audience_of(value: str) -> str | None:
    """Whom a JWT says it is for, before anything of it was verified [engine: GetClientIdFromJwt]."""
    claims = _object(value.split(".")[1]) if value.count(".") == 2 else None
    audience = (claims or {}).get("aud")
    return audience if isinstance(audience, str) and audience else None


async def check(desk: Desk, request: Request, value: str, where: str) -> Claims | None:
    """The claims of an access token: signed here, in its time, of a client and for a person who still are."""
    token, standing = await tokens.weigh_token(desk, request.facts, "access_token", value, where)
    claims = read_jwt(desk, request, value, f"{issuer(desk, request.origin).rstrip('/')}/resources")
    if token is None or standing not in {Standing.VALID, Standing.EXPIRED} or claims is None:
        return None
    if standing is Standing.EXPIRED:
        request.facts.notes.append(f"an expired token was taken: clocks may differ by {LEEWAY} seconds here")
    request.facts.client, request.facts.user = token.client_id, token.subject
    return claims


async def holder(desk: Desk, claims: Claims) -> tuple[User | None, bool]:
    """The person of a token, and whether they and its client still are [engine: DefaultCustomTokenValidator]."""
    client = await desk.store.get(Client, str(claims.get("client_id", "")))
    someone = await person(desk, str(claims["sub"])) if "sub" in claims else None
    active = ("sub" not in claims or someone is not None) and ("client_id" not in claims or _enabled(client))
    return someone, active


def _enabled(client: Client | None) -> bool:
    return client is not None and client.enabled


def _payload(desk: Desk, value: str) -> Claims | None:
    signed, _, signature = value.rpartition(".")
    if len(value) > LONGEST_JWT or signed.count(".") != 1 or not value.isascii():
        return None
    header, body = (_object(part) for part in signed.split("."))
    proof = _decoded(signature)
    if header is None or header.get("alg") != "RS256" or proof is None:
        return None
    return body if any(_signed_by(key, signed, proof) for key in desk.keys) else None


def _signed_by(key: SigningKey, signed: str, proof: bytes) -> bool:
    try:
        key.public.verify(proof, signed.encode(), padding.PKCS1v15(), SHA256())
    except InvalidSignature:
        return False
    return True


def _decoded(part: str) -> bytes | None:
    try:
        return base64.b64decode(part + "=" * (-len(part) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None


def _object(part: str) -> Claims | None:
    raw = _decoded(part)
    try:
        found = None if raw is None else json.loads(raw)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None
