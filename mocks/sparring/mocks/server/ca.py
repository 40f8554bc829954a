"""The local certificate authority, made by trustme; kept in a folder, or for one run only."""

import os
import ssl
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import trustme

ALWAYS = ("127.0.0.1", "::1", "localhost")


@dataclass(frozen=True, slots=True)
class LocalCA:
    """An authority whose certificate lies at ``certificate`` (PEM). Its leaves are valid for centuries, both ways of a
    moved clock.
    """

    certificate: Path
    authority: trustme.CA

    def server_context(self, names: Sequence[str]) -> ssl.SSLContext:
        """A TLS context for servers that answer for those host names, and for the loopback addresses."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.set_alpn_protocols(["http/1.1"])
        self.authority.issue_cert(*dict.fromkeys((*ALWAYS, *names))).configure_cert(context)
        return context


class CaError(OSError):
    """The local CA cannot be kept, or not be read; the message is one sentence."""


def open_ca(folder: Path) -> LocalCA:
    """The authority kept in that folder; made there at the first call, by whoever is first. CaError."""
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
