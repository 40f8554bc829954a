"""What surrounds the rates, as Markdown: starting, memory, stages, tests, whole runs."""

from collections.abc import Iterator

from bench.figures import Figures, Run
from bench.tables import NOTHING, figure, matrix, table

MIB = 2**20


def around(run: Run, heading: str) -> list[str]:
    """Starting, memory, stages, tests, whole runs."""
    return [*starting(run, heading), *_lists(run, heading)]


def starting(run: Run, heading: str) -> list[str]:
    """Cold starts and memory, and how we compare with each peer."""
    there = [each for each in run.subjects if each.cold_start is not None]
    there.sort(key=lambda each: each.rank)
    rows = [_starting_row(each) for each in there]
    headings = [
        "server",
        "first token, ms",
        "memory then, MiB",
        "after all, MiB",
        "per 100,000, MiB",
        "bytes/opaque token",
    ]
    lines = [f"{heading} Starting and memory", "", *table(headings, rows)] if rows else []
    for corner, value in (("times as soon as", _seconds), ("times as small as", _loaded)):
        ours, others = (
            [(e.name, v) for e in there if (e.kind == "ours") is own and (v := value(e))] for own in (True, False)
        )
        lines += matrix(corner, ours, others, less_is_better=True)
    return lines


def _starting_row(each: Figures) -> list[str]:
    row = [each.label, figure(None if each.cold_start is None else 1000 * each.cold_start, 0)]
    if each.memory is None:
        return [*row, *[NOTHING] * 4]
    growth = each.memory.growth
    signed = growth.get("signed", growth.get("refresh"))
    grown = figure(None if signed is None else signed * 100_000 / MIB, 1, signed=True)
    sizes = (each.memory.started, each.memory.loaded)
    return [*row, *(figure(size / MIB, 0) for size in sizes), grown, figure(growth.get("opaque"), 0)]


def _seconds(each: Figures) -> float | None:
    return each.cold_start


def _loaded(each: Figures) -> float | None:
    return each.memory.loaded if each.memory else None


def _lists(run: Run, heading: str) -> Iterator[str]:
    limits = [rate.limit for each in run.subjects for rate in each.rates]
    one = 1000 * len(limits) / sum(limits) if limits else None  # milliseconds for a signature

    def in_signatures(milliseconds: float, digits: int = 1) -> str:
        return figure(milliseconds / one, digits) if one else NOTHING

    if run.beginnings:
        rows = [
            (name, figure(opening), figure(closing), in_signatures(opening + closing))
            for name, opening, closing in run.beginnings
        ]
        headings = ("what", "open, ms", "close, ms", "in signatures")
        yield from (f"{heading} A provider of its own for a test", "", *table(headings, rows))
    if run.tests:
        rows = [(name, figure(took), figure(busy), in_signatures(busy)) for name, took, busy in run.tests]
        yield from (f"{heading} pytest", "", *table(("what", "elapsed, ms", "processor, ms", "in signatures"), rows))
    if run.checks:
        rows = [
            (name, figure(took, 1), str(scenarios), in_signatures(1000 * took, 0))
            for name, took, scenarios in run.checks
        ]
        headings = ("provider, grant", "seconds", "scenarios", "in signatures")
        yield from (f"{heading} A whole `sparring check`", "", *table(headings, rows))
