"""What a client finds where it looks for a browser: a small program that passes the URL on and returns at once."""

import asyncio
import os
from collections.abc import Callable, Mapping
from pathlib import Path

from sparring.harness.drivers.scratch import own_folder

SHIMS = (
    "xdg-open", "x-www-browser", "www-browser", "sensible-browser", "open", "firefox", "google-chrome", "chromium",
)  # fmt: skip
"""Names under which programs look for a browser on PATH."""

_LONGEST = 64 * 1024

# The pipe is opened for reading too, so that the helper never waits for the harness. One write of up to 4096 bytes is
# whole even where two helpers run at once.
_SCRIPT = """#!/bin/sh
for word in "$@"; do
    case "$word" in
        http://*|https://*) printf '%s\\n' "$word" 1<>'{pipe}' & exit 0 ;;
    esac
done
exit 0
"""


class BrowserHelper:
    """The helper of one client: a script, a folder of shims to put on PATH, and the pipe behind them."""

    def __init__(self, scratch: Path) -> None:
        folder = own_folder(scratch)
        self.script = folder / "sparring-browser"
        self.shims = folder / "bin"
        self._pipe = folder / "browser.pipe"
        self._handle: int | None = None
        self._rest = b""

    def install(self) -> None:
        """Write script, shims and pipe."""
        if not self._pipe.exists():
            os.mkfifo(self._pipe, 0o600)
        quoted = str(self._pipe).replace("'", "'\\''")
        self.script.write_text(_SCRIPT.replace("{pipe}", quoted), encoding="utf-8")
        self.script.chmod(0o755)
        self.shims.mkdir(exist_ok=True)
        for name in SHIMS:
            shim = self.shims / name
            shim.unlink(missing_ok=True)
            shim.symlink_to(self.script)

    def variables(self, environment: Mapping[str, str]) -> dict[str, str]:
        """The environment with BROWSER set (unless it is already) and the shims first on PATH."""
        path = environment.get("PATH", os.defpath)
        return {"BROWSER": str(self.script), **environment, "PATH": f"{self.shims}{os.pathsep}{path}"}

    def listen(self, opened: Callable[[str], None]) -> None:
        """Call ``opened`` with every URL that the client wants a browser for, until closed."""
        self._handle = os.open(self._pipe, os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC)
        asyncio.get_running_loop().add_reader(self._handle, self._read, opened)

    def close(self) -> None:
        """Stop listening."""
        if self._handle is not None:
            asyncio.get_running_loop().remove_reader(self._handle)
            os.close(self._handle)
            self._handle = None

    def _read(self, opened: Callable[[str], None]) -> None:
        if self._handle is None:
            return
        try:
            self._rest += os.read(self._handle, _LONGEST)
        except BlockingIOError:
            return
        *lines, self._rest = self._rest.split(b"\n")
        self._rest = self._rest[-_LONGEST:]
        for line in lines:
            opened(line.decode("utf-8", "replace"))
