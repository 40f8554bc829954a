"""Removing a folder, whatever a client has made of it: no depth stops it, no mode, and no link leads it elsewhere."""

import os
from contextlib import suppress
from itertools import count
from pathlib import Path


def remove(folder: Path) -> None:
    """Remove the folder with all that is in it; what cannot be removed stays, and nothing is raised.

    Folders in folders are brought up to the top first, so neither the depth of calls nor that of paths grows.
    """
    try:
        top = _opened(None, os.fspath(folder))
    except OSError:
        return
    try:
        numbers = count()
        while any([_removed(top, name, numbers) for name in os.listdir(top)]):  # noqa: C419,PTH208  all of them, by handle
            pass
    except OSError:
        pass
    finally:
        os.close(top)
    with suppress(OSError):
        folder.rmdir()


def _removed(top: int, name: str, numbers: "count[int]") -> bool:
    """Whether that file is gone now, or that folder, whose own folders are in ``top`` then."""
    try:
        inner = _opened(top, name)
    except OSError:  # a file, or a link
        return _gone(top, name)
    try:
        for each in os.listdir(inner):  # noqa: PTH208  by handle
            if not _gone(inner, each):
                _lift(inner, each, top, numbers)
    finally:
        os.close(inner)
    with suppress(OSError):
        os.rmdir(name, dir_fd=top)
        return True
    return False


def _opened(top: int | None, name: str) -> int:
    """A handle of that folder, which may be changed from now on. OSError where it is no folder."""
    how = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
    try:
        inner = os.open(name, how, dir_fd=top)
    except PermissionError:
        os.chmod(name, 0o700, dir_fd=top)
        inner = os.open(name, how, dir_fd=top)
    os.fchmod(inner, 0o700)
    return inner


def _gone(folder: int, name: str) -> bool:
    with suppress(OSError):
        os.unlink(name, dir_fd=folder)
        return True
    return False


def _lift(inner: int, name: str, top: int, numbers: "count[int]") -> None:
    """Bring a folder up to the top under a name that nobody has taken."""
    with suppress(OSError):
        os.close(_opened(inner, name))
        for number in numbers:
            new = f".lifted-{number}"
            if not os.access(new, os.F_OK, dir_fd=top, follow_symlinks=False):
                os.rename(name, new, src_dir_fd=inner, dst_dir_fd=top)
                return
