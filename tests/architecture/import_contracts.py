"""The import contracts of pyproject.toml, and for each of them the lines of code that must break it."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.architecture.tree import ROOT, shipped_modules

LINT_IMPORTS_OF_COPY = Path(__file__).with_name("lint_imports_of_copy.py")

LAYERS = "The harness is on top; mocks and contracts do not know each other"
LOCAL_WORLD = "Only the local world starts the mocks"
INSIDE_THE_MOCKS = "Inside the mocks"
PROVIDERS_APART = "Providers never import each other"
PURE_ENGINE = "The engine has no framework, no socket, no event loop"
PURE_JUDGING = "Judging is pure"


@dataclass(frozen=True, slots=True, kw_only=True)
class Offence:
    """One line of code that breaks one contract, and no other."""

    breaks: str
    module: str
    line: str

    def __str__(self) -> str:
        """Name the offence in pytest's output."""
        return f"{self.module}: {self.line or 'an unplaced module'}"

    def plant(self, copy: Path) -> None:
        """Write the line at the end of the module, which is made if there is none."""
        root, *_ = self.module.split(".")
        path = copy / root / "sparring" / Path(*self.module.split("."))
        file = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("a", encoding="utf-8") as module:
            module.write(f"\n{self.line}\n")


OFFENCES = tuple(
    Offence(breaks=breaks, module=module, line=line)
    for breaks, module, line in (
        (LAYERS, "contracts", "import sparring.mocks"),
        (LAYERS, "contracts", "import sparring.harness"),
        (LAYERS, "contracts.planted", "from sparring.mocks.engine import tokens"),
        (LAYERS, "mocks", "import sparring.contracts"),
        (LAYERS, "mocks.engine.planted", "from sparring.harness import verdict"),
        (LOCAL_WORLD, "harness.planted", "import sparring.mocks"),
        (LOCAL_WORLD, "harness.runner", "from sparring.mocks import stage"),
        (LOCAL_WORLD, "harness.worlds.planted", "import sparring.mocks.control"),
        (INSIDE_THE_MOCKS, "mocks.unplaced", ""),
        (INSIDE_THE_MOCKS, "mocks.engine.planted", "import sparring.mocks.pages"),
        (INSIDE_THE_MOCKS, "mocks.pages.planted", "import sparring.mocks.storage"),
        (INSIDE_THE_MOCKS, "mocks.faults.planted", "import sparring.mocks.recorder"),
        (INSIDE_THE_MOCKS, "mocks.providers.ingest.planted", "import sparring.mocks.stage"),
        (INSIDE_THE_MOCKS, "mocks.stage", "import sparring.mocks.control"),
        (INSIDE_THE_MOCKS, "mocks.control.planted", "import sparring.mocks.server"),
        (PROVIDERS_APART, "mocks.providers.clickview.planted", "import sparring.mocks.providers.ingest"),
        (PROVIDERS_APART, "mocks.providers.ingest", "import sparring.mocks.providers.clickview"),
        (PURE_ENGINE, "mocks.engine.planted", "import starlette.requests"),
        (PURE_ENGINE, "mocks.engine.planted", "import asyncio"),
        (PURE_ENGINE, "mocks.engine.planted", "from time import monotonic"),
        (PURE_ENGINE, "mocks.engine.tokens", "import secrets"),
        (PURE_JUDGING, "harness.verdict", "import asyncio"),
        (PURE_JUDGING, "harness.evidence", "from time import monotonic"),
        (PURE_JUDGING, "harness.judge", "import sparring.harness.runner"),
        (PURE_JUDGING, "harness.checks.planted", "import subprocess"),
        (PURE_JUDGING, "harness.checks.planted", "from sparring.harness import agent"),
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What import-linter said."""

    exit_code: int
    verdicts: dict[str, str]
    output: str

    @property
    def broken(self) -> set[str]:
        """The names of the contracts that do not hold."""
        return {name for name, verdict in self.verdicts.items() if verdict == "BROKEN"}


@cache
def contract_names() -> tuple[str, ...]:
    """List the contracts that pyproject.toml states, in its order."""
    with (ROOT / "pyproject.toml").open("rb") as file:
        contracts = tomllib.load(file)["tool"]["importlinter"]["contracts"]
    return tuple(contract["name"] for contract in contracts)


def copy_sources(destination: Path) -> Path:
    """Copy every module of the three source roots, and the contracts' configuration."""
    for module in shipped_modules():
        target = destination / module.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(module, target)
    shutil.copy(ROOT / "pyproject.toml", destination)
    return destination


def lint(copy: Path) -> Report:
    """Run import-linter over a copy of the sources."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}
    ended = subprocess.run(
        [sys.executable, str(LINT_IMPORTS_OF_COPY)],
        cwd=copy,
        env={**environment, "COLUMNS": "400", "NO_COLOR": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    verdicts = {}
    for name in contract_names():
        said = re.search(rf"^{re.escape(name)} (KEPT|BROKEN)", ended.stdout, re.MULTILINE)
        verdicts[name] = said.group(1) if said else "NOT JUDGED"
    return Report(exit_code=ended.returncode, verdicts=verdicts, output=ended.stdout)
