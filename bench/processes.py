"""Processes on their cores, and what /proc says of them and of their children."""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import IO, Literal

Role = Literal["server", "load"]
STOPPING_SECONDS = 10
TICKS = os.sysconf("SC_CLK_TCK")


@cache
def cores() -> dict[Role, int]:
    """A core for the server and another for the load; empty where there are not two, or no taskset."""
    if shutil.which("taskset") is None:
        return {}
    found = sorted(os.sched_getaffinity(0))
    return {"server": found[0], "load": found[1]} if len(found) > 1 else {}


def pinned(command: Sequence[str], role: Role) -> list[str]:
    """That command on the core of its role; as it is where there are no cores to choose from."""
    return ["taskset", "-c", str(cores()[role]), *command] if cores() else list(command)


@dataclass(frozen=True)
class Server:
    """A process that serves, and the file with its words."""

    process: subprocess.Popen[bytes]
    words: IO[bytes]

    @property
    def pid(self) -> int:
        """The process id."""
        return self.process.pid

    def last_words(self) -> str:
        """The exit code and the last of what it said, if it has ended; else nothing."""
        if self.process.poll() is None:
            return ""
        self.words.seek(0)
        said = self.words.read().decode(errors="replace").strip()[-300:]
        return f"it ended with exit code {self.process.returncode}: {said}"


@contextmanager
def running(command: Sequence[str], environment: Mapping[str, str]) -> Iterator[Server]:
    """That process until the block ends."""
    with tempfile.TemporaryFile() as words:
        process = subprocess.Popen(
            command, env=os.environ | dict(environment), stdin=subprocess.DEVNULL, stdout=words, stderr=words
        )
        try:
            yield Server(process, words)
        finally:
            process.terminate()
            try:
                process.wait(STOPPING_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def family(pid: int) -> list[int]:
    """That process and all that came of it."""
    parents = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdecimal() and (fields := _stat(int(folder.name))):
            parents[int(folder.name)] = int(fields[1])
    found = [pid]
    for each in found:
        found += [child for child, parent in parents.items() if parent == each]
    return found


def resident_bytes(pid: int) -> int:
    """How much memory that process and its children have; 0 where /proc does not tell."""
    pages = 0
    for each in family(pid):
        fields = _stat(each)
        pages += int(fields[21]) if fields else 0
    return pages * os.sysconf("SC_PAGE_SIZE")


def processor_seconds(pid: int) -> float:
    """How long that process and its children have had a core so far; 0 where /proc does not tell."""
    return sum((int(fields[11]) + int(fields[12])) / TICKS for each in family(pid) if (fields := _stat(each)))


def _stat(pid: int) -> list[str]:
    """The fields of /proc/PID/stat from the third on."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []
