"""The wheel alone, on every Python that this machine has, and with the oldest libraries that it admits."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.release.building import build, copy_tree, install, pythons
from tests.sampling import PATIENT, THOROUGH

VERSIONS = list(pythons()) if THOROUGH else list(pythons())[-1:]
_FIRST_MINUTES = Path(__file__).with_name("first_minutes.py")

pytestmark = pytest.mark.skipif(not PATIENT, reason="environments are made where SPARRING_CI=1")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """As it is released."""
    folder = tmp_path_factory.mktemp("wheel")
    copy_tree(folder / "tree", seconds=1e9)
    build(folder / "tree", folder / "dist")
    (found,) = (folder / "dist").glob("*.whl")
    return found


def _first_minutes(programs: Path) -> None:
    done = subprocess.run(
        [programs / "python", _FIRST_MINUTES, programs],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONWARNINGS": "error::DeprecationWarning:sparring"},
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("version", VERSIONS)
def test_a_new_user_gets_on(version: str, wheel: Path, tmp_path: Path) -> None:
    """Serve, check, verify and begin, with the newest libraries."""
    _first_minutes(install(wheel, tmp_path / "env", pythons()[version]))


def test_the_lowest_versions_are_enough(wheel: Path, tmp_path: Path) -> None:
    """What pyproject.toml names as the lowest is enough."""
    _first_minutes(install(wheel, tmp_path / "env", sys.executable, "--resolution", "lowest-direct"))
