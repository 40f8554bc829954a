"""The certificate around a signing key: IdentityServer3 publishes it, and names the key by its thumbprint."""

from datetime import UTC, datetime
from functools import lru_cache

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA1, SHA256, Hash
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from sparring.mocks.engine.desk import Desk
from sparring.mocks.engine.keys import b64url, development_keys

_NAME = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Panopto OAuth2 signing (fake)")])


@lru_cache(maxsize=16)
def certificate(private: RSAPrivateKey) -> bytes:
    """A self-signed certificate in DER; always the same for the same key."""
    builder = x509.CertificateBuilder(
        issuer_name=_NAME,
        subject_name=_NAME,
        public_key=private.public_key(),
        serial_number=1,
        not_valid_before=datetime(2020, 1, 1, tzinfo=UTC),
        not_valid_after=datetime(2050, 1, 1, tzinfo=UTC),
    )
    return builder.sign(private, SHA256()).public_bytes(Encoding.DER)


@lru_cache(maxsize=16)
def thumbprint(private: RSAPrivateKey) -> str:
    """The certificate's SHA-1 in base64url: ``x5t`` and ``kid`` [engine: DefaultSigningKeyService]."""
    digest = Hash(SHA1())  # noqa: S303  RFC 7517 section 4.8 wants SHA-1 here
    digest.update(certificate(private))
    return b64url(digest.finalize())


def kid(_desk: Desk, index: int) -> str:
    """The id of a development key."""
    known = development_keys()
    return thumbprint(known[index % len(known)])
