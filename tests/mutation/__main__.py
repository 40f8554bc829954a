"""``python -m tests.mutation``: break the checks, the judge and the engine on purpose; their tests must notice.

mutmut makes the mutants and runs, for each, the tests that come by it. The page ``docs/mutation.md`` tells what lived.
"""

import argparse
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.mutation.page import PAGE, Module, written
from tests.mutation.staging import FOLDER, stage
from tests.mutation.survivors import counts, lived, look, reasons


def main(arguments: Sequence[str]) -> int:
    """Run mutmut, write the page; 1 where a mutant lives that nobody has explained."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__)
    parser.add_argument(
        "names", nargs="*", help="mutants, as patterns (sparring.harness.checks.scopes*); all, if none is"
    )
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--again", action="store_true", help="only those that lived in the last run")
    parser.add_argument("--page", action="store_true", help="try nothing: tell of the last run")
    chosen = parser.parse_args(arguments)
    names = chosen.names
    if chosen.again:
        names = [name for codes in counts(FOLDER).values() for name in lived(codes)]
    if not chosen.page and (names or not chosen.again):
        _try(stage(), names, chosen.processes)
    modules = _modules(FOLDER)
    PAGE.write_text(written(modules), encoding="utf-8")
    open_questions = [survivor for module in modules for survivor in module.open]
    for survivor in open_questions:
        print(f"LIVES {survivor.name}\n  {survivor.before}\n  {survivor.after}")
    print(
        f"{sum(m.killed for m in modules)} of {sum(m.tried for m in modules)} killed, {len(open_questions)} unexplained"
    )
    return 1 if open_questions else 0


def _try(folder: Path, names: Sequence[str], processes: int) -> None:
    command = [sys.executable, "-m", "mutmut", "run", "--max-children", str(processes), *names]
    with (folder / "mutmut.log").open("w", encoding="utf-8") as log:
        if subprocess.run(command, cwd=folder, stdout=log, stderr=subprocess.STDOUT, check=False).returncode:
            sys.exit(f"mutmut gave up; its words are in {folder / 'mutmut.log'}")


def _modules(folder: Path) -> list[Module]:
    known = reasons()
    found = []
    for path, codes in counts(folder).items():
        explained, unexplained = [], []
        for survivor in look(folder, path, lived(codes)):
            reason = next((reason for reason in known if reason.fits(survivor)), None)
            if reason is None:
                unexplained.append(survivor)
            else:
                explained.append((survivor, reason))
        tried = sum(code is not None for code in codes.values())
        found.append(Module(path, len(codes), tried, tuple(explained), tuple(unexplained)))
    return found


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
