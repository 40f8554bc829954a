"""A soak of two seconds: every flow works; and the judge of the bounds sees what breaks one."""

# ruff: noqa: D103 - the names are sentences

import dataclasses
import subprocess
import sys
from pathlib import Path

import pytest

from bench.soak_bounds import WARM, Bounds, Measured, held

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="what a process takes is read from /proc")
def test_a_short_soak_keeps_to_its_bounds() -> None:
    command = [sys.executable, "-m", "bench.soak", "--minutes", "0.03", "--clients", "20", "--p99", "30"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    for flow in ("ingest, client credentials", "a stage with a fault", "slow-loris"):
        assert f"| {flow} |" in done.stdout


def fine() -> Measured:
    return Measured(
        took=WARM, good=[0.1] * 200, samples=[(second, 100.0, 50) for second in range(int(WARM))], connections=100
    )


def test_a_run_within_all_bounds_holds() -> None:
    assert [line.name for line in held(Bounds(), fine()) if not line.held] == []


@pytest.mark.parametrize(
    ("changes", "broken"),
    [
        ({"good": [0.1] * 195 + [5.0] * 5}, "p99 of good clients, s"),
        ({"good": []}, "p99 of good clients, s"),
        ({"samples": [(1.0, 500.0, 50)] * 3}, "resident memory, MiB"),
        ({"samples": [(1.0, 100.0, 900)] * 3}, "descriptors"),
        ({"samples": [(float(second), 100 + second / 3, 50) for second in range(600)]}, "growth a minute, MiB"),
        ({"left": 99}, "descriptors left over"),
        ({"unasked": ["GET /: 500"]}, "5xx or no answer, unasked"),
        ({"tracebacks": 1}, "tracebacks"),
    ],
)
def test_each_bound_can_be_broken(changes: dict[str, object], broken: str) -> None:
    measured = dataclasses.replace(fine(), **changes)  # type: ignore[arg-type]
    assert [line.name for line in held(Bounds(), measured) if not line.held] == [broken]
