"""Whose call it is: a token in the Authorization header, checked as ASP.NET Core's JwtBearerHandler checks it."""

import base64
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256

from sparring.mocks.engine import tokens
from sparring.mocks.engine.desk import Desk
from sparring.mocks.engine.keys import SigningKey
from sparring.mocks.engine.messages import Request
from sparring.mocks.engine.refusals import Refusal
from sparring.mocks.engine.rules import Rule
from sparring.mocks.engine.tokens import Standing
from sparring.mocks.providers.clickview import rules
from sparring.mocks.providers.clickview.addresses import is_own
from sparring.mocks.providers.clickview.claims import AUDIENCE, LEEWAY

LAST_SECOND = 2**31 - 1  # [engine] JwtPayload.GetIntClaim: a later date is none
COMPACT = re.compile(r"([\w-]+)\.([\w-]+)\.([\w-]*)", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Jws:
    """What a presented token says, and what was signed of it with what result."""

    header: Mapping[str, Any]
    claims: Mapping[str, Any]
    signed: bytes
    signature: str


async def admit(desk: Desk, request: Request, scope: str) -> Mapping[str, Any]:
    """The claims of a call that may go on: token, then scope [engine]."""
    value = bearer(request)
    if value is None:  # clickview/api/bearer-missing [engine]
        raise Refusal(rules.BEARER_MISSING, status=401)
    claims = await check(desk, request, value, audience=AUDIENCE)
    if scope not in scopes(claims):  # clickview/api/scope-lacking [engine]
        raise Refusal(rules.SCOPE_LACKING, status=403)
    return claims


def bearer(request: Request) -> str | None:
    """The token in the header, None where there is none [engine]."""
    scheme, _, value = (request.header("authorization") or "").partition(" ")
    return value.strip() or None if scheme.lower() == "bearer" else None


def scopes(claims: Mapping[str, Any]) -> tuple[str, ...]:
    """The scopes of a token: an array, or one string [engine: each is a claim of its own]."""
    value = claims.get("scope", ())
    return (value,) if isinstance(value, str) else tuple(value) if isinstance(value, list) else ()


def typ(value: str) -> str:
    """The type that a good token's header names, or an empty one."""
    return str(_read(value).header.get("typ", ""))


async def check(
    desk: Desk, request: Request, value: str, *, audience: str | None, where: str = "header"
) -> Mapping[str, Any]:
    """The claims of a token that is good: signature, lifetime, audience, issuer, in this order [engine]."""
    token, standing = await tokens.weigh_token(desk, request.facts, "access_token", value, where)
    message = _read(value)
    named = _text(message.claims.get("iss", ""))
    own = await is_own(desk, request.origin, named)
    _check_signature(desk, message, own=own)
    claims = message.claims
    request.facts.client = token.client_id if token is not None else None
    _check_lifetime(desk, claims)
    if audience is not None:
        _check_audience(claims, audience)
    if not own:  # clickview/api/issuer-invalid [engine: Validators.ValidateIssuer]
        raise _invalid(rules.ISSUER_INVALID, f"The issuer '{named}' is invalid")
    if standing in {Standing.REVOKED, Standing.CONSUMED}:  # clickview/api/token-withdrawn [assumed]
        raise _invalid(rules.TOKEN_WITHDRAWN)
    if standing is Standing.EXPIRED:
        request.facts.notes.append(f"the token is past its expiry and within the {LEEWAY} s of leeway: accepted")
    if standing is Standing.UNKNOWN:
        request.facts.notes.append("the token is none that this stage remembers; accepted for its signature")
    return claims


def _read(value: str) -> Jws:
    """A compact JWS taken apart, nothing of it checked [engine: JwtSecurityTokenHandler.CanReadToken]."""
    compact = COMPACT.fullmatch(value)
    header = _members(compact[1]) if compact else None
    claims = _members(compact[2]) if compact else None
    if compact is None or header is None or claims is None:  # clickview/api/token-malformed [engine]
        raise _invalid(rules.TOKEN_MALFORMED)
    return Jws(header=header, claims=claims, signed=f"{compact[1]}.{compact[2]}".encode(), signature=compact[3])


def _check_signature(desk: Desk, message: Jws, *, own: bool) -> None:
    """[engine: JwtSecurityTokenHandler.ValidateSignature]. ``own``: it names this server as its issuer."""
    kid = message.header.get("kid")
    named = [key for key in desk.keys if key.kid == kid]
    if not message.signature:  # clickview/api/signature-invalid [engine] an unsigned token
        raise _invalid(rules.SIGNATURE_INVALID, "The signature is invalid")
    # [engine] TryAllIssuerSigningKeys: an unknown kid is no reason to refuse, if one of the keys fits
    if message.header.get("alg") == "RS256" and any(_fits(key, message) for key in named or desk.keys):
        return
    if named:  # clickview/api/signature-invalid [engine]
        raise _invalid(rules.SIGNATURE_INVALID, "The signature is invalid")
    if kid and not (own and _lives(desk, message.claims)):
        # clickview/api/token-foreign [engine: ValidateLifetimeAndIssuerAfterSignatureNotValidatedJwt]
        raise _invalid(rules.TOKEN_FOREIGN)
    raise _invalid(rules.KEY_NOT_FOUND, "The signature key was not found")  # clickview/api/key-not-found [engine]


def _lives(desk: Desk, claims: Mapping[str, Any]) -> bool:
    try:
        _check_lifetime(desk, claims)
    except Refusal:
        return False
    return True


def _members(part: str) -> dict[str, Any] | None:
    try:
        found = json.loads(_decoded(part))
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _decoded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def _fits(key: SigningKey, message: Jws) -> bool:
    try:
        key.public.verify(_decoded(message.signature), message.signed, PKCS1v15(), SHA256())
    except (ValueError, InvalidSignature):
        return False
    return True


def _check_lifetime(desk: Desk, claims: Mapping[str, Any]) -> None:
    """[engine: Validators.ValidateLifetime]."""
    now, starts, ends = desk.clock.now(), _seconds(claims.get("nbf")), _seconds(claims.get("exp"))
    if ends is None:  # clickview/api/token-without-expiry [engine]
        raise _invalid(rules.NO_EXPIRY, "The token has no expiration")
    if starts is not None and starts > ends:  # clickview/api/token-lifetime [engine]
        words = f"The token lifetime is invalid; NotBefore: '{_date(starts)}', Expires: '{_date(ends)}'"
        raise _invalid(rules.LIFETIME_INVALID, words)
    if starts is not None and starts > now + LEEWAY:  # clickview/api/token-not-yet-valid [engine]
        raise _invalid(rules.NOT_YET_VALID, f"The token is not valid before '{_date(starts)}'")
    if ends < now - LEEWAY:  # clickview/api/token-expired [engine]
        raise _invalid(rules.TOKEN_EXPIRED, f"The token expired at '{_date(ends)}'")


def _check_audience(claims: Mapping[str, Any], audience: str) -> None:
    """[engine: Validators.ValidateAudience]."""
    named = claims.get("aud", [])
    audiences = [_text(name) for name in named] if isinstance(named, list) else [_text(named)]
    if audience not in audiences:  # clickview/api/audience-invalid [engine]
        raise _invalid(rules.AUDIENCE_INVALID, f"The audience '{', '.join(audiences) or 'empty'}' is invalid")


def _text(value: object) -> str:
    """A claim as text; one that is none is told as JSON [engine: JwtPayload]."""
    return value if isinstance(value, str) else json.dumps(value, separators=(",", ":"))


def _seconds(value: object) -> int | None:
    """A date of the token: a number, or the text of one; none that does not fit into 32 bits, and none before 1970
    [engine: JwtPayload].
    """
    if not isinstance(value, (int, float, str)):
        return None
    try:
        seconds = int(float(value))
    except (ValueError, OverflowError):
        return None
    return max(seconds, 0) if abs(seconds) <= LAST_SECOND else None


def _date(seconds: int) -> str:
    """In UTC, as .NET's invariant culture writes it."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%m/%d/%Y %H:%M:%S")


def _invalid(rule: Rule, words: str | None = None) -> Refusal:
    return Refusal(rule, "invalid_token", words, 401)
