"""A Redis (or Valkey) server of the tests' own, on a free loopback port."""

import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PROGRAM = shutil.which("redis-server") or shutil.which("valkey-server")


def free_port() -> int:
    """A port on which nobody listens now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def redis_server(folder: Path, port: int) -> Iterator[subprocess.Popen[str]]:
    """A server that accepts connections at that port and keeps nothing on disk, until the block ends."""
    assert PROGRAM is not None
    settings = {"port": str(port), "bind": "127.0.0.1", "save": "", "appendonly": "no", "dir": str(folder)}
    options = [word for name, value in settings.items() for word in (f"--{name}", value)]
    process = subprocess.Popen([PROGRAM, *options], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        for line in process.stdout:
            if "Ready to accept connections" in line:
                break
        yield process
    finally:
        process.kill()
        process.wait(10)
        process.stdout.close()
