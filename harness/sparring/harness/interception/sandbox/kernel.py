"""What the standard library of Python 3.11 has no function for: namespaces, mounts, capabilities."""

import ctypes
import os

CLONE_NEWNS = 0x00020000
CLONE_NEWUSER = 0x10000000
CLONE_NEWNET = 0x40000000

_MS_BIND = 0x1000
_MS_REC = 0x4000
_MS_PRIVATE = 0x40000
_PR_SET_NAME = 15
_PR_CAPBSET_DROP = 24
_CAPABILITIES = 64
_KEPT = frozenset({0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 18, 31})
"""What root needs for files, users, signals and low ports: CHOWN, DAC_OVERRIDE, DAC_READ_SEARCH, FOWNER, FSETID, KILL,
SETGID, SETUID, SETPCAP, NET_BIND_SERVICE, SYS_CHROOT, SETFCAP; nothing that could undo the sandbox.
"""

_libc = ctypes.CDLL(None, use_errno=True)


def _checked(result: int, what: str) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), what)


def unshare(flags: int) -> None:
    """Go into new namespaces of these kinds. OSError."""
    _checked(_libc.unshare(ctypes.c_int(flags)), "unshare")


def setns(handle: int, kind: int) -> None:
    """Go into the namespace that is open at that handle. OSError."""
    _checked(_libc.setns(ctypes.c_int(handle), ctypes.c_int(kind)), "setns")


def keep_mounts_private() -> None:
    """Mounts from now on are nobody else's. OSError."""
    _checked(_libc.mount(b"none", b"/", None, ctypes.c_ulong(_MS_REC | _MS_PRIVATE), None), "mount")


def bind_mount(source: str, target: str) -> None:
    """Put one file in another's place. OSError."""
    _checked(_libc.mount(os.fsencode(source), os.fsencode(target), None, ctypes.c_ulong(_MS_BIND), None), target)


def set_name(name: str) -> None:
    """What ``ps`` calls this process; 15 bytes of it."""
    _libc.prctl(_PR_SET_NAME, name.encode()[:15], 0, 0, 0)


def give_up_capabilities() -> None:
    """Programs that root starts from now on cannot change interfaces, mounts or namespaces."""
    for number in range(_CAPABILITIES):
        if number not in _KEPT:
            _libc.prctl(_PR_CAPBSET_DROP, number, 0, 0, 0)
