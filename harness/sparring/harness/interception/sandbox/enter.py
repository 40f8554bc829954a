"""Starts a program in a sandbox, in place of itself: ``python -I -S enter.py PID COMMAND...``.

The process stays the one that was started, with its id, its group and its exit code.
"""

# ruff: noqa: PTH109 - pathlib takes longer to import than all the rest

import sys

if __name__ == "__main__":
    for _name in ("sparring", "sparring.harness", "sparring.harness.interception"):
        sys.modules[_name] = type(sys)(_name)
    _package = type(sys)("sparring.harness.interception.sandbox")
    _package.__path__ = [__file__.rpartition("/")[0]]
    sys.modules[_package.__name__] = _package

import os

from sparring.harness.interception.sandbox import kernel

_NOT_STARTED = 127
_KINDS = (("user", kernel.CLONE_NEWUSER), ("net", kernel.CLONE_NEWNET), ("mnt", kernel.CLONE_NEWNS))


def enter(pid: int) -> None:
    """Go into the namespaces of that process, and stay in the same folder. OSError."""
    folder = os.getcwd()
    handles = [(os.open(f"/proc/{pid}/ns/{name}", os.O_RDONLY | os.O_CLOEXEC), kind) for name, kind in _KINDS]
    for handle, kind in handles:
        kernel.setns(handle, kind)
    os.chdir(folder)
    kernel.give_up_capabilities()


if __name__ == "__main__":
    try:
        enter(int(sys.argv[1]))
        os.execvp(sys.argv[2], sys.argv[2:])  # noqa: S606
    except OSError as trouble:
        sys.stderr.write(f"sparring: {sys.argv[2]!r} cannot be started in the sandbox: {trouble}\n")
        sys.exit(_NOT_STARTED)
