"""The figures of a run as Markdown: ``bench/results/latest.md`` and ``docs/performance.md``."""

from bench.figures import CONNECTIONS, MEASURES, Figures, Rate, Run
from bench.surroundings import around
from bench.tables import NOTHING, figure, matrix, table

BUSY = (
    "**Others kept this machine busy meanwhile: only what is told by processor time and by memory is worth something.**"
)


def results(run: Run) -> str:
    """Every figure, without a word of explanation."""
    return "\n".join(["# Figures of one run", "", *told(run)]).rstrip() + "\n"


def told(run: Run, heading: str = "##") -> list[str]:
    """All that there is to tell, machine and tables."""
    return [*machine(run), *measures(run, heading), *around(run, heading), *missing(run, heading)]


def machine(run: Run) -> list[str]:
    """Where and when it was, and who took part."""
    rows = [("Date", run.date), *run.machine.items()]
    rows += [(each.label, each.version) for each in run.subjects if each.kind != "ours"]
    lines = [f"- {name}: {value}" for name, value in rows] + [""]
    return [*lines, BUSY, ""] if run.busy else lines


def measures(run: Run, heading: str) -> list[str]:
    """A table for each measure, and how we compare with each peer."""
    lines: list[str] = []
    for measure, title in MEASURES.items():
        found = [(each, rate) for each in run.subjects if (rate := each.rate(measure, CONNECTIONS))]
        found.sort(key=lambda pair: (pair[0].rank, -pair[1].of_limit))
        if not found:
            continue
        alone = any(each.rate(measure, 1) for each, _ in found)
        headings = [
            "server",
            "answers/s",
            "signatures",
            "of openssl",
            "p50, ms",
            "p99, ms",
            "server, ms",
            "by processor",
            "wrk's core",
        ]
        headings += ["alone, answers/s", "alone, p50, ms"] if alone else []
        rows = [_rate_row(each, rate, each.rate(measure, 1) if alone else None, alone=alone) for each, rate in found]
        lines += [f"{heading} {title}", "", *table(headings, rows), *_against(found)]
    return lines


def _rate_row(each: Figures, rate: Rate, single: Rate | None, *, alone: bool) -> list[str]:
    row = [
        each.label,
        figure(rate.per_second, 0),
        str(rate.signatures),
        figure(rate.work_of_limit),
        figure(rate.p50),
        figure(rate.p99),
        figure(rate.server_ms, 3),
        figure(rate.work_by_processor),
        f"{rate.client_core:.0%}",
    ]
    if alone:
        row += [figure(single.per_second, 0), figure(single.p50)] if single else [NOTHING, NOTHING]
    return row


def _against(found: list[tuple[Figures, Rate]]) -> list[str]:
    sides: dict[str, list[tuple[str, float]]] = {"ours": [], "peer": [], "limit": []}
    for each, rate in found:
        sides[each.kind].append((each.name, rate.work_of_limit))
    return matrix("times as fast as", sides["ours"], [*sides["peer"], *sides["limit"]])


def missing(run: Run, heading: str) -> list[str]:
    """What was not measured, and why."""
    found = [f"- {each.name}: {why}" for each in run.subjects for why in each.missing]
    return [f"{heading} Not measured", "", *found, ""] if found else []
