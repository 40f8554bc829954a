"""RS256 keys as objects, the JWKS that publishes them, and compact JWS in the provider's own member order."""

import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

import msgspec
from cryptography.hazmat.primitives.asymmetric import rsa

from sparring.mocks.engine.signing import Pending, signature

_encode = msgspec.json.Encoder().encode
_URL_SAFE = bytes.maketrans(b"+/", b"-_")


def b64url(data: bytes) -> str:
    """Base64url without padding (RFC 7515 section 2)."""
    return binascii.b2a_base64(data, newline=False).translate(_URL_SAFE, b"=").decode()


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A 2048-bit RSA key and the id under which it is published."""

    kid: str
    private: rsa.RSAPrivateKey

    @property
    def public(self) -> rsa.RSAPublicKey:
        """The half that everybody may have."""
        return self.private.public_key()

    def numbers(self) -> tuple[str, str]:
        """Modulus and exponent as a JWK has them (``n``, ``e``)."""
        public = self.public.public_numbers()
        return b64url(public.n.to_bytes(256)), b64url(public.e.to_bytes(3))

    def sign(self, header: Mapping[str, Any], claims: Mapping[str, Any]) -> str:
        """A compact JWS with RS256 (RFC 7518 section 3.3); members stay in the order given."""
        signed = _unsigned(header, claims)
        return f"{signed}.{b64url(signature(self.private, signed.encode()))}"

    async def sign_in_turn(self, header: Mapping[str, Any], claims: Mapping[str, Any]) -> str:
        """The same; other requests may go on before it is made."""
        signed = _unsigned(header, claims)
        return f"{signed}.{b64url(await Pending(self.private, signed.encode()))}"


def _unsigned(header: Mapping[str, Any], claims: Mapping[str, Any]) -> str:
    return f"{_head(_encode(header))}.{jws_part(claims)}"


def jws_part(members: Mapping[str, Any]) -> str:
    """Header or claims as they stand in a compact JWS (RFC 7515 section 3.1); members stay in the order given."""
    return b64url(_encode(members))


_head = lru_cache(maxsize=64)(b64url)
"""Headers are few, and the same in every token of a key."""


@cache
def development_keys() -> tuple[rsa.RSAPrivateKey, ...]:
    """The fixed keys that ship with Sparring: everybody has them, so they protect nothing but are quick and stable."""
    documents = json.loads(files("sparring.mocks.engine").joinpath("development_keys.json").read_text())
    return tuple(_load(document) for document in documents)


def _load(numbers: Mapping[str, str]) -> rsa.RSAPrivateKey:
    value = {name: int(text, 16) for name, text in numbers.items()}
    public = rsa.RSAPublicNumbers(e=65537, n=value["p"] * value["q"])
    d, p, q = value["d"], value["p"], value["q"]
    crt = (rsa.rsa_crt_dmp1(d, p), rsa.rsa_crt_dmq1(d, q), rsa.rsa_crt_iqmp(p, q))
    private = rsa.RSAPrivateNumbers(p=p, q=q, d=d, dmp1=crt[0], dmq1=crt[1], iqmp=crt[2], public_numbers=public)
    return private.private_key(unsafe_skip_rsa_key_validation=True)  # ours, and checked by a test


def new_key() -> rsa.RSAPrivateKey:
    """A key that nobody else has (``--fresh-keys``); takes some tens of milliseconds."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)
