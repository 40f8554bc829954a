"""Building what is released, and installing it for one Python or another."""

import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

from tests.architecture.tree import ROOT, repository_files

NEWEST = 20
"""Pythons are looked for from 3.11 up to 3.this."""

PYENV = Path.home() / ".pyenv" / "versions"
"""Where pyenv keeps its Pythons, which its launchers on the path hide."""


def copy_tree(target: Path, *, seconds: float) -> None:
    """The repository's files, as a clone of another day has them: ``seconds`` is their time."""
    for path in repository_files():
        copy = target / path
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / path, copy)
        os.utime(copy, (seconds, seconds))


def build(tree: Path, target: Path) -> dict[str, bytes]:
    """The sdist and the wheel of that tree, by name."""
    command = [sys.executable, "-m", "hatchling", "build", "-d", str(target)]
    subprocess.run(command, cwd=tree, check=True, capture_output=True)
    return {path.name: path.read_bytes() for path in sorted(target.iterdir())}


@cache
def pythons() -> dict[str, str]:
    """The Pythons of this machine that Sparring runs on: the path of each by its version (3.13), oldest first."""
    found = {}
    for minor in range(11, NEWEST):
        programs = (shutil.which(f"python3.{minor}"), *map(str, PYENV.glob(f"3.{minor}.*/bin/python")))
        works = next((program for program in programs if program and _works(program)), None)
        if works:
            found[f"3.{minor}"] = works
    return found


def _works(program: str) -> bool:
    return subprocess.run([program, "-c", "import venv"], capture_output=True, check=False).returncode == 0


def install(wheel: Path, folder: Path, python: str, *options: str) -> Path:
    """A new environment for that Python with the wheel and what it needs; the folder of its programs."""
    uv = [sys.executable, "-m", "uv", "--quiet", "--no-config"]
    subprocess.run([*uv, "venv", "--python", python, str(folder)], check=True)
    own = ["--python", str(folder / "bin" / "python")]
    subprocess.run([*uv, "pip", "install", *own, *options, str(wheel)], check=True)
    return folder / "bin"
