"""Systems that cannot run clients: everything is imported there all the same, and who asks for a run is told."""

# ruff: noqa: D103 - the names are sentences

import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from sparring.harness.cli import main

ELSEWHERE = """
import asyncio, importlib, os, pkgutil, signal, socket, subprocess, sys, tempfile
import click, cryptography.x509, httpx2, hypothesis, jinja2, pytest, rich.console, ssl, starlette.applications, uvicorn
import uvicorn.server, yaml

for name in ("fcntl", "grp", "pty", "pwd", "resource", "termios", "uvloop"):
    sys.modules[name] = None
for name in ("O_CLOEXEC", "O_DIRECTORY", "O_NOFOLLOW", "O_NONBLOCK", "fork", "geteuid", "getpgid", "killpg", "mkfifo",
             "pidfd_open", "setsid"):
    delattr(os, name) if hasattr(os, name) else None
for name in ("ITIMER_REAL", "SIGALRM", "SIGCHLD", "SIGHUP", "SIGKILL", "SIGSTOP", "setitimer"):
    delattr(signal, name) if hasattr(signal, name) else None
for root in map(importlib.import_module, ("sparring.contracts", "sparring.harness", "sparring.mocks")):
    for found in pkgutil.walk_packages(root.__path__, root.__name__ + "."):
        if not found.name.endswith(("__main__", "sitecustomize", "sandbox.inside", "sandbox.links")):
            importlib.import_module(found.name)

from pathlib import Path
from sparring.mocks.server.ca import open_ca
kept = [open_ca(Path(sys.argv[1])).certificate.read_bytes() for _ in range(2)]
assert kept[0] == kept[1]
"""
"""Windows, as far as modules see it while they are imported; what lives in a sandbox is no user's to import."""


def test_nothing_needs_a_system_of_its_own_to_be_imported_and_a_ca_can_be_kept(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", ELSEWHERE, str(tmp_path / "ca")], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("words", ["check ingest -- true", "exec -- true", "doctor"])
def test_who_cannot_run_a_client_is_told_where_one_can(words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sparring.harness.cli.problems.RUNS_CLIENTS", False)
    done = CliRunner().invoke(main, words.split())
    command = words.partition(" ")[0]
    told = f"Error: `sparring {command}` runs programs on Linux and macOS; on Windows take it into WSL\n"
    assert (done.exit_code, done.stderr) == (2, told)
