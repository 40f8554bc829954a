"""Peers are fetched into a cache, by their registries' ordinary clients, in the versions that ``bench/peers`` pins."""

import hashlib
import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from functools import cache
from pathlib import Path

PINNED = Path(__file__).parent / "peers"
CACHE = Path(__file__).parent.parent / "build" / "bench"
FETCHING_SECONDS = 900


class UnavailableError(Exception):
    """A peer is not to be had on this machine; the message says why, in one sentence."""


def pinned_version(peer: str) -> str:
    """The version that is pinned of that peer, "?" where nothing says so."""
    folder = PINNED / peer
    for name, pattern in (
        ("package.json", rf'"{re.escape(peer)}": "([^"]+)"'),
        ("requirements.txt", rf"^{re.escape(peer)}==(\S+)"),
        ("pom.xml", r"<dependency>.*?<version>([^<]+)</version>"),
    ):
        if (folder / name).exists():
            found = re.search(pattern, (folder / name).read_text(), re.MULTILINE | re.DOTALL)
            return found[1] if found else "?"
    return "?"


@cache
def fetched(peer: str) -> Path:
    """The folder of the cache that holds it, complete.

    Raises:
        UnavailableError: the tool that fetches it is missing, or failed.
    """
    source, home = PINNED / peer, CACHE / peer
    names = sorted(path for path in source.iterdir() if path.is_file())
    stamp = hashlib.sha256(b"".join(path.read_bytes() for path in names)).hexdigest()
    complete = home / ".complete"
    if complete.exists() and complete.read_text() == stamp:
        return home
    shutil.rmtree(home, ignore_errors=True)
    shutil.copytree(source, home)
    if (source / "package.json").exists():
        _run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], home)
    elif (source / "requirements.txt").exists():
        _run([python(), "-m", "venv", "venv"], home)
        _run([str(home / "venv/bin/pip"), "install", "--quiet", "--require-hashes", "-r", "requirements.txt"], home)
    else:
        copy = ["dependency:copy-dependencies", f"-DoutputDirectory={home / 'lib'}", "-DincludeScope=runtime"]
        _run(["mvn", "--quiet", "--batch-mode", *copy], home)
    complete.write_text(stamp)
    return home


def node() -> str:
    """The Node that is pinned with the peers, else the one of this machine.

    Raises:
        UnavailableError: there is neither.
    """
    try:
        found = sorted(fetched("node").glob("node_modules/node-*/bin/node"))
    except UnavailableError:
        found = []
    return str(found[0]) if found else program("node")


def program(name: str) -> str:
    """Where that program is.

    Raises:
        UnavailableError: it is nowhere.
    """
    path = shutil.which(name)
    if path is None:
        raise UnavailableError(f"{name} is not on this machine")
    return path


def python() -> str:
    """A Python of 3.12 or later, on the PATH or pyenv's: what the Python peer wants.

    Raises:
        UnavailableError: there is none.
    """
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    for candidate in (
        *map(shutil.which, ("python3.13", "python3.12", "python3")),
        *sorted(pyenv.glob("3.1*/bin/python")),
    ):
        check = [str(candidate), "-c", "import sys, venv; sys.exit(sys.version_info < (3, 12))"]
        if candidate and subprocess.run(check, capture_output=True, check=False).returncode == 0:
            return str(candidate)
    raise UnavailableError("there is no Python of 3.12 or later on this machine")


def _run(command: Sequence[str], folder: Path) -> None:
    try:
        ran = subprocess.run(
            [program(command[0]), *command[1:]],
            cwd=folder,
            capture_output=True,
            text=True,
            timeout=FETCHING_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise UnavailableError(f"{command[0]} took longer than {FETCHING_SECONDS} s") from None
    if ran.returncode:
        lines = [line for line in (ran.stdout + ran.stderr).splitlines() if line.strip()]
        raise UnavailableError(f"{command[0]} did not bring it: {lines[0][:200] if lines else 'it said nothing'}")
