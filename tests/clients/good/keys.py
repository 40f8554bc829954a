"""A provider's published keys, and the one signature that this client knows: RS256 (RFC 7518, section 3.3)."""

import hashlib
import hmac
import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from typing import NamedTuple

from tests.clients.good.trouble import Trouble
from tests.clients.good.wire import Answer

SHA256 = bytes.fromhex("3031300d060960864801650304020105000420")
"""The name of the hash as it stands before the hash in a signature (RFC 8017, section 9.2, note 1)."""

SHORTEST = 2048
"""Bits of the shortest key that RS256 allows."""


class Key(NamedTuple):
    """A public RSA key."""

    kid: str | None
    modulus: int
    exponent: int

    def signed(self, text: bytes, signature: bytes) -> bool:
        """Whether the signature is this key's (RSASSA-PKCS1-v1_5, SHA-256): what it must say is made and compared."""
        size = (self.modulus.bit_length() + 7) // 8
        number = int.from_bytes(signature)
        if len(signature) != size or number >= self.modulus:
            return False
        end = SHA256 + hashlib.sha256(text).digest()
        expected = b"\x00\x01" + b"\xff" * (size - len(end) - 3) + b"\x00" + end
        return hmac.compare_digest(pow(number, self.exponent, self.modulus).to_bytes(size), expected)


class Keys:
    """The keys, fetched when the first is needed, and again only for one that is not among them."""

    def __init__(self, fetch: Callable[[], Answer]) -> None:
        self._fetch = fetch
        self._known: tuple[Key, ...] | None = None

    def find(self, kid: str | None) -> tuple[Key, ...]:
        """The keys of that name; without a name the only key there is. Empty where there is none."""
        fresh = self._known is None
        known = self._load() if self._known is None else self._known
        found = _named(known, kid)
        return found or (() if fresh else _named(self._load(), kid))

    def _load(self) -> tuple[Key, ...]:
        answer = self._fetch()
        if answer.status >= 500 or answer.status in {408, 425, 429}:
            raise Trouble("retry-later", f"the provider's keys: {answer.status}", status=answer.status)
        try:
            listed = json.loads(answer.body)["keys"] if answer.status == 200 else None
        except (ValueError, LookupError, TypeError, RecursionError):
            listed = None
        if not isinstance(listed, list):
            raise Trouble("protocol", "the provider's keys cannot be read", status=answer.status)
        self._known = tuple(key for key in map(_read, listed) if key is not None)
        return self._known


def _named(keys: tuple[Key, ...], kid: str | None) -> tuple[Key, ...]:
    if kid is None:
        return keys if len(keys) == 1 else ()
    return tuple(key for key in keys if key.kid == kid)


def _read(entry: object) -> Key | None:
    """A key for RS256 signatures; None for any other, which is no concern of ours."""
    if not isinstance(entry, dict) or entry.get("kty") != "RSA":
        return None
    if entry.get("use", "sig") != "sig" or entry.get("alg", "RS256") != "RS256":
        return None
    modulus, exponent = decode(entry.get("n")), decode(entry.get("e"))
    kid = entry.get("kid")
    if modulus is None or exponent is None or not isinstance(kid, str | None):
        return None
    key = Key(kid, int.from_bytes(modulus), int.from_bytes(exponent))
    sound = key.modulus.bit_length() in range(SHORTEST, 8193) and key.exponent % 2 and 3 <= key.exponent < 2**32
    return key if sound else None


def decode(value: object) -> bytes | None:
    """Base64url without padding, in the one way that it is written; None for anything else."""
    if not isinstance(value, str) or not re.fullmatch(r"[A-Za-z0-9_-]+", value) or len(value) % 4 == 1:
        return None
    data = urlsafe_b64decode(value + "=" * (-len(value) % 4))
    return data if urlsafe_b64encode(data).rstrip(b"=") == value.encode() else None
