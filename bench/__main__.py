"""``python -m bench``: our fakes, their peers and the limits, side by side on this machine."""

import argparse
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from bench import explaining, page
from bench.check_runs import GRANTS, check_run
from bench.clients import UnexpectedError
from bench.figures import MEASURES, Figures, Run, read, written
from bench.floor import signature_limit
from bench.in_process import openings
from bench.installing import UnavailableError
from bench.machine import busy, described
from bench.measuring import QUICK, Effort, measured, starting
from bench.pytest_cost import costs
from bench.subjects import SUBJECTS
from bench.subjects.ours import ALL_AT_ONCE
from bench.subjects.subject import Subject
from bench.wrk import missing

ROOT = Path(__file__).parent.parent
RESULTS = ROOT / "bench/results"
QUICK_MEASURES = frozenset(MEASURES) - {"jwks"}


def arguments() -> argparse.Namespace:
    """What was asked for; whatever cannot be is refused in one sentence."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="our providers only, in less than half a minute")
    parser.add_argument("--only", action="append", metavar="NAME", help="one server; may be repeated")
    parser.add_argument("--measure", action="append", choices=list(MEASURES), help="one measure; may be repeated")
    parser.add_argument("--write", action="store_true", help="keep the figures: bench/results and docs/performance.md")
    parser.add_argument("--again", action="store_true", help="write the pages anew from the figures that are kept")
    parser.add_argument("--date", default=time.strftime("%Y-%m-%d"), help="the date to write (today)")
    asked = parser.parse_args()
    names = [subject.name for subject in SUBJECTS]
    if unknown := set(asked.only or ()) - set(names):
        parser.error(f"no server is called {', '.join(sorted(unknown))}; there are: {', '.join(names)}")
    if asked.write and (asked.quick or asked.only or asked.measure):
        parser.error("--write keeps a whole run only")
    if not asked.again and (why := missing()):
        parser.error(why)
    return asked


def said(text: str) -> None:
    """Progress, for whoever waits."""
    print(text, file=sys.stderr, flush=True)


def fetch(subjects: list[Subject]) -> None:
    """Bring all that has to be brought, before anything is measured; who is missing has a word of it later."""
    for subject in subjects:
        try:
            subject.needs()
        except UnavailableError as problem:
            said(f"{subject.name}: {problem}")


def loads(subjects: list[Subject], effort: Effort, only: frozenset[str]) -> list[Figures]:
    """The figures of each, with a look at the core between any two."""
    found = []
    limit = signature_limit()
    for subject in subjects:
        start = time.perf_counter()
        figures, limit = measured(subject, effort, only, limit)
        found.append(figures)
        said(f"{subject.name}: {time.perf_counter() - start:.0f} s{''.join(f'; {why}' for why in figures.missing)}")
    return found


def surroundings(run: Run) -> None:
    """All that is ours alone: starting with everything, stages, tests, whole runs."""
    together = Figures(ALL_AT_ONCE.name, ALL_AT_ONCE.kind, ALL_AT_ONCE.version)
    run.subjects.append(together)

    def start() -> None:
        together.cold_start = starting(ALL_AT_ONCE, Effort().starts)

    def check(name: str) -> None:
        run.checks.append(check_run(name))

    parts: dict[str, Callable[[], None]] = {
        "starting with all": start,
        "stages": lambda: run.beginnings.extend(openings()),
        "tests": lambda: run.tests.extend(costs()),
        **{f"check {name}": partial(check, name) for name in GRANTS},
    }
    for part, measure in parts.items():
        before = time.perf_counter()
        try:
            measure()
        except (OSError, subprocess.SubprocessError, UnavailableError, UnexpectedError) as problem:
            together.missing.append(f"{part}: {problem}")
        said(f"{part}: {time.perf_counter() - before:.0f} s")


def write(run: Run) -> None:
    """Keep what was found."""
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "latest.json").write_text(written(run))
    (RESULTS / "latest.md").write_text(page.results(run))
    (ROOT / "docs/performance.md").write_text(explaining.performance(run))


def main() -> None:
    """Measure, print, and with --write keep the figures."""
    asked = arguments()
    if asked.again:
        write(read((RESULTS / "latest.json").read_text()))
        return
    start = time.perf_counter()
    subjects = [s for s in SUBJECTS if s.name in (asked.only or ())] or [
        s for s in SUBJECTS if s.kind == "ours" or not asked.quick
    ]
    only = frozenset(asked.measure or (QUICK_MEASURES if asked.quick else ()))
    fetch(subjects)
    run = Run(asked.date, described(), busy=busy())
    run.subjects = loads(subjects, QUICK if asked.quick else Effort(), only)
    if not (asked.quick or asked.only or asked.measure):
        surroundings(run)
    print(page.results(run), end="")
    said(f"({time.perf_counter() - start:.0f} s)")
    if asked.write:
        write(run)


if __name__ == "__main__":
    main()
