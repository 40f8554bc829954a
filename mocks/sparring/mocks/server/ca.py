"""The local certificate authority, made by trustme; kept in a folder, or for one run only."""

import os
import ssl
import stat
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
_LISTED = not hasattr(os, "geteuid")
"""Windows: a file has a list of those who may read it and no mode, and the user's own folder lets nobody else in."""
_READ = os.O_RDONLY | sum(getattr(os, name, 0) for name in ("O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC", "O_BINARY"))
_MAKE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | sum(getattr(os, name, 0) for name in ("O_CLOEXEC", "O_BINARY"))


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
    """The authority kept in that folder; made there at the first call, by whoever is first. CaError.

    Whoever has its key can pose as any host before a program that trusts it. So the folder is this user's alone, and a
    key that somebody else could have read, written or put there is refused.
    """
    import trustme  # noqa: PLC0415

    certificate, key = folder / "ca.pem", folder / "ca-key.pem"
    try:
        _close_to_others(folder)
        if not os.path.lexists(key):
            made = trustme.CA(organization_name="Sparring", organization_unit_name="local CA, for tests only")
            _write(key, made.private_key_pem.bytes() + made.cert_pem.bytes(), 0o600, once=True)
        kept = _read_own(key)
        authority = trustme.CA.from_pem(kept, kept)
        public = authority.cert_pem.bytes()
        if not certificate.exists() or certificate.read_bytes() != public:
            _write(certificate, public, 0o644)
    except CaError:
        raise
    except OSError as error:
        raise CaError(f"cannot keep the local CA in {folder}: {error.strerror}") from error
    except ValueError as error:
        raise CaError(f"{key} holds no CA; remove it, and a new one is made") from error
    return LocalCA(certificate, authority)


def _close_to_others(folder: Path) -> None:
    """Make the folder where it is missing, for this user alone; one that is there is closed. CaError, OSError."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    facts = folder.stat()
    if not _own(facts):
        raise CaError(f"{folder} belongs to another user, who could put a CA of their own there")
    if _open_to_others(facts):
        folder.chmod(0o700)


def _own(facts: os.stat_result) -> bool:
    return _LISTED or facts.st_uid == os.geteuid()


def _open_to_others(facts: os.stat_result) -> bool:
    return not _LISTED and stat.S_IMODE(facts.st_mode) & 0o077 != 0


def _read_own(key: Path) -> bytes:
    """A file that is this user's, that nobody else could read, and that is no link. CaError, OSError."""
    if key.is_symlink():
        raise CaError(f"{key} is a link; remove it, and a new CA is made")
    with os.fdopen(os.open(key, _READ), "rb") as file:
        facts = os.fstat(file.fileno())
        if not _own(facts):
            raise CaError(f"{key} belongs to another user; remove it, and a new CA is made")
        if _open_to_others(facts):
            raise CaError(f"others could read {key}; remove it, and a new CA is made")
        return file.read()


def _write(path: Path, content: bytes, mode: int, *, once: bool = False) -> None:
    """Put a whole file in its place; with ``once`` only where none is."""
    draft = path.with_name(f"{path.name}.{os.urandom(8).hex()}")
    try:
        with os.fdopen(os.open(draft, _MAKE, mode), "wb") as file:
            file.write(content)
        if once:
            with suppress(FileExistsError):
                path.hardlink_to(draft)
        else:
            draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
