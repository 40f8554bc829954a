"""Readers of files, given bytes: a file of the process's own is written over and over."""

import atexit
import os
import tempfile
from collections.abc import Callable
from contextlib import redirect_stderr
from functools import cache
from io import StringIO
from pathlib import Path


@cache
def _folder() -> Path:
    kept = tempfile.TemporaryDirectory(prefix=f"sparring-fuzzing-{os.getpid()}-")
    atexit.register(kept.cleanup)
    return Path(kept.name)


def from_file(ending: str, read: Callable[[Path], object]) -> Callable[[bytes], object]:
    """That reader, given a file with those bytes, whose name ends so."""

    def write_and_read(data: bytes) -> object:
        path = _folder() / f"given{ending}"
        path.write_bytes(data)
        with redirect_stderr(StringIO()):
            return read(path)

    return write_and_read
