"""Clears up after a harness that was killed: ends the clients that it ran, and removes their folders.

Run as ``python -I -S keeper.py``, with the harness at the other end of stdin: ``+RUN FOLDER`` for what has begun,
``-RUN`` for what has ended. The end of stdin is the harness's own, by whatever signal; what has not ended by then is
ended here.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

_TRIES = 50


class Keeper:
    """The harness's end of it."""

    def __init__(self, process: "subprocess.Popen[bytes]") -> None:
        self._process = process

    @contextmanager
    def watching(self, run: str, folder: str) -> Iterator[None]:
        """Whatever has that run's mark, and that folder, goes when the harness goes within the block."""
        self._say(f"+{run} {folder}")
        try:
            yield
        finally:
            self._say(f"-{run}")

    def _say(self, line: str) -> None:
        with suppress(OSError):  # a keeper that is gone keeps nothing, and nothing else depends on it
            assert self._process.stdin is not None
            self._process.stdin.write(os.fsencode(line) + b"\n")
            self._process.stdin.flush()


@contextmanager
def keeper() -> Iterator[Keeper]:
    """A keeper until the end of the block."""
    command = (sys.executable, "-I", "-S", __file__)
    with subprocess.Popen(command, stdin=subprocess.PIPE, start_new_session=True, cwd="/", env={}) as process:
        yield Keeper(process)


def main() -> None:
    """Listen until the harness is gone."""
    kept: dict[bytes, bytes] = {}
    for line in sys.stdin.buffer:
        run, _, folder = line[1:].rstrip(b"\n").partition(b" ")
        if line.startswith(b"+"):
            kept[run] = folder
        else:
            kept.pop(run, None)
    for run in kept:
        _end(b"SPARRING_RUN=" + run)
    if kept:
        import pathlib  # noqa: PLC0415  needed once in a lifetime, and slow to come
        import runpy  # noqa: PLC0415

        remove = runpy.run_path(f"{os.path.dirname(__file__)}/removing.py")["remove"]  # noqa: PTH120
        for folder in kept.values():
            remove(pathlib.Path(os.fsdecode(folder)))


def _end(mark: bytes) -> None:
    for _ in range(_TRIES):
        found = [pid for pid in _processes() if _has(pid, mark)]
        for pid in found:
            with suppress(OSError):
                os.kill(pid, signal.SIGKILL)
        if not found:
            return


def _processes() -> list[int]:
    try:
        return [int(name) for name in os.listdir("/proc") if name.isdigit()]  # noqa: PTH208  pathlib is slow to come
    except OSError:
        return []


def _has(pid: int, mark: bytes) -> bool:
    try:
        with open(f"/proc/{pid}/environ", "rb") as file:  # noqa: PTH123
            return mark in file.read().split(b"\0")
    except OSError:
        return False


if __name__ == "__main__":
    for _number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(_number, signal.SIG_IGN)
    main()
