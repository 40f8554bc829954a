"""The local certificate authority, made by trustme; kept in a folder, or for one run only."""

import os
import ssl
from collections.abc import Sequence
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


def open_ca(folder: Path) -> LocalCA:
    """The authority kept in that folder; made there at the first call. OSError where the folder cannot be written."""
    certificate, key = folder / "ca.pem", folder / "ca-key.pem"
    if certificate.exists() and key.exists():
        return LocalCA(certificate, trustme.CA.from_pem(certificate.read_bytes(), key.read_bytes()))
    folder.mkdir(parents=True, exist_ok=True)
    authority = trustme.CA(organization_name="Sparring", organization_unit_name="local CA, for tests only")
    _write(key, authority.private_key_pem.bytes(), 0o600)
    _write(certificate, authority.cert_pem.bytes(), 0o644)
    return LocalCA(certificate, authority)


def _write(path: Path, content: bytes, mode: int) -> None:
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "wb") as file:
        file.write(content)
    draft.replace(path)
