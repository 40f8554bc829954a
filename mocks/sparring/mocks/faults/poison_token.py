"""A signed token in the provider's answer says something else, or is signed by somebody else."""

import base64
import binascii
import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar, Literal

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from sparring.mocks.engine.keys import SigningKey, b64url, development_keys
from sparring.mocks.engine.messages import Answer
from sparring.mocks.faults.http_effect import check_text
from sparring.mocks.faults.schema import Effect, Place

_NO_SIGNATURE = frozenset({"none", "None", "NONE"})


@dataclass(frozen=True)
class PoisonToken(Effect):
    """The JWT in that member of the provider's JSON answer has claims set or dropped, and is signed again.

    ``{"now": seconds}`` as a claim's value stands for the stage's time and so many seconds, ``{"claim": name}``, also
    in a list, for what that claim said, followed by ``then`` where that stands beside it. ``signature``: ``kept`` is
    the provider's own, ``flipped`` has one bit of it turned, ``stranger`` is made with a key that nobody publishes,
    under the key id that is published, ``embedded`` with that key and the key itself in the header. ``HS256`` is keyed
    with the provider's public key, written as ``keyed`` says: its ``pem`` or that of PKCS #1 (``pkcs1``), its ``der``,
    its ``jwk``, or its ``modulus`` alone. ``none``, ``None`` and ``NONE`` are no signature, under that spelling.
    ``header`` sets members of the token's header, or drops those that are null.
    An answer without an RS256 token in that member goes out as it is.
    """

    kind: ClassVar[str] = "poison-token"
    place: ClassVar[Place] = Place.ANSWER
    when: ClassVar[str] = "after"
    moments: ClassVar[tuple[str, ...]] = ("after",)
    point: ClassVar[str] = "answer"

    token: str = "id_token"
    set: dict[str, Any] = field(default_factory=dict)
    drop: list[str] = field(default_factory=list)
    header: dict[str, Any] = field(default_factory=dict)
    signature: Literal["kept", "flipped", "stranger", "embedded", "HS256", "none", "None", "NONE"] = "kept"
    keyed: Literal["pem", "pkcs1", "der", "jwk", "modulus"] = "pem"

    def __post_init__(self) -> None:
        """Refuse what would poison nothing, a time that is none, and text that no token can carry."""
        if not self.set and not self.drop and not self.header and self.signature == "kept":
            raise ValueError("nothing is poisoned: give set, drop, header or another signature")
        if self.keyed != "pem" and self.signature != "HS256":
            raise ValueError("keyed belongs to the signature HS256")
        for name, value in self.set.items():
            if _is_time(value) and (not isinstance(value["now"], int) or isinstance(value["now"], bool)):
                raise ValueError(f"the time of {name!r} is a number of seconds from now")
        for name in ("set", "header"):
            check_text(name, json.dumps(getattr(self, name), ensure_ascii=False))

    def answer(self, given: Answer, keys: Sequence[SigningKey], now: int) -> Answer:
        """The answer with the poisoned token in it."""
        try:
            document = json.loads(given.body)
            header, claims = _read(document[self.token])
        except (ValueError, KeyError, TypeError, AttributeError):
            return given
        key = next((key for key in keys if key.kid == header.get("kid")), keys[0] if keys else None)
        if key is None or header.get("alg") != "RS256":
            return given
        poisoned = self._signed(header, self._claims(claims, now), key, keys)
        if poisoned == document[self.token]:
            return given
        document[self.token] = poisoned
        return replace(given, body=json.dumps(document, separators=(",", ":"), ensure_ascii=False).encode())

    def _claims(self, claims: Mapping[str, Any], now: int) -> dict[str, Any]:
        poison = {name: _value(value, claims, now) for name, value in self.set.items()}
        return {name: value for name, value in {**claims, **poison}.items() if name not in self.drop}

    def _signed(
        self, header: Mapping[str, Any], claims: Mapping[str, Any], key: SigningKey, keys: Sequence[SigningKey]
    ) -> str:
        stranger = _stranger(key.kid, keys)
        if self.signature == "embedded":
            n, e = stranger.numbers()
            header = {**header, "jwk": {"kty": "RSA", "kid": stranger.kid, "n": n, "e": e}}
        elif self.signature in {"HS256", *_NO_SIGNATURE}:
            header = {**header, "alg": self.signature}
        header = {name: value for name, value in {**header, **self.header}.items() if value is not None}
        if self.signature in {"stranger", "embedded"}:
            return stranger.sign(header, claims)
        if self.signature in _NO_SIGNATURE:
            return f"{_part(header)}.{_part(claims)}."
        if self.signature == "HS256":
            signed = f"{_part(header)}.{_part(claims)}"
            return f"{signed}.{b64url(hmac.digest(_written(key, self.keyed), signed.encode(), 'sha256'))}"
        token = key.sign(header, claims)
        if self.signature == "kept":
            return token
        signed, _, signature = token.rpartition(".")
        octets = _decode(signature)
        return f"{signed}.{b64url(octets[:-1] + bytes([octets[-1] ^ 1]))}"


def _written(key: SigningKey, form: str) -> bytes:
    """The public key as somebody may have it at hand who takes it for a shared secret."""
    n, e = key.numbers()
    if form == "modulus":
        return _decode(n)
    if form == "jwk":
        return json.dumps({"kty": "RSA", "n": n, "e": e}, separators=(",", ":")).encode()
    encoding = Encoding.DER if form == "der" else Encoding.PEM
    kind = PublicFormat.PKCS1 if form == "pkcs1" else PublicFormat.SubjectPublicKeyInfo
    return key.public.public_bytes(encoding, kind)


def _is_time(value: object) -> bool:
    return isinstance(value, dict) and value.keys() == {"now"}


def _value(value: Any, claims: Mapping[str, Any], now: int) -> Any:
    """What a claim is set to."""
    if _is_time(value):
        return now + value["now"]
    return [_copied(each, claims) for each in value] if isinstance(value, list) else _copied(value, claims)


def _copied(value: Any, claims: Mapping[str, Any]) -> Any:
    """What another claim said, where that is asked for."""
    if not isinstance(value, dict) or not value.keys() <= {"claim", "then"} or not isinstance(value.get("claim"), str):
        return value
    found = claims.get(value["claim"])
    return f"{found}{value['then']}" if "then" in value else found


def _part(members: Mapping[str, Any]) -> str:
    return b64url(json.dumps(members, separators=(",", ":"), ensure_ascii=False).encode())


def _decode(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def _read(token: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Header and claims of a compact JWS (RFC 7515 section 3.1); ValueError where it is none."""
    try:
        header, claims, _ = token.split(".")
        members = json.loads(_decode(header)), json.loads(_decode(claims))
    except binascii.Error as error:
        raise ValueError("no Base64url") from error
    if not all(isinstance(each, dict) for each in members):
        raise ValueError("no JSON objects")
    return members


def _stranger(kid: str, keys: Sequence[SigningKey]) -> SigningKey:
    """A key of nobody's, under a published name."""
    published = {key.numbers() for key in keys}
    known = (SigningKey(kid, private) for private in reversed(development_keys()))
    return next(key for key in known if key.numbers() not in published)
