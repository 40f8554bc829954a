"""The well-known libraries, each in its folder of ``examples/clients``, made ready to run."""

import hashlib
import importlib.metadata
import json
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from sparring.harness.manifest import read_manifest
from sparring.harness.settings import ClientSettings
from tests.e2e.running import ROOT

CLIENTS = ROOT / "examples/clients"
BUILD = ROOT / "build/libraries"
PATIENCE = 300
TIMEOUT = 12.0


class CannotRunError(Exception):
    """Why a library cannot be run on this machine, in a sentence."""


@dataclass(frozen=True, slots=True)
class Subject:
    """One library. ``name`` is a column's head, ``folder`` its place below ``examples/clients``.

    ``packages`` are those whose versions tell what was measured, ``patience`` how long it waits for a silent server and
    where it says so.
    """

    name: str
    folder: str
    packages: tuple[str, ...]
    patience: tuple[str, str]

    @property
    def language(self) -> str:
        """The folder's first part."""
        return self.folder.partition("/")[0]

    def versions(self) -> dict[str, str]:
        """The version of each package, as its manifest pins it."""
        place = CLIENTS / self.folder
        if self.language == "python":
            pins = dict(re.findall(r"(?m)^([\w-]+)==(\S+)$", (place / "requirements.txt").read_text()))
            return {name: pins[name] for name in self.packages}
        if self.language == "node":
            locked = json.loads((place / "package-lock.json").read_text())["packages"]
            return {name: locked[f"node_modules/{name}"]["version"] for name in self.packages}
        required = dict(re.findall(r"(?m)^(?:require )?\s*(\S+) (v\S+)", (place / "go.mod").read_text()))
        return {name: required[name] for name in self.packages}

    def client(self) -> tuple[str, ClientSettings]:
        """The provider that it is for, and how it is driven. CannotRunError."""
        manifest = read_manifest(CLIENTS / self.folder / "sparring.toml")
        place, command = {"python": _python, "node": _node, "go": _go}[self.language](self, manifest.command)
        client = ClientSettings(
            command=command,
            driver=manifest.driver or "session",
            supports=manifest.supports,
            cwd=str(place),
            timeout=TIMEOUT,
        )
        return manifest.provider or "clickview", client


Ready = tuple[Path, tuple[str, ...]]


def _python(subject: Subject, command: tuple[str, ...]) -> Ready:
    """The folder itself: what it asks for must be installed beside us, in the versions that it pins."""
    for line in (CLIENTS / subject.folder / "requirements.txt").read_text().split():
        name, _, pinned = line.partition("==")
        try:
            found = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            raise CannotRunError(f"{name} is not installed here") from None
        if found != pinned:
            raise CannotRunError(f"{name} {found} is installed here, not {pinned}")
    return CLIENTS / subject.folder, command


def _node(subject: Subject, command: tuple[str, ...]) -> Ready:
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        raise CannotRunError("there is no Node.js with npm here")
    source = CLIENTS / subject.folder
    own = [source / name for name in ("client.mjs", "package.json", "package-lock.json")]
    shared = sorted(source.parent.glob("*.mjs"))

    def make(folder: Path) -> None:
        place = folder / "client"
        place.mkdir()
        for file in own:
            shutil.copy(file, place)
        for file in shared:
            shutil.copy(file, folder)
        _run([npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline", "--fetch-retries=1"], place)

    return _kept(subject, [*own, *shared], make) / "client", (node, *command[1:])


def _go(subject: Subject, command: tuple[str, ...]) -> Ready:
    go = shutil.which("go")
    if go is None:
        raise CannotRunError("there is no Go here")
    source = CLIENTS / subject.folder
    files = [source / name for name in ("main.go", "go.mod", "go.sum")]

    def make(folder: Path) -> None:
        _run([go, "build", "-o", str(folder / Path(command[0]).name), "."], source)

    place = _kept(subject, files, make)
    return place, (str(place / Path(command[0]).name),)


def _kept(subject: Subject, files: Sequence[Path], make: Callable[[Path], None]) -> Path:
    """A folder for this state of the files, made whole elsewhere first: another process may be at it."""
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    place = BUILD / subject.folder / digest.hexdigest()[:12]
    if not place.is_dir():
        place.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".making-", dir=place.parent) as folder:
            whole = Path(folder) / "whole"
            whole.mkdir()
            make(whole)
            try:
                whole.rename(place)
            except OSError:
                if not place.is_dir():
                    raise
    return place


def _run(command: Sequence[str], folder: Path) -> None:
    what = f"{Path(command[0]).name} {command[1]}"
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=PATIENCE, check=False)
    except subprocess.TimeoutExpired:
        raise CannotRunError(f"{what} took too long") from None
    if done.returncode:
        raise CannotRunError(f"{what} failed (no network?)")
