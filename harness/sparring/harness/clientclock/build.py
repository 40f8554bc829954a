"""The preloaded library, compiled once per user, machine and source."""

import hashlib
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from importlib import resources
from pathlib import Path

_COMPILERS = ("cc", "gcc", "clang")


class CannotBuildError(Exception):
    """There is no preloaded library on this machine; the text says why."""


def cache_folder() -> Path:
    """Where compiled libraries are kept for this user."""
    home = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(home) / "sparring"


def built_library(folder: Path | None = None) -> Path:
    """Return the library, compiling it where it is not there yet.

    Raises CannotBuildError where this system has no LD_PRELOAD, no compiler, or one that refuses.
    """
    if not sys.platform.startswith("linux"):
        message = f"a client's clock is moved with LD_PRELOAD, which {sys.platform} does not have"
        raise CannotBuildError(message)
    source = resources.files("sparring.harness.clientclock").joinpath("realtime.c").read_bytes()
    fingerprint = hashlib.sha256(source + "".join(platform.libc_ver()).encode()).hexdigest()[:16]
    library = (folder or cache_folder()) / f"realtime-{platform.machine()}-{fingerprint}.so"
    if not library.exists():
        _compile(source, library)
    return library


def _compile(source: bytes, library: Path) -> None:
    compiler = next(filter(None, map(shutil.which, _COMPILERS)), None)
    if compiler is None:
        message = f"no C compiler here ({', '.join(_COMPILERS)}) to build the library that moves a client's clock"
        raise CannotBuildError(message)
    try:
        library.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=library.parent) as folder:
            code, fresh = Path(folder) / "realtime.c", Path(folder) / "realtime.so"
            code.write_bytes(source)
            command = [compiler, "-O2", "-shared", "-fPIC", "-o", str(fresh), str(code), "-ldl", "-lpthread"]
            done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
            if done.returncode != 0:
                message = (
                    f"{compiler} could not build the library that moves a client's clock: {_first_line(done.stderr)}"
                )
                raise CannotBuildError(message)
            fresh.replace(library)
    except (OSError, subprocess.TimeoutExpired) as trouble:
        message = f"the library that moves a client's clock could not be built: {trouble}"
        raise CannotBuildError(message) from trouble


def _first_line(text: str) -> str:
    return next((line.strip() for line in text.splitlines() if "error" in line), text.strip()[:200])
