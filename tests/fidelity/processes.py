"""An engine as a process on the loopback interface."""

import contextlib
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.fidelity.cache import Unavailable

STOPPING_SECONDS = 30.0


@dataclass
class Engine:
    """A running engine: what it is, where it answers, where its log lies."""

    name: str
    base: str
    log: Path


def free_port() -> int:
    """A TCP port that nobody listens on at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextlib.contextmanager
def running(
    command: Sequence[str], *, port: int, log: Path, env: Mapping[str, str], cwd: Path, patience: float
) -> Iterator[None]:
    """That command, from when it listens on the port until the block ends; then it and its children are gone.

    Raises:
        Unavailable: it ended, or did not listen in time; with the end of its log.
    """
    with log.open("w", encoding="utf-8") as output:
        process = subprocess.Popen(
            command,
            env=dict(os.environ) | dict(env),
            cwd=cwd,
            stdout=output,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
    try:
        deadline = time.monotonic() + patience
        while not _listens(port):
            if process.poll() is not None or time.monotonic() > deadline:
                tail = log.read_text(encoding="utf-8", errors="replace")[-2000:]
                raise Unavailable(f"{command[0]} does not answer at port {port} (exit {process.poll()}):\n{tail}")
            time.sleep(0.2)
        yield
    finally:
        _stop(process)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _stop(process: subprocess.Popen[bytes]) -> None:
    for number in (signal.SIGTERM, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, number)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(STOPPING_SECONDS)
            return
