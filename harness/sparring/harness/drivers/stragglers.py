"""Processes that a client leaves behind: found by the run's mark in their environment, wherever they have moved to."""

import asyncio
import contextlib
import os
import signal
from pathlib import Path

_PROC = Path("/proc")
_TRIES = 6
_PAUSE = 0.05
_LONGEST = 3.0
_NAMED = 5
_SURE = 3
_AT_ONCE = 1 << 16


async def end_stragglers(run: str, session: int) -> list[str]:
    """Kill every process of that run that does not end by itself in a moment; return a sentence for each.

    ``session`` is the client's own session: what has dropped the mark, but stayed there, is found as well. Elsewhere
    than on Linux there is no way to find them, and nothing is done.
    """
    found = find(run, session)
    for _ in range(_TRIES):
        if not found:
            return []
        await asyncio.sleep(_PAUSE)
        found = find(run, session)
    left = [f"{_name(pid)} ({pid})" for pid in sorted(found) if _kill(pid, run, session)]
    await kill_all(run, session)  # whatever they have started in the meantime
    problems = [f"left a child process behind: {each}" for each in left[:_NAMED]]
    return problems + ([f"left {len(left) - _NAMED} more child processes behind"] if len(left) > _NAMED else [])


async def kill_all(run: str, session: int) -> None:
    """Kill every process of that run at once, without a word: the client was stopped by force.

    Who starts others faster than they are found is caught by the group, which the kernel kills as one; and since one
    that hands on to the next may slip through a look, several looks must find nobody.
    """
    loop = asyncio.get_running_loop()
    until, nobody = loop.time() + _LONGEST, 0
    while nobody < _SURE and loop.time() < until:
        killed = [pid for pid in _processes() if _belongs(pid, run, session) and _kill(pid, run, session, group=True)]
        nobody = 0 if killed else nobody + 1
        await asyncio.sleep(0)


def find(run: str, session: int = 0) -> set[int]:
    """The living processes with that run's mark in their environment, or in that session."""
    return {pid for pid in _processes() if _belongs(pid, run, session)}


def _processes() -> list[int]:
    """Every other process of the machine, the newest first: it may not live for long."""
    try:
        pids = [int(name) for name in os.listdir(_PROC) if name.isdigit()]  # noqa: PTH208  names, not paths
    except OSError:
        return []
    return sorted({*pids} - {os.getpid()}, reverse=True)


def _belongs(pid: int, run: str, session: int) -> bool:
    try:
        facts = _octets(f"{_PROC}/{pid}/stat").rpartition(b")")[2].split()
        if facts[0] in {b"Z", b"X"}:
            return False
        if session and int(facts[3]) == session:
            return True
        return bool(run) and f"SPARRING_RUN={run}".encode() in _octets(f"{_PROC}/{pid}/environ").split(b"\0")
    except OSError:
        return False


def _octets(path: str) -> bytes:
    """A whole file, at the least cost: every process of the machine is looked at after each client."""
    handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        pieces = []
        while piece := os.read(handle, _AT_ONCE):
            pieces.append(piece)
        return b"".join(pieces)
    finally:
        os.close(handle)


def _name(pid: int) -> str:
    try:
        return (_PROC / str(pid) / "comm").read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return "?"


def _kill(pid: int, run: str, session: int, *, group: bool = False) -> bool:
    """Kill exactly that process: a handle first, then a second look, so that a reused number harms nobody.

    ``group``: and its process group with it, which is nobody else's: a client begins in a session of its own.
    """
    try:
        handle = os.pidfd_open(pid)
    except OSError:
        return False
    try:
        if not _belongs(pid, run, session):
            return False
        with contextlib.suppress(ProcessLookupError):
            if group and (its := os.getpgid(pid)) != os.getpgrp():
                os.killpg(its, signal.SIGKILL)
            signal.pidfd_send_signal(handle, signal.SIGKILL)
        return True
    finally:
        os.close(handle)
