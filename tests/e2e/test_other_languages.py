"""The tests that users of other languages would write, run as they would run them."""

# ruff: noqa: D103 - the names are sentences

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.e2e.running import ROOT
from tests.e2e.serving import SPARRING
from tests.sampling import PATIENT

EXAMPLES = ROOT / "examples"
NO_REGISTRY = ("Could not transfer artifact", "Could not resolve dependencies", "Unknown host")


def tried(folder: Path, *command: str, needs: tuple[str, ...]) -> subprocess.CompletedProcess[str]:
    """The command in a copy of that folder, with `sparring` on the PATH."""
    for program in needs:
        if shutil.which(program) is None:
            pytest.skip(f"no {program} here")
    path = os.pathsep.join([str(Path(SPARRING).parent), os.environ["PATH"]])
    return subprocess.run(
        command, cwd=folder, env={**os.environ, "PATH": path}, capture_output=True, text=True, timeout=240, check=False
    )


def test_shell() -> None:
    done = tried(EXAMPLES / "shell", "sh", "test_client.sh", needs=("curl", "jq"))
    assert (done.returncode, done.stderr, done.stdout.count("ok - ")) == (0, "", 4)


def test_node() -> None:
    done = tried(EXAMPLES / "node", "node", "--test", "client.test.mjs", needs=("node",))
    assert done.returncode == 0, done.stdout
    assert "# pass 3" in done.stdout or "pass 3" in done.stdout


@pytest.mark.skipif(not PATIENT, reason="Go compiles its library first: SPARRING_CI=1, as .ci/run has it")
def test_go(tmp_path: Path) -> None:
    folder = shutil.copytree(EXAMPLES / "go", tmp_path / "go")
    done = tried(folder, "go", "test", "-count=1", "./...", needs=("go",))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "ok" in done.stdout


def test_java(tmp_path: Path) -> None:
    folder = shutil.copytree(EXAMPLES / "java", tmp_path / "java", ignore=shutil.ignore_patterns("target"))
    done = tried(folder, "mvn", "--batch-mode", "--no-transfer-progress", "test", needs=("mvn", "javac"))
    if any(word in done.stdout for word in NO_REGISTRY):
        pytest.skip("Maven finds no registry here")
    assert done.returncode == 0, done.stdout
    assert "Tests run: 3, Failures: 0, Errors: 0, Skipped: 0" in done.stdout
