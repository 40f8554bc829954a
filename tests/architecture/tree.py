"""What lies in the repository: its source roots, its modules, its tracked files."""

import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE_ROOTS = ("mocks", "contracts", "harness")
PROVIDERS = ROOT / "mocks" / "sparring" / "mocks" / "providers"


@cache
def shipped_modules() -> tuple[Path, ...]:
    """Every Python file that goes into the wheel."""
    return tuple(sorted(path for root in SOURCE_ROOTS for path in (ROOT / root).rglob("*.py")))


@cache
def repository_files() -> tuple[Path, ...]:
    """Every file that is tracked, or would be by `git add --all`; relative to the root."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    names = sorted(set(listing.stdout.decode().split("\0")) - {""})
    return tuple(Path(name) for name in names if (ROOT / name).is_file())


def line_count(module: Path) -> int:
    """How many lines a module has, comments and blank lines included."""
    return len(module.read_text(encoding="utf-8").splitlines())
