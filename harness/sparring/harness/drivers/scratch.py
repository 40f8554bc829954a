"""The scratch folder of a driven client: its home, its temporary files, and what it leaves there."""

import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import islice
from pathlib import Path

from sparring.harness.drivers.removing import remove
from sparring.harness.evidence import LogFile

PREFIX = "sparring-"
_OWN = ".sparring"
_OWNER = "owner"
_LARGEST = 256 * 1024
_MOST = 200
_LOOKED_AT = 5_000
"""Files and folders that are looked at: a client that makes more of them does not stop the harness."""


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """A scratch folder until the end of the block, marked as in use by a lock that ends with this process."""
    import fcntl  # noqa: PLC0415  Windows has none, and imports this all the same

    made = Path(tempfile.mkdtemp(prefix=PREFIX))
    try:
        with (own_folder(made) / _OWNER).open("wb") as mark:
            fcntl.flock(mark, fcntl.LOCK_EX)
            yield made
    finally:
        remove(made)


def sweep() -> None:
    """Remove the scratch folders that somebody of this user left behind who is gone."""
    import fcntl  # noqa: PLC0415  Windows has none, and imports this all the same

    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        with suppress(OSError):
            facts = folder.lstat()
            if not stat.S_ISDIR(facts.st_mode) or facts.st_uid != os.geteuid():
                continue
            mark = os.open(folder / _OWN / _OWNER, os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC)
            try:
                fcntl.flock(mark, fcntl.LOCK_EX | fcntl.LOCK_NB)
                remove(folder)
            finally:
                os.close(mark)


def own_folder(scratch: Path) -> Path:
    """The harness's corner of the scratch folder, made where it is missing; nothing in it is the client's."""
    folder = scratch / _OWN
    if folder.is_symlink():  # the client put it there: what is written for it stays in its own folder
        folder.unlink()
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def left_files(scratch: Path, largest: int = _LARGEST, most: int = _MOST) -> tuple[LogFile, ...]:
    """The readable text files that the client left, in order of name, each with its mode, cut at ``largest`` bytes."""
    found: list[LogFile] = []
    for path in _files(scratch):
        if len(found) == most:
            break
        file = _read(path, path.relative_to(scratch).as_posix(), largest)
        if file is not None:
            found.append(file)
    return tuple(found)


def _files(scratch: Path) -> Iterator[Path]:
    """What is no folder, folder by folder; without recursion, for a client may nest them as deep as it likes."""
    waiting, left = [str(scratch)], _LOOKED_AT
    while waiting:
        try:
            with os.scandir(waiting.pop()) as entries:
                found = sorted(islice(entries, left), key=lambda entry: entry.name)
        except OSError:
            continue
        left -= len(found)
        folders = {entry.path for entry in found if entry.is_dir(follow_symlinks=False)}
        yield from (Path(entry.path) for entry in found if entry.path not in folders)
        waiting += sorted(folders - {str(scratch / _OWN)}, reverse=True)


def _read(path: Path, name: str, largest: int) -> LogFile | None:
    """A regular file of text, or None. Nothing else is read: a pipe would block, a link may lead anywhere."""
    try:
        with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC), "rb") as file:
            facts = os.fstat(file.fileno())
            if not stat.S_ISREG(facts.st_mode):
                return None
            content = file.read(largest)
    except OSError:
        return None
    if b"\0" in content:
        return None
    return LogFile(name=name, text=content.decode("utf-8", "replace"), mode=stat.S_IMODE(facts.st_mode))
