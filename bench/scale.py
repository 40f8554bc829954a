"""What a token costs in memory and with a store, and what 1 to 4 workers make of it: the table in docs/scale.md.

``python -m bench.scale`` measures (wrk and a Redis have to be installed) and prints; ``--write`` puts it into the page.
"""

import argparse
import json
import os
import platform
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import redis

from bench.redemptions import own_redis, workers_of

PAGE = Path(__file__).resolve().parents[1] / "docs" / "scale.md"
MARKS = "<!-- measured -->\n", "<!-- end of what was measured -->"
TICKS = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100
PLAN = ((0, 1, 1), (0, 1, 4), (0, 1, 16), (1, 1, 1), (1, 1, 4), (1, 1, 16), (1, 2, 32), (1, 3, 32), (1, 4, 32))
"""With a store or without, workers, connections."""


@dataclass(slots=True)
class Row:
    """One way to serve: per round, tokens a second and microseconds of processor time a token."""

    stored: bool
    workers: int
    connections: int
    rates: list[float] = field(default_factory=list)
    server: list[float] = field(default_factory=list)
    store: list[float] = field(default_factory=list)

    @property
    def cost(self) -> float:
        """Microseconds of the servers for one token."""
        return statistics.median(self.server)


def spent(process: int) -> float:
    """Seconds of processor time of a process and of those that it has started."""
    members = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(members[11]) + int(members[12])) / TICKS + sum(map(spent, workers_of(process)))


def resident(process: int) -> float:
    """MiB of memory that it has by itself."""
    text = Path(f"/proc/{process}/status").read_text()
    found = re.search(r"RssAnon:\s+(\d+)", text)
    return int(found[1]) / 1024 if found else 0.0


@contextmanager
def served(folder: Path, store: str | None, workers: int) -> Iterator[tuple[dict[str, Any], int]]:
    """Ingest, served so."""
    ready = folder / f"ready-{time.monotonic_ns()}.json"
    options = [] if store is None else ["--store", store, "--workers", str(workers)]
    command = [str(Path(sys.executable).with_name("sparring")), "serve", "ingest", "--port", "0", *options]
    process = subprocess.Popen([*command, "--ready-file", str(ready)], stderr=subprocess.DEVNULL, cwd=folder)
    try:
        while not ready.exists():
            if process.poll() is not None:
                raise SystemExit(f"{' '.join(command)} did not start")
            time.sleep(0.02)
        yield json.loads(ready.read_text())["providers"]["ingest"], process.pid
    finally:
        process.send_signal(signal.SIGINT)
        process.wait()


def load(folder: Path, info: dict[str, Any], connections: int, seconds: int) -> int:
    """Ask for tokens; how many were given."""
    form = {name: info[name] for name in ("client_id", "client_secret", "scope")} | {"grant_type": "client_credentials"}
    script = folder / "token.lua"
    script.write_text(
        f'wrk.method, wrk.body = "POST", "{urlencode(form)}"\n'
        'wrk.headers["Content-Type"] = "application/x-www-form-urlencoded"\n'
    )
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "-s", str(script), info["endpoints"]["token"]]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    found = re.search(r"(\d+) requests in", told)
    if found is None or "Non-2xx" in told:
        raise SystemExit(told)
    return int(found[1])


def measure(rounds: int, seconds: int) -> tuple[list[Row], dict[str, float]]:
    """All rows, one after the other and again; and what memory there was at the end, in MiB."""
    rows = [Row(bool(stored), workers, connections) for stored, workers, connections in PLAN]
    with ExitStack() as ending:
        folder = Path(ending.enter_context(tempfile.TemporaryDirectory(prefix="sparring-bench-")))
        store = ending.enter_context(own_redis(folder))
        client = ending.enter_context(redis.Redis.from_url(store))
        began = client.info("memory")["used_memory"]
        kept = int(client.info("server")["process_id"])
        memory: dict[str, float] = {}
        for _ in range(rounds):
            for stored, workers in dict.fromkeys((row.stored, row.workers) for row in rows):
                with served(folder, store if stored else None, workers) as (info, process):
                    for row in rows:
                        if (row.stored, row.workers) == (stored, workers):
                            _fill(row, folder, info, process, kept, seconds)
                    at = workers_of(process) or [process]
                    memory[f"a server, {'store' if stored else 'memory'}"] = max(map(resident, at))
        memory["Redis at the end, 20,000 tokens at most"] = (client.info("memory")["used_memory"] - began) / 2**20
    return rows, memory


def _fill(row: Row, folder: Path, info: dict[str, Any], process: int, store: int, seconds: int) -> None:
    load(folder, info, row.connections, 1)
    before, there, began = spent(process), spent(store), time.perf_counter()
    given = load(folder, info, row.connections, seconds)
    row.rates.append(given / (time.perf_counter() - began))
    row.server.append((spent(process) - before) / given * 1e6)
    row.store.append((spent(store) - there) / given * 1e6)


def table(rows: list[Row], memory: dict[str, float]) -> str:
    """The rows in Markdown; the ratio is to memory at as many connections (16 where there is no such row)."""
    plain = {row.connections: row.cost for row in rows if not row.stored}
    machine = f"{platform.machine()}, {os.cpu_count()} processors, Python {platform.python_version()}"
    lines = [
        f"{machine}, load average {os.getloadavg()[0]:.1f} at the end.",
        "",
        "| kept in | workers | connections | tokens/s | servers, µs a token | Redis, µs a token | ratio to memory |",
        "|---|---|---|---|---|---|---|",
    ]
    for row in rows:
        ratio = row.cost / plain.get(row.connections, plain[16])
        where, beside = ("Redis", f"{statistics.median(row.store):.0f}") if row.stored else ("memory", "")
        rate = f"{statistics.median(row.rates):.0f}"
        told = [where, row.workers, row.connections, rate, f"{row.cost:.0f}", beside, f"{ratio:.2f}"]
        lines.append(f"| {' | '.join(map(str, told))} |")
    lines += ["", "| memory | MiB |", "|---|---|"]
    lines += [f"| {name} | {size:.0f} |" for name, size in memory.items()]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Measure, print, and write if asked to."""
    parser = argparse.ArgumentParser(prog="python -m bench.scale", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=4)
    parser.add_argument("--write", action="store_true", help="put it into docs/scale.md")
    wish = parser.parse_args()
    if shutil.which("wrk") is None:
        raise SystemExit("wrk is not installed")
    text = table(*measure(wish.rounds, wish.seconds))
    print(text)
    if wish.write:
        page = PAGE.read_text(encoding="utf-8")
        head, _, rest = page.partition(MARKS[0])
        _, end, tail = rest.partition(MARKS[1])
        PAGE.write_text(f"{head}{MARKS[0]}\n{text}\n{end}{tail}", encoding="utf-8")


if __name__ == "__main__":
    main()
