"""The local certificate authority, made by trustme; kept in a folder, or for one run only."""

import os
import ssl
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import trustme  # needed, and imported, only where somebody speaks TLS

ALWAYS = ("127.0.0.1", "::1", "localhost")
ELSEWHERE = "login.elsewhere.example"
"""The host that the certificate of the wrong name is for."""


@dataclass(frozen=True, slots=True)
class LocalCA:
    """An authority whose certificate lies at ``certificate`` (PEM). Its leaves are valid for centuries, both ways of a
    moved clock.
    """

    certificate: Path
    authority: "trustme.CA"

    def server_context(self, names: Sequence[str]) -> ssl.SSLContext:
        """A TLS context for servers that answer for those host names, and for the loopback addresses."""
        return _context(self.authority.issue_cert(*dict.fromkeys((*ALWAYS, *names))))

    def faulty_context(self, fault: str, names: Sequence[str] = ()) -> ssl.SSLContext:
        """A TLS context with a certificate that no client may accept: ``untrusted`` (another authority's), that of the
        ``wrong-name``, ``expired``, ``not-yet-valid``. But for the wrong name it is for those host names too.
        """
        import trustme  # noqa: PLC0415

        named = tuple(dict.fromkeys((*ALWAYS, *names)))
        if fault == "untrusted":
            return _context(trustme.CA(organization_name="Nobody knows").issue_cert(*named))
        if fault == "wrong-name":
            return _context(self.authority.issue_cert(ELSEWHERE))
        year = 2000 if fault == "expired" else 2200
        first, last = datetime(year, 1, 1, tzinfo=UTC), datetime(year + 1, 1, 1, tzinfo=UTC)
        return _context(self.authority.issue_cert(*named, not_before=first, not_after=last))


def _context(certificate: "trustme.LeafCert") -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_alpn_protocols(["http/1.1"])
    certificate.configure_cert(context)
    return context


class CaError(OSError):
    """The local CA cannot be kept, or not be read; the message is one sentence."""


def open_ca(folder: Path) -> LocalCA:
    """The authority kept in that folder; made there at the first call, by whoever is first. CaError."""
    import trustme  # noqa: PLC0415

    certificate, key = folder / "ca.pem", folder / "ca-key.pem"
    try:
        if not key.exists():
            folder.mkdir(parents=True, exist_ok=True)
            made = trustme.CA(organization_name="Sparring", organization_unit_name="local CA, for tests only")
            _write(key, made.private_key_pem.bytes() + made.cert_pem.bytes(), 0o600, once=True)
        kept = key.read_bytes()
        authority = trustme.CA.from_pem(kept, kept)
        public = authority.cert_pem.bytes()
        if not certificate.exists() or certificate.read_bytes() != public:
            _write(certificate, public, 0o644)
    except OSError as error:
        raise CaError(f"cannot keep the local CA in {folder}: {error.strerror}") from error
    except ValueError as error:
        raise CaError(f"{key} holds no CA; remove it, and a new one is made") from error
    return LocalCA(certificate, authority)


def _write(path: Path, content: bytes, mode: int, *, once: bool = False) -> None:
    """Put a whole file in its place; with ``once`` only where none is."""
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "wb") as file:
        file.write(content)
    if not once:
        draft.replace(path)
        return
    with suppress(FileExistsError):
        path.hardlink_to(draft)
    draft.unlink()
