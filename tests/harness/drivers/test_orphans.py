"""Processes that a client hides: what is done where they cannot be seen, and that nobody else is harmed."""

# ruff: noqa: D103 - the names are sentences

import subprocess
import sys
from pathlib import Path

import pytest

from sparring.harness.drivers import orphans
from sparring.harness.drivers.orphans import adopting, descendants

linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux hands orphans on")
ORPHAN = "sleep 600 >/dev/null 2>&1 & echo $!"


@linux
def test_an_orphan_is_ended_and_told_and_who_was_there_before_is_not() -> None:
    ended: list[str] = []
    with subprocess.Popen(["sleep", "600"]) as before:
        with adopting(ended):
            orphan = subprocess.run(["sh", "-c", ORPHAN], capture_output=True, text=True, check=True).stdout.strip()
            assert int(orphan) in {pid for pid, _, _ in descendants()}
        assert before.poll() is None
        before.kill()
    assert ended == [f"sleep ({orphan})"]


@pytest.mark.parametrize("there", [True, False])
def test_where_processes_cannot_be_listed_nothing_is_done(
    there: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A container may have no /proc, or another one."""
    monkeypatch.setattr(orphans, "_PROC", str(tmp_path if there else tmp_path / "proc"))
    ended: list[str] = []
    with adopting(ended):
        pass
    assert ended == []
