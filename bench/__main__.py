"""``python -m bench``: how fast the fakes answer, beside the floor that a signature sets, measured in the same run."""

import argparse
import os
import statistics
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from bench.floor import library_signatures, openssl_signatures
from bench.served import cold_start, load, serving
from bench.stages import stage_costs

RESULTS = Path(__file__).parent / "results" / "latest.md"
CONNECTIONS = (1, 8)
LOAD_SECONDS = 10.0
"""Shared by all measurements of token endpoints, so that more providers do not take longer."""


def table(headings: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> list[str]:
    """A Markdown table; the first column to the left, figures to the right."""
    widths = [max(len(row[i]) for row in (headings, *rows)) for i in range(len(headings))]

    def line(cells: tuple[str, ...]) -> str:
        padded = (
            cell.rjust(width) if i else cell.ljust(width)
            for i, (cell, width) in enumerate(zip(cells, widths, strict=True))
        )
        return f"| {' | '.join(padded)} |"

    rule = tuple("-" * (width - 1) + ":" if i else "-" * width for i, width in enumerate(widths))
    return [line(headings), line(rule), *(line(row) for row in rows), ""]


def floor_lines() -> tuple[list[str], float]:
    """What one signature costs, and how many a second the library makes."""
    library = library_signatures()
    openssl = openssl_signatures()
    rows = [("cryptography (signs the tokens)", f"{library:.0f}", f"{1000 / library:.3f}")]
    shown = ("no openssl here: skipped", "-", "-")
    rows.append(shown if openssl is None else ("openssl speed rsa2048", f"{openssl:.0f}", f"{1000 / openssl:.3f}"))
    return table(("One RSA-2048 signature, one core", "per second", "ms"), rows), library


def token_lines(signatures: float) -> list[str]:
    """Tokens a second of each provider, by scheme and number of connections."""
    rows = []
    for scheme, arguments in (("http", ()), ("https", ("--tls",))):
        with serving(*arguments) as document:
            infos = document["providers"]
            seconds = min(1.5, LOAD_SECONDS / (2 * len(infos) * len(CONNECTIONS)))
            for name, info in infos.items():
                own = "client_credentials" in info["grants"]
                for connections in CONNECTIONS if own else (1,):
                    found = load(document, name, connections, seconds)
                    rate = found["per_second"]
                    how = f"{connections} connection{'s' * (connections > 1)}" if own else "one refresh after another"
                    label = f"{name}, {scheme}, {how}"
                    busy = f"{1000 * found['server_busy'] / found['total']:.2f}" if "server_busy" in found else "-"
                    shares = (f"{rate / signatures:.0%}", f"{found['client_core']:.0%}")
                    rows.append((label, f"{rate:.0f}", busy, *shares))
    headings = ("Token endpoint", "tokens/s", "server, ms", "of the floor", "client's core")
    return table(headings, rows)


def cost_lines() -> list[str]:
    """What it takes to begin."""
    rows = []
    for label, arguments in (("sparring serve ingest", ("ingest",)), ("sparring serve (all)", ())):
        starts = [cold_start("ingest", *arguments) for _ in range(3)]
        rows.append((f"{label}, to the first token", f"{1000 * statistics.median(starts):.0f}", "-"))
    rows += [
        (f"a stage with {label}", f"{1000 * first:.2f}", f"{1000 * last:.2f}") for label, first, last in stage_costs()
    ]
    return table(("Beginning and ending", "open, ms", "close, ms"), rows)


def main() -> None:
    """Measure, print, and with --write keep the figures."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--write", action="store_true", help="also keep the figures in bench/results/latest.md")
    write = parser.parse_args().write
    start = time.perf_counter()
    floor, signatures = floor_lines()
    lines = [
        "# Figures of one run",
        "",
        f"{os.cpu_count()} cores, Python {'.'.join(map(str, sys.version_info[:2]))}, loopback, one server process.",
        f"Load average of the machine before the first measurement: {os.getloadavg()[0]:.1f}.",
        "The client is another process; what it took of a core is in the last column.",
        "`server, ms`: processor time of the server for one token, whatever else the machine did.",
        "`of the floor`: tokens a second beside the signatures a second of a core that does nothing else;",
        "a provider whose tokens are opaque signs nothing, and may pass it; a refresh at movingimage signs three.",
        "",
        *floor,
        *token_lines(signatures),
        *cost_lines(),
    ]
    text = "\n".join(lines)
    print(text)
    print(f"({time.perf_counter() - start:.0f} s)", file=sys.stderr)
    if write:
        RESULTS.parent.mkdir(exist_ok=True)
        RESULTS.write_text(text)


if __name__ == "__main__":
    main()
