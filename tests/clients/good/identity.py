"""The ID token: who signed in, and whether it was at this login (OpenID Connect Core, sections 3.1.3.7 and 12.2)."""

import hashlib
import hmac
import json
from base64 import urlsafe_b64encode
from collections.abc import Callable
from typing import Any, NamedTuple

from tests.clients.good.keys import Keys, decode
from tests.clients.good.settings import Settings
from tests.clients.good.tokens import now
from tests.clients.good.trouble import Trouble
from tests.clients.good.wire import Answer

LEEWAY = 120.0
"""Seconds by which two clocks may differ."""

STALE = 600.0
"""Seconds after which an ID token cannot have been made for this renewal, whatever the clocks say."""

Claims = dict[str, Any]


class Identity(NamedTuple):
    """The person who signed in, and the nonce of that login."""

    subject: str
    nonce: str


class IdTokens:
    """Checks ID tokens. Raises Trouble (protocol) for one not to be trusted; each rule is a method of its own."""

    def __init__(self, settings: Settings, fetch: Callable[[], Answer]) -> None:
        self.settings = settings
        self.keys = Keys(fetch)

    def of_login(self, token: str, access_token: str, nonce: str) -> Identity:
        """The person whom the ID token of a login names; the nonce shows that it is of this one."""
        claims = self.check(token, access_token)
        self.check_nonce(claims.get("nonce"), nonce)
        return Identity(claims["sub"], nonce)

    def of_renewal(self, token: str, access_token: str, login: Identity) -> None:
        """The ID token of a renewal is about the same person; it need not repeat the nonce."""
        claims = self.check(token, access_token)
        if claims["sub"] != login.subject:
            raise Trouble("protocol", "the id_token of the renewal is about somebody else")
        self.check_age(claims["iat"])
        if "nonce" in claims:
            self.check_nonce(claims["nonce"], login.nonce)

    def check(self, token: str, access_token: str) -> Claims:
        """What holds of every ID token; its claims."""
        header, claims, text, signature = take_apart(token)
        self.check_signature(header, text, signature)
        self.check_issuer(claims.get("iss"))
        self.check_audience(claims)
        self.check_expiry(claims.get("exp"))
        self.check_beginning(claims)
        self.check_access_token(claims, access_token)
        if not isinstance(claims.get("sub"), str) or not claims["sub"]:
            raise Trouble("protocol", "the id_token names nobody")
        return claims

    def check_signature(self, header: Claims, text: bytes, signature: bytes) -> None:
        """By the algorithm that was agreed on, whatever the header wishes, with a key that the provider publishes."""
        if header.get("alg") != "RS256" or "crit" in header:
            raise Trouble("protocol", "the id_token is not signed as agreed")
        kid = header.get("kid")
        if not isinstance(kid, str | None):
            raise Trouble("protocol", "the id_token's key has no name")
        if not any(key.signed(text, signature) for key in self.keys.find(kid)):
            raise Trouble("protocol", "the id_token's signature is not the provider's")

    def check_issuer(self, issuer: object) -> None:
        """Exactly the issuer that this client is set up with."""
        if issuer != self.settings.issuer:
            raise Trouble("protocol", "the id_token is by another issuer")

    def check_audience(self, claims: Claims) -> None:
        """For this client; where it is for others as well, it says that this client asked for it."""
        named = claims.get("aud")
        audience = named if isinstance(named, list) else [named]
        if self.settings.client_id not in audience or (len(audience) > 1 and "azp" not in claims):
            raise Trouble("protocol", "the id_token is for another client")
        if claims.get("azp", self.settings.client_id) != self.settings.client_id:
            raise Trouble("protocol", "the id_token was made for another client")

    def check_expiry(self, end: object) -> None:
        """Not past its end."""
        if moment(end) + LEEWAY <= now():
            raise Trouble("protocol", "the id_token has expired")

    def check_beginning(self, claims: Claims) -> None:
        """Not from the future."""
        if max(moment(claims.get("iat")), moment(claims.get("nbf", 0))) - LEEWAY > now():
            raise Trouble("protocol", "the id_token is from the future")

    def check_age(self, made: object) -> None:
        """Made for this renewal."""
        if moment(made) + STALE < now():
            raise Trouble("protocol", "the id_token of the renewal is an old one")

    def check_nonce(self, given: object, nonce: str) -> None:
        """The nonce is that of the login."""
        if not isinstance(given, str) or not hmac.compare_digest(given.encode(errors="replace"), nonce.encode()):
            raise Trouble("protocol", "the id_token's nonce is not that of the login")

    def check_access_token(self, claims: Claims, access_token: str) -> None:
        """Where the ID token says which access token it came with, it is that one."""
        half = hashlib.sha256(access_token.encode()).digest()[:16]
        if "at_hash" in claims and claims["at_hash"] != urlsafe_b64encode(half).rstrip(b"=").decode():
            raise Trouble("protocol", "the id_token came with another access_token")


def take_apart(token: str) -> tuple[Claims, Claims, bytes, bytes]:
    """Header, claims, the text that is signed, and the signature."""
    parts = token.split(".")
    decoded = [data for data in map(decode, parts) if data is not None]
    if len(parts) != 3 or len(decoded) != 3:
        raise Trouble("protocol", "the id_token is no signed JWT")
    try:
        header, claims = (json.loads(data, object_pairs_hook=_once) for data in decoded[:2])
    except (ValueError, RecursionError):
        raise Trouble("protocol", "the id_token cannot be read") from None
    if not isinstance(header, dict) or not isinstance(claims, dict):
        raise Trouble("protocol", "the id_token cannot be read")
    return header, claims, ".".join(parts[:2]).encode(), decoded[2]


def moment(value: object) -> float:
    """A claim that is a time: a number of seconds within reason."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 10**11:
        raise Trouble("protocol", "the id_token lacks a time")
    return float(value)


def _once(pairs: list[tuple[str, Any]]) -> Claims:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a member twice")
    return members
