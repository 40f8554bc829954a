"""The load: wrk, a public load generator, with one script (``wrk.lua``) for every subject and every measure."""

import itertools
import json
import resource
import shutil
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from bench.processes import pinned

SCRIPT = Path(__file__).with_suffix(".lua")
ENDING_SECONDS = 30
TURNS = itertools.count()


class NoLoadError(Exception):
    """What was measured is worth nothing; the message says why."""


@dataclass(frozen=True)
class Task:
    """What wrk is to send: see the head of ``wrk.lua``, which has the same names."""

    mode: Literal["cycle", "once", "chain"]
    head: tuple[str, ...]
    body: tuple[str, ...] = ("",)
    values: tuple[str, ...] = ("",)
    turn: int = 0

    def lua(self) -> str:
        """The task as a Lua chunk; its turns are no other task's."""
        head = [piece.replace("{turn}", f"{next(TURNS)}-{{turn}}") for piece in self.head]
        lists = {"head": head, "body": self.body, "values": self.values}
        lines = [f"  {name} = {{ {', '.join(map(quoted, items))} }}," for name, items in lists.items()]
        return "\n".join([f'return {{ mode = "{self.mode}", turn = {self.turn},', *lines, "}", ""])


@dataclass(frozen=True)
class Load:
    """What wrk saw: answers a second, milliseconds, and the share of a core that wrk itself took."""

    count: int
    per_second: float
    p50: float
    p99: float
    client_core: float


def quoted(text: str) -> str:
    """A Lua string literal of one line."""
    escapes = {ord(c): f"\\{ord(c):03d}" for c in text if not c.isprintable() or c in '"\\' or not c.isascii()}
    return f'"{text.translate(escapes)}"'


def missing() -> str | None:
    """Why there is no load to be had here; None if there is."""
    return None if shutil.which("wrk") else "wrk is not on this machine (Debian and Ubuntu: apt install wrk)"


def loaded(task: Task, base_url: str, *, connections: int, seconds: int) -> Load:
    """Send it over so many connections, each with one request in flight, for so many seconds.

    Raises:
        NoLoadError: an answer was an error, or wrk failed.
    """
    with tempfile.NamedTemporaryFile("w", suffix=".lua", prefix="sparring-bench-") as written:
        written.write(task.lua())
        written.flush()
        options = ["-t", "1", "-c", str(connections), "-d", f"{seconds}s", "-s", str(SCRIPT)]
        command = pinned(["wrk", *options, base_url, "--", written.name], "load")
        start, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
        ran = subprocess.run(command, capture_output=True, text=True, timeout=seconds + ENDING_SECONDS, check=False)
        took, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    busy = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return read(ran.stdout, ran.stderr, busy / took)


def read(stdout: str, stderr: str, client_core: float) -> Load:
    """What the last line of wrk's output says.

    Raises:
        NoLoadError: there is no such line, nothing was answered, or an answer was an error.
    """
    line = stdout.rstrip().rpartition("\n")[2]
    if not line.startswith("RESULT "):
        raise NoLoadError(f"wrk said nothing: {(stderr or stdout).strip()[-200:]}")
    found = json.loads(line.removeprefix("RESULT "))
    if found["refused"] or found["broken"] or not found["count"]:
        raise NoLoadError(f"of {found['count']} answers {found['refused']} were errors, {found['broken']} never came")
    rate = found["count"] / found["seconds"]
    return Load(found["count"], rate, found["p50"], found["p99"], client_core)
