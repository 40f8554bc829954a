"""Orphans of clients: processes that shed the run's mark and left its session still come to the harness in the end."""

import ctypes
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress

_PROC = "/proc"
_PR_SET_CHILD_SUBREAPER = 36
_PR_GET_CHILD_SUBREAPER = 37
_LONGEST = 3.0
_NAMED = 5
_PAUSE = 0.002
_SURE = 3
_REAPED = 0.05


@contextmanager
def adopting(ended: list[str]) -> Iterator[None]:
    """Within the block every process whose parent ends becomes a child of this one, instead of the machine's first.

    At its end whoever is left of them is killed and reaped; ``ended`` gets a name and number for each. Who was there
    before the block is left alone. Elsewhere than on Linux, and where /proc is missing, nothing is done.
    """
    if not sys.platform.startswith("linux") or not os.path.isdir(f"{_PROC}/{os.getpid()}"):  # noqa: PTH112
        yield
        return
    libc, before = ctypes.CDLL(None), ctypes.c_int()
    libc.prctl(_PR_GET_CHILD_SUBREAPER, ctypes.byref(before), 0, 0, 0)
    known = frozenset(pid for pid, _, _ in descendants())
    libc.prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    over = threading.Event()
    reaper = threading.Thread(target=_reap, args=(over,), daemon=True)
    reaper.start()
    try:
        yield
    finally:
        over.set()
        reaper.join()
        _end(known, ended)
        libc.prctl(_PR_SET_CHILD_SUBREAPER, before.value, 0, 0, 0)


def in_words(ended: Sequence[str]) -> str:
    """Who was ended, for a sentence that begins with whose processes they were; the first few are named."""
    return f"had hidden processes, which were ended: {', '.join(ended[:_NAMED])}"


def descendants(known: frozenset[int] = frozenset()) -> list[tuple[int, str, str]]:
    """Every process below this one, the nearest first, without the ``known`` and what is below them: its number, state
    and name.
    """
    children: dict[int, list[tuple[int, str, str]]] = {}
    for entry in os.listdir(_PROC):  # noqa: PTH208  names, not paths
        if entry.isdigit():
            with suppress(OSError, ValueError), open(f"{_PROC}/{entry}/stat", "rb") as file:  # noqa: PTH123
                before, _, after = file.read().rpartition(b")")
                state, parent = after.split()[:2]
                name = before.partition(b"(")[2].decode("utf-8", "replace")
                children.setdefault(int(parent), []).append((int(entry), state.decode(), name))
    found = [each for each in children.get(os.getpid(), ()) if each[0] not in known]
    for pid, _, _ in found:
        found += children.get(pid, ())
    return found


def _children() -> list[int]:
    """The children of this process, read at once: one that hands on to the next is not there for long."""
    found: list[int] = []
    for task in os.listdir(f"{_PROC}/self/task"):  # noqa: PTH208  names, not paths
        with suppress(OSError), open(f"{_PROC}/self/task/{task}/children", "rb") as file:  # noqa: PTH123
            found += map(int, file.read().split())
    return found


def _reap(over: threading.Event) -> None:
    """Take away the dead that came here, so that their numbers are free again.

    What this process starts itself leads a session of its own or belongs to this one's, and has somebody who waits.
    """
    while not over.wait(_REAPED):
        for pid in _children():
            with suppress(OSError):
                if os.getsid(pid) not in {pid, os.getsid(0)}:
                    os.waitpid(pid, os.WNOHANG)


def _end(known: frozenset[int], ended: list[str]) -> None:
    """Kill what is below this process and is not known; its children's children come here when it is gone."""
    told: set[int] = set()
    until, nobody = time.monotonic() + _LONGEST, 0
    while nobody < _SURE and time.monotonic() < until:
        left = descendants(known)
        nobody = 0 if left else nobody + 1
        for pid, state, name in left:
            if state not in "ZX" and pid not in told:
                told.add(pid)
                ended.append(f"{name} ({pid})")
            with suppress(OSError):
                os.kill(pid, signal.SIGKILL)
            with suppress(OSError):
                os.waitpid(pid, os.WNOHANG)
        for pid in _children():
            if pid not in known:
                nobody = 0
                with suppress(OSError):
                    os.kill(pid, signal.SIGKILL)
                    os.waitpid(pid, os.WNOHANG)
        if left:
            time.sleep(_PAUSE)
