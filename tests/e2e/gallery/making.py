"""A library made ready to run: a copy of its folder, built, in which ``sparring check`` can be called."""

import hashlib
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.e2e.gallery.pins import lines
from tests.e2e.gallery.subjects import Subject
from tests.e2e.running import ROOT

BUILD = ROOT / "build/gallery"
PATIENCE = 900
_NOT_COPIED = {
    "node_modules",
    "target",
    "vendor",
    "__pycache__",
    "verdicts.json",
    "gallery.toml",
    "findings.toml",
    "language.toml",
}


class CannotRunError(Exception):
    """Why a library cannot be run on this machine, in a sentence."""


class NoRuntimeError(CannotRunError):
    """Its language is not on this machine."""


def runtime(subject: Subject) -> str:
    """The language and its version, as what is on this machine says. NoRuntimeError."""
    command = words(subject.language.runtime)
    if shutil.which(command[0]) is None:
        raise NoRuntimeError(f"there is no {subject.language.title} here")
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)
    version = re.search(r"\d+(?:\.\d+)+", done.stdout + done.stderr)
    if version is None:
        raise NoRuntimeError(f"{command[0]} does not tell its version")
    return f"{subject.language.title} {version[0]}"


def ready(subject: Subject) -> Path:
    """The folder; made anew only when a file of the library's, or one beside the libraries, has changed.
    CannotRunError.
    """
    runtime(subject)
    _compare(subject)
    shared = [each for each in sorted(subject.place.parent.iterdir()) if not (each / "sparring.toml").exists()]
    digest = hashlib.sha256(repr(subject.build).encode())
    for file in _files([subject.place, *shared]):
        digest.update(str(file.relative_to(subject.place.parent)).encode() + b"\0" + file.read_bytes() + b"\0")
    kept = BUILD / subject.folder / digest.hexdigest()[:12]
    if not kept.is_dir():
        kept.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".making-", dir=kept.parent) as folder:
            whole = Path(folder) / "whole"
            for file in _files([subject.place, *shared]):
                copy = whole / file.relative_to(subject.place.parent)
                copy.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(file, copy)
            for command in subject.build:
                _run(words(command), whole / subject.place.name)
            whole.rename(kept)
    return kept / subject.place.name


def words(command: Sequence[str]) -> list[str]:
    """A command with this interpreter in its place."""
    return [word.replace("{python}", sys.executable) for word in command]


def _files(places: Sequence[Path]) -> Iterator[Path]:
    for place in places:
        if place.name in _NOT_COPIED or place.name.startswith("."):
            continue
        if place.is_dir():
            yield from _files(sorted(place.iterdir()))
        else:
            yield place


def _compare(subject: Subject) -> None:
    """What must be on this machine is there, in the versions that are pinned."""
    if not subject.language.installed:
        return
    command = [*words(subject.language.installed), *subject.all_pins]
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)
    found = lines(done.stdout)
    for name, version in subject.all_pins.items():
        if name not in found:
            raise CannotRunError(f"{name} is not installed here")
        if found[name] != version:
            raise CannotRunError(f"{name} {found[name]} is installed here, not {version}")


def _run(command: Sequence[str], folder: Path) -> None:
    what = " ".join(command[:2])
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=PATIENCE, check=False)
    except FileNotFoundError:
        raise NoRuntimeError(f"there is no {command[0]} here") from None
    except subprocess.TimeoutExpired:
        raise CannotRunError(f"{what} took too long") from None
    if done.returncode:
        raise CannotRunError(f"{what} failed (no network?): {done.stderr[-300:]}")
