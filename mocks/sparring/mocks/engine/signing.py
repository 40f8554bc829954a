"""Signatures that several requests wait for are made one after the other: a processor that does the same thing again
and again is quicker at it than one that turns to something else in between.
"""

from collections.abc import Callable, Generator
from contextvars import ContextVar

from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256

_PADDING = padding.PKCS1v15()
_HASH = SHA256()

together: ContextVar[Callable[[], bool] | None] = ContextVar("together", default=None)
"""Asks whether whoever drives the coroutine that is running makes the signatures that it yields; None: nobody does."""


def signature(key: rsa.RSAPrivateKey, signed: bytes) -> bytes:
    """RSASSA-PKCS1-v1_5 with SHA-256 (RFC 8017 section 8.2)."""
    return key.sign(signed, _PADDING, _HASH)


class Pending:
    """A signature to wait for; made at once where nobody makes several together."""

    __slots__ = ("_key", "_made", "_signed")

    def __init__(self, key: rsa.RSAPrivateKey, signed: bytes) -> None:
        self._key = key
        self._signed = signed
        self._made = b""

    def make(self) -> None:
        """Make it now."""
        self._made = signature(self._key, self._signed)

    def __await__(self) -> Generator["Pending", None, bytes]:
        """The signature, made by whoever was given this."""
        driven = together.get()
        if driven is not None and driven():
            yield self
        else:
            self.make()
        return self._made
