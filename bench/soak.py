"""``python -m bench.soak``: mixed clients by the hundred against ``sparring serve``, and bounds that it has to keep."""

import argparse
import asyncio
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any

from bench.soak_bounds import Bounds, Line, Measured, held
from bench.soak_flows import FLOWS, Client, Flow, Soaking

RESULTS = Path(__file__).parent / "results" / "soak.md"
SPARRING = str(Path(sys.executable).parent / "sparring")
SETTLING = 15.0
"""Seconds for connections to go away when every client has gone."""


@contextmanager
def serving(folder: Path) -> Iterator[dict[str, Any]]:
    """The document of its ready file, with ``pid``; what it logs is in the folder's file ``log``."""
    ready = folder / "ready.json"
    with (folder / "log").open("wb") as log:
        command = [SPARRING, "serve", "--port", "0", "--ready-file", str(ready)]
        process = subprocess.Popen(command, env=os.environ | {"XDG_DATA_HOME": str(folder)}, stdout=log, stderr=log)
        try:
            while not ready.exists():
                if process.poll() is not None:
                    raise RuntimeError((folder / "log").read_text())
                time.sleep(0.01)
            yield json.loads(ready.read_text()) | {"pid": process.pid}
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(30)


def sample(pid: int) -> tuple[float, int]:
    """Resident MiB and open descriptors of that process."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20, len(list(Path(f"/proc/{pid}/fd").iterdir()))


async def client(number: int, soaking: Soaking, seed: int) -> None:
    """One client: what its number says, until the time is up."""
    dice = Random(f"{seed}-{number}")
    turns: list[Flow] = [flow for flow, share in FLOWS for _ in range(share)]
    flow = turns[number % len(turns)]
    await asyncio.sleep(dice.uniform(0, min(5.0, (soaking.until - time.monotonic()) / 4)))
    one = Client(soaking, dice)
    while not soaking.over():
        try:
            await flow(one)
        except Exception as error:  # noqa: BLE001  a client that breaks is a finding, not the end of the others
            soaking.measured.unasked.append(f"{flow.__name__}: {type(error).__name__} {error}")
            await asyncio.sleep(0.2)
    await one.close()


async def soak(document: dict[str, Any], minutes: float, clients: int, seed: int) -> Measured:
    """Have so many clients at it for so long."""
    measured = Measured(connections=clients * 2)
    began = time.monotonic()
    soaking = Soaking(document, measured, began + minutes * 60)
    before = sample(document["pid"])[1]
    running = [asyncio.create_task(client(number, soaking, seed)) for number in range(clients)]
    while not soaking.over():
        await asyncio.sleep(min(1.0, max(0.01, soaking.until - time.monotonic())))
        measured.samples.append((time.monotonic() - began, *sample(document["pid"])))
    measured.took = time.monotonic() - began
    await asyncio.gather(*running)
    deadline = time.monotonic() + SETTLING
    while (left := sample(document["pid"])[1] - before) > 0 and time.monotonic() < deadline:  # noqa: ASYNC110
        await asyncio.sleep(0.1)
    measured.left = max(0, left)
    return measured


def report(measured: Measured, lines: Sequence[Line], clients: int) -> str:
    """The figures as Markdown."""
    told = f"{measured.took / 60:.1f} minutes, {clients} clients, {len(measured.good)} good requests, "
    told += f"{measured.faults} faults. {os.cpu_count()} cores, Python {sys.version.split()[0]}."
    found = [
        "# Soak",
        "",
        told,
        "",
        "| bound | at most | found | held |",
        "|---|---:|---:|---|",
        *(f"| {line.name} | {line.bound} | {line.found} | {'yes' if line.held else 'NO'} |" for line in lines),
        "",
        "| flow | times |",
        "|---|---:|",
        *(f"| {name} | {count} |" for name, count in sorted(measured.flows.items())),
    ]
    if measured.unasked:
        found += ["", "What nobody asked for, the first ten:", "", *(f"- `{each}`" for each in measured.unasked[:10])]
    return "\n".join(found) + "\n"


def main(arguments: Sequence[str]) -> int:
    """Print the table; 1 where a bound was broken."""
    parser = argparse.ArgumentParser(prog="python -m bench.soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--clients", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--p99", type=float, default=Bounds().p99, help="seconds; for a machine that has much else to do"
    )
    parser.add_argument("--write", action="store_true", help="keep the figures in bench/results/soak.md")
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="sparring-soak-") as name:
        folder = Path(name)
        with serving(folder) as document:
            measured = asyncio.run(soak(document, chosen.minutes, chosen.clients, chosen.seed))
        log = (folder / "log").read_text(errors="replace")
    measured.tracebacks = log.count("Traceback (most recent call last)")
    lines = held(Bounds(p99=chosen.p99), measured)
    text = report(measured, lines, chosen.clients)
    print(text)
    if measured.tracebacks:
        print(log[log.index("Traceback (most recent call last)") :][:3000], file=sys.stderr)
    if chosen.write:
        RESULTS.write_text(text)
    return 0 if all(line.held for line in lines) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
