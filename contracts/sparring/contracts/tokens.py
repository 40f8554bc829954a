"""JWTs as text: read, forged without a key, and verified with the provider's published ones."""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256

_GARBAGE = bytes(range(256))


class TokenError(ValueError):
    """It is no token of the kind that is asked for; one sentence."""


@dataclass(frozen=True, slots=True)
class Jwt:
    """A compact JWS, taken apart; members are in the order of the wire."""

    header: dict[str, Any]
    claims: dict[str, Any]
    signed: str
    signature: str


def read_jwt(token: object) -> Jwt:
    """Take a compact JWS apart. TokenError."""
    parts = token.split(".") if isinstance(token, str) else []
    if len(parts) != 3:
        raise TokenError("it is no JWT of three parts")
    header, claims = (_members(part) for part in parts[:2])
    return Jwt(header, claims, f"{parts[0]}.{parts[1]}", parts[2])


def forge(token: object, header: Mapping[str, Any], claims: Mapping[str, Any], signature: str) -> str:
    """Another token: members are replaced where they stand, added at the end, or left out where null. ``signature``:
    ``keep``, ``none``, or ``garbage`` of the right length. TokenError.
    """
    jwt = read_jwt(token)
    signed = f"{_part(_over(jwt.header, header))}.{_part(_over(jwt.claims, claims))}"
    return f"{signed}.{ {'keep': jwt.signature, 'none': '', 'garbage': _encoded(_GARBAGE)}[signature] }"


def verify(token: object, jwks: object) -> None:
    """Check an RS256 signature with a JWK Set: by the key of the header's ``kid``, or any where there is none.
    TokenError says why it is not good.
    """
    jwt = read_jwt(token)
    if jwt.header.get("alg") != "RS256":
        raise TokenError(f"alg is {jwt.header.get('alg')!r}, not RS256")
    keys = jwks.get("keys") if isinstance(jwks, dict) else None
    kid = jwt.header.get("kid")
    fitting = [key for key in keys or [] if isinstance(key, dict) and kid in {None, key.get("kid")}]
    if not fitting:
        raise TokenError(f"no published key has the kid {kid!r}")
    for key in fitting:
        try:
            numbers = rsa.RSAPublicNumbers(e=_number(key["e"]), n=_number(key["n"]))
            numbers.public_key().verify(_decoded(jwt.signature), jwt.signed.encode(), padding.PKCS1v15(), SHA256())
        except (InvalidSignature, KeyError, ValueError):
            continue
        return
    raise TokenError("the signature is by none of the published keys")


def _over(members: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in {**members, **changes}.items() if name not in changes or value is not None}


def _members(part: str) -> dict[str, Any]:
    octets = _decoded(part)
    try:
        found = json.loads(octets)
    except ValueError as error:
        raise TokenError("a part of it is no JSON in base64url") from error
    if not isinstance(found, dict):
        raise TokenError("a part of it is no JSON object")
    return found


def _part(members: Mapping[str, Any]) -> str:
    return _encoded(json.dumps(members, separators=(",", ":"), ensure_ascii=False).encode())


def _encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _decoded(part: str) -> bytes:
    try:
        return base64.b64decode(part + "=" * (-len(part) % 4), altchars=b"-_", validate=True)
    except ValueError as error:
        raise TokenError("a part of it is no base64url") from error


def _number(text: str) -> int:
    return int.from_bytes(_decoded(text))
