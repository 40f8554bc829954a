"""What must survive the end of the process: refresh tokens, in one file that only its owner can read."""

import json
import os
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from tests.clients.good.identity import Identity


class Kept(NamedTuple):
    """What is kept of one login."""

    refresh_token: str | None = None
    identity: Identity | None = None


class Store:
    """A file of mode 0600 in that folder, replaced as a whole; without a folder nothing is kept."""

    def __init__(self, folder: str) -> None:
        self._file = Path(folder) / "logins.json" if folder else None
        self._logins = self._read()

    def of(self, user: str) -> Kept:
        """What is kept of that user's login; a file that cannot be understood is as good as none."""
        try:
            login = self._logins[user]
            identity = Identity(login["subject"], login["nonce"]) if "subject" in login else None
            return Kept(login["refresh_token"], identity)
        except (LookupError, TypeError):
            return Kept()

    def keep(self, user: str, kept: Kept) -> None:
        """Keep that of the user's login, or forget it where there is no refresh token any more."""
        if self._file is None or kept == self.of(user):
            return
        self._logins.pop(user, None)
        if kept.refresh_token is not None:
            who = {} if kept.identity is None else {"subject": kept.identity.subject, "nonce": kept.identity.nonce}
            self._logins[user] = {"refresh_token": kept.refresh_token, **who}
        self._write(self._file)

    def _read(self) -> dict[str, Any]:
        try:
            logins = json.loads(self._file.read_bytes()) if self._file is not None else {}
        except (OSError, ValueError, RecursionError):
            return {}
        return logins if isinstance(logins, dict) else {}

    def _write(self, file: Path) -> None:
        """Under another name first: whoever is killed half-way leaves the old file whole."""
        fresh = file.with_suffix(".new")
        with suppress(FileNotFoundError):
            fresh.unlink()
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as out:
            json.dump(self._logins, out)
            out.flush()
            os.fsync(out.fileno())
        fresh.replace(file)
