"""The scratch folder of a driven client: its home, its temporary files, and what it leaves there."""

import fcntl
import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sparring.harness.evidence import LogFile

PREFIX = "sparring-"
_OWN = ".sparring"
_OWNER = "owner"
_LARGEST = 256 * 1024
_MOST = 200


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """A scratch folder until the end of the block, marked as in use by a lock that ends with this process."""
    with (
        tempfile.TemporaryDirectory(prefix=PREFIX, ignore_cleanup_errors=True) as made,
        (own_folder(Path(made)) / _OWNER).open("wb") as mark,
    ):
        fcntl.flock(mark, fcntl.LOCK_EX)
        yield Path(made)


def sweep() -> None:
    """Remove the scratch folders that somebody of this user left behind who is gone."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        with suppress(OSError):
            facts = folder.lstat()
            if not stat.S_ISDIR(facts.st_mode) or facts.st_uid != os.geteuid():
                continue
            mark = os.open(folder / _OWN / _OWNER, os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC)
            try:
                fcntl.flock(mark, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(folder, ignore_errors=True)
            finally:
                os.close(mark)


def own_folder(scratch: Path) -> Path:
    """The harness's corner of the scratch folder, made where it is missing; nothing in it is the client's."""
    folder = scratch / _OWN
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
    for folder, folders, files in os.walk(scratch):
        if Path(folder) == scratch and _OWN in folders:
            folders.remove(_OWN)
        folders.sort()
        yield from (Path(folder) / name for name in sorted(files))


def _read(path: Path, name: str, largest: int) -> LogFile | None:
    """A regular file of text, or None. Nothing else is opened: a pipe would block, a link may lead anywhere."""
    try:
        facts = path.lstat()
        if not stat.S_ISREG(facts.st_mode):
            return None
        with path.open("rb") as file:
            content = file.read(largest)
    except OSError:
        return None
    if b"\0" in content:
        return None
    return LogFile(name=name, text=content.decode("utf-8", "replace"), mode=stat.S_IMODE(facts.st_mode))
