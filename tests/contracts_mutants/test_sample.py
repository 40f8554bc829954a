"""A few mutants of every provider, drawn by a seed; ``make mutants`` tries them all."""

# ruff: noqa: D103 - the names are sentences

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from sparring.contracts.loading import has_rules
from sparring.mocks.providers import NAMES
from tests.contracts_mutants.equivalents import EQUIVALENT
from tests.contracts_mutants.killing import Ring

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = 6


def _run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tests.contracts_mutants", *arguments]
    unmeasured = {name: value for name, value in os.environ.items() if not name.startswith("COV")}
    return subprocess.run(command, cwd=ROOT, env=unmeasured, capture_output=True, text=True, timeout=120, check=False)


@pytest.mark.parametrize("provider", [name for name in NAMES if has_rules(name)])
def test_a_broken_provider_breaks_its_contract(provider: str) -> None:
    """Of so many, one may live on: nineteen of twenty are what ``make mutants`` asks for."""
    done = _run(provider, "--sample", str(SAMPLE), "--seed", "1")
    figures = re.search(rf"^{provider}: (\d+) of (\d+) killed", done.stdout, re.MULTILINE)
    assert figures is not None, done.stdout + done.stderr
    assert figures[2] == str(SAMPLE)
    assert int(figures[1]) >= SAMPLE - 1, done.stdout


@pytest.mark.parametrize("provider", [name for name in NAMES if has_rules(name)])
def test_what_is_called_equivalent_is_a_mutant_and_has_a_reason(provider: str) -> None:
    named = {key: reason for key, reason in EQUIVALENT.items() if key.startswith(f"{provider}/")}
    assert named.keys() <= {mutant.key for mutant in Ring(provider).mutants()}
    assert all(named.values())
