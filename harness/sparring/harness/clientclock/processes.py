"""Whether a preloaded library sits in the processes of a client, as the kernel shows them."""

import mmap
from pathlib import Path

_PROC = Path("/proc")
_GO_MARK = b"\xff Go buildinf:"


def why_unreached(pid: int, library: Path) -> str:
    """Why a step of the clock does not reach the client that was started as that process; empty where it does.

    A client may be started by a shell, a package manager or a launcher, so the processes that count are those that
    started nobody else.
    """
    if not (_PROC / "self" / "maps").exists():
        return "this system does not show what a process has loaded (no /proc)"
    for each in _leaves(pid):
        why = _why_not(each, library)
        if why:
            return why
    return ""


def _leaves(root: int) -> list[int]:
    children: dict[int, list[int]] = {}
    for entry in _PROC.iterdir():
        if entry.name.isdigit() and (parent := _parent(entry)) is not None:
            children.setdefault(parent, []).append(int(entry.name))
    leaves, waiting = [], [root]
    while waiting:
        pid = waiting.pop()
        waiting += children.get(pid, [])
        if pid not in children:
            leaves.append(pid)
    return leaves


def _parent(process: Path) -> int | None:
    """The parent of a living process; None for a zombie and for one that has gone."""
    try:
        facts = (process / "stat").read_bytes().rpartition(b")")[2].split()
    except OSError:
        return None
    return None if facts[0] in {b"Z", b"X"} else int(facts[1])


def _why_not(pid: int, library: Path) -> str:
    process = _PROC / str(pid)
    try:
        name = (process / "comm").read_text(encoding="utf-8", errors="replace").strip()
        loaded = (process / "maps").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return f"the client's process {pid} cannot be looked into; it may have ended"
    if str(library.resolve()) not in loaded:
        return f"the client's process {name!r} ({pid}) did not load the library that moves its clock; it may be static"
    if is_go(process / "exe"):
        return f"the client's process {name!r} ({pid}) is a Go program, which reads the kernel's clock without libc"
    return ""


def is_go(program: Path) -> bool:
    """Whether a program was built by Go: linked with libc or not, it asks the kernel for the time."""
    try:
        with program.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
            return content.find(_GO_MARK) >= 0
    except (OSError, ValueError):
        return False
