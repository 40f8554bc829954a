"""The careful client for Node.js, made ready to run: its packages are installed once, in ``build``."""

import hashlib
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCES = ROOT / "tests/clients/good_node"
CACHE = ROOT / "build/good_node"
MANIFESTS = ("package.json", "package-lock.json")
OLDEST = 20
PATIENCE = 120


class CannotRunError(Exception):
    """Why there is no such client on this machine, in a sentence."""


def node_command() -> tuple[str, ...]:
    """The command of the client; the test is skipped, and says why, where it cannot run here."""
    try:
        return ready_command()
    except CannotRunError as error:
        pytest.skip(str(error))


def ready_command() -> tuple[str, ...]:
    """The command of the client, its packages installed. CannotRunError."""
    return (node_program(), str(ready_folder(SOURCES, CACHE) / "careful.mjs"))


def node_program() -> str:
    """Node.js, not too old. CannotRunError."""
    node = shutil.which("node")
    if node is None:
        raise CannotRunError("there is no Node.js here")
    version = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout.strip()
    major = version.removeprefix("v").partition(".")[0]
    if not major.isdecimal() or int(major) < OLDEST:
        raise CannotRunError(f"Node.js {OLDEST} or later is needed, this is {version or 'broken'}")
    return node


def ready_folder(sources: Path, cache: Path) -> Path:
    """The folder of a client beside its packages: one for each state of either, since Node looks upwards for them."""
    packages = cache / digest_of([sources / name for name in MANIFESTS])
    if not packages.is_dir():
        _put(packages, sources, MANIFESTS, install=True)
    modules = sorted(path.name for path in sources.glob("*.*js"))
    client = packages / digest_of([sources / name for name in modules])
    if not client.is_dir():
        _put(client, sources, ("package.json", *modules))
    return client


def _put(place: Path, sources: Path, names: tuple[str, ...], *, install: bool = False) -> None:
    """Make the folder whole elsewhere first: two test processes may be at it, and one may be interrupted."""
    place.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".making-", dir=place.parent) as folder:
        whole = Path(folder) / "whole"
        whole.mkdir()
        for name in names:
            shutil.copy(sources / name, whole)
        if install:
            _install(whole)
        try:
            whole.rename(place)
        except OSError:
            if not place.is_dir():
                raise


def _install(folder: Path) -> None:
    npm = shutil.which("npm")
    if npm is None:
        raise CannotRunError("there is no npm here, which installs the packages of the client for Node.js")
    command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline", "--fetch-retries=1"]
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=PATIENCE, check=False)
    except subprocess.TimeoutExpired:
        raise CannotRunError("npm ci took too long") from None
    if done.returncode:
        raise CannotRunError("npm ci failed (no network?)")


def digest_of(files: list[Path]) -> str:
    """What those files say, in twelve characters."""
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()[:12]
