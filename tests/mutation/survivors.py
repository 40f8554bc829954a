"""What mutmut found: how many mutants of each module live on, what each has changed, and why that is no matter."""

import json
import re
import subprocess
import sys
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

import yaml

EXPLAINED = Path(__file__).with_name("explained.yaml")
_SURVIVED = {0, 5, 33}
"""mutmut's exit codes for: no test failed; no test was collected; no test comes by."""
_SHOW = """
import json, sys
from pathlib import Path
from mutmut.mutation.diff_apply import get_diff_for_mutant
names = json.load(sys.stdin)
print(json.dumps({name: get_diff_for_mutant(name, path=Path(sys.argv[1])) for name in names}))
"""
_NAME = re.compile(r"(?P<module>.+)\.(?:x_|xǁ)(?P<function>.+)__mutmut_\d+$")


@dataclass(frozen=True, slots=True)
class Survivor:
    """A mutant that no test noticed: ``where`` is the function, ``before`` and ``after`` the lines that differ."""

    name: str
    where: str
    before: str
    after: str

    @property
    def change(self) -> str:
        """One line for both."""
        return f"{self.before} -> {self.after}"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why mutants of that kind may live: patterns of the function and of the change, and one sentence."""

    where: str
    change: str
    why: str

    def fits(self, survivor: Survivor) -> bool:
        """Whether it speaks of this one."""
        return fnmatchcase(survivor.where, self.where) and re.search(self.change, survivor.change) is not None


def reasons() -> list[Reason]:
    """As they are written down."""
    return [Reason(**row) for row in yaml.safe_load(EXPLAINED.read_text(encoding="utf-8")) or ()]


def counts(folder: Path) -> dict[str, dict[str, int | None]]:
    """For each module the exit code of each of its mutants, None where it was not tried."""
    found = {}
    for path in sorted((folder / "mutants").rglob("*.meta")):
        codes = json.loads(path.read_text(encoding="utf-8"))["exit_code_by_key"]
        if codes:
            found[path.relative_to(folder / "mutants").as_posix().removesuffix(".meta")] = codes
    return found


def lived(codes: dict[str, int | None]) -> list[str]:
    """The names of those that no test noticed."""
    return [name for name, code in codes.items() if code in _SURVIVED]


def look(folder: Path, module: str, names: list[str]) -> list[Survivor]:
    """What each of them has changed in that module, as mutmut shows it."""
    if not names:
        return []
    asked = [sys.executable, "-c", _SHOW, module]
    done = subprocess.run(asked, cwd=folder, input=json.dumps(names), capture_output=True, text=True, check=True)
    return [parse(name, diff) for name, diff in json.loads(done.stdout).items()]


def parse(name: str, diff: str) -> Survivor:
    """The survivor that a unified diff shows."""
    match = _NAME.match(name)
    where = f"{match['module']}.{match['function'].replace('ǁ', '.')}" if match else name
    lines = [line for line in diff.splitlines() if line[:1] in "+-" and line[:3] not in {"+++", "---"}]
    before, after = (" ".join(line[1:].strip() for line in lines if line.startswith(sign)) for sign in ("-", "+"))
    return Survivor(name, where.removeprefix("sparring."), before, after)
