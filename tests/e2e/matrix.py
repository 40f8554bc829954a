"""The kill matrix: each broken client against the whole catalogue. ``make matrix`` writes docs/kill-matrix.md.

A row costs as much as a whole run of `check`, so rows are kept under ``build/matrix`` and made anew only where
something has changed that could change them. ``--keep`` takes kept rows as they are, ``--only GLOB`` makes a few.
``--careful`` plays the two careful clients instead, and says who was blamed.
"""

import argparse
import hashlib
import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from fnmatch import fnmatchcase
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from sparring.harness.scenarios import ALWAYS_ID
from sparring.harness.worlds.local import describe_providers
from tests.clients.broken.switches import SWITCHES
from tests.e2e.consequences import CONSEQUENCES
from tests.e2e.node import CannotRunError, ready_command
from tests.e2e.played import FINE, driver_of, play
from tests.e2e.running import CAREFUL, CAREFUL_WEB, ROOT, check, messages, verdicts

PAGE = ROOT / "docs/kill-matrix.md"
KEPT = ROOT / "build/matrix"
CAUGHT = {"FAIL", "WARN"}
AT_A_TIME = 2
SOURCES = ("mocks", "contracts", "harness", "tests/clients")

Row = Mapping[str, Any]


@cache
def state() -> str:
    """What a row depends on, in twelve characters."""
    digest = hashlib.sha256()
    for source in SOURCES:
        for path in sorted((ROOT / source).rglob("*")):
            if path.suffix in {".py", ".yaml", ".json", ".c"} and "node_modules" not in path.parts:
                digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:12]


@cache
def careful(provider: str, grant: str, driver: str, *, tls: bool) -> Mapping[tuple[str, str], str]:
    """What the careful client gets there: played once, and kept for every process until something has changed."""
    kept = _file("-".join(("careful", provider, grant, driver, "tls" if tls else "plain")), "careful")
    now = state()
    if kept.exists() and (found := json.loads(kept.read_text()))["state"] == now:
        return {(scenario, check_id): verdict for scenario, check_id, verdict in found["verdicts"]}
    command = CAREFUL_WEB if driver == "webapp" else CAREFUL
    seen = verdicts(check(provider, grant, *command, driver=driver, tls=tls))
    _keep(kept, {"state": now, "verdicts": [[*key, verdict] for key, verdict in seen.items()]})
    return seen


def row(name: str) -> Row:
    """One broken client against everything."""
    switch = SWITCHES[name]
    report = play(name)
    seen, usual = verdicts(report), careful(switch.provider, switch.grant, driver_of(name), tls=not switch.plain_http)
    blocked = sum(result.blocked_by is not None for result in report.results)
    differing = {key: verdict for key, verdict in seen.items() if verdict != usual.get(key) and key[1] != name}
    said = {(result.id, one.id): one.message for result in report.results for one in result.checks}
    return {
        "caught": {key[0]: verdict for key, verdict in seen.items() if key[1] == name and verdict not in FINE},
        "blocked": blocked,
        "always": True,
        "collateral": [
            [*key, verdict, said[key]] for key, verdict in differing.items() if not (blocked and verdict == "SKIP")
        ],
    }


def blamed(provider: str, grant: str, make: str) -> str:
    """What a careful client was blamed for there: by rights nothing."""
    try:
        command = ready_command() if make == "node" else CAREFUL
    except CannotRunError as error:
        return f"not played: {error}"
    report = check(provider, grant, *command)
    found = {key for key, verdict in verdicts(report).items() if verdict not in FINE}
    return "\n".join(line for line in messages(report).splitlines() if tuple(line.split()[0].split("/")) in found)


def careful_clients(jobs: int = AT_A_TIME) -> int:
    """Both careful clients through everything; 1 where one was blamed."""
    pairs = [(each["name"], grant) for each in describe_providers() for grant in each["grants"]]
    blame = 0
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        running = {pool.submit(blamed, *pair, make): (*pair, make) for make in ("python", "node") for pair in pairs}
        for done in as_completed(running):
            blame += bool(done.result())
            sys.stderr.write(f"{' '.join(running[done])}: {done.result() or 'nothing'}\n")
    return 1 if blame else 0


def rows(names: Sequence[str], now: str, *, keep: bool, jobs: int = AT_A_TIME) -> dict[str, Row]:
    """Those rows: kept ones, and the others as they are made."""
    found: dict[str, Row] = {}
    for name in names:
        kept = json.loads(_file(name).read_text()) if _file(name).exists() else {}
        if kept and (keep or kept["state"] == now):
            found[name] = {**kept["row"], "state": kept["state"]}
    missing = [name for name in names if name not in found]
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        running = {pool.submit(row, name): name for name in missing}
        for number, done in enumerate(as_completed(running), 1):
            name = running[done]
            if (error := done.exception()) is not None:
                sys.stderr.write(f"{number}/{len(missing)} {name}: not played ({error!r})\n")
                continue
            found[name] = {**done.result(), "state": now}
            _keep(_file(name), {"state": now, "row": done.result()})
            sys.stderr.write(f"{number}/{len(missing)} {name}: {_fate(name, found[name])}\n")
    return found


def _file(name: str, folder: str = "rows") -> Path:
    return KEPT / folder / f"{name}.json"


def _keep(file: Path, what: Mapping[str, Any]) -> None:
    """Write it whole: another process may read it at any time."""
    file.parent.mkdir(parents=True, exist_ok=True)
    beside = file.with_suffix(f".{os.getpid()}")
    beside.write_text(json.dumps(what), encoding="utf-8")
    beside.replace(file)


def survives(name: str, found: Row) -> bool:
    """Whether its own check has not caught it, or with anything but FAIL and WARN."""
    return not found["caught"] or not set(found["caught"].values()) <= CAUGHT


def _fate(name: str, found: Row) -> str:
    return "NOT CAUGHT" if survives(name, found) else f"caught, {len(found['collateral'])} others"


def page(found: Mapping[str, Row]) -> Iterator[str]:
    """The page, line by line, in the order of the table of defects."""
    yield "<!-- Made by `make matrix`. -->\n"
    yield "# The kill matrix\n"
    caught = sum(not survives(name, found[name]) for name in found)
    alone = sum(not survives(name, found[name]) and not found[name]["collateral"] for name in found)
    yield (
        f"Each of {len(found)} broken clients is the careful one with one step changed, and was played through the "
        f"whole catalogue of a provider. {caught} were caught by the check that names their fault, {alone} of those by "
        "it alone. Collateral is every other verdict that differs from the careful client's: one fault seen from "
        "another side, as told below the table.\n"
    )
    if len(states := {one["state"] for one in found.values()}) > 1:
        yield (
            f"The rows were played while the sources changed, at {len(states)} states of them; `make matrix` plays "
            "those anew that are not of the present one.\n"
        )
    if partly := sum(not one.get("always") for one in found.values()):
        yield f"For {partly} row(s) what held over the whole run (`{ALWAYS_ID}`) was not compared.\n"
    if missing := [f"`{name}`" for name in SWITCHES if name not in found]:
        yield f"Not played yet: {', '.join(missing)}.\n"
    yield "| check | the broken client | provider, grant | caught in | collateral |"
    yield "|---|---|---|---|---|"
    for name in SWITCHES:
        if name in found:
            switch = SWITCHES[name]
            where = f"{switch.provider}, {switch.grant.replace('_', ' ')}" + (", plain HTTP" * switch.plain_http)
            yield f"| `{name}` | {switch.does} | {where} | {_where(found[name])} | {_collateral(found[name])} |"

    if reasons := [line for name in SWITCHES if name in found for line in _reasons(name, found[name])]:
        yield "\n## Why another check speaks too\n"
        yield from reasons


def _reasons(name: str, one: Row) -> Iterator[str]:
    """A line for each check that speaks where another one's fault is played."""
    for other in dict.fromkeys(check_id for _, check_id, _, _ in one["collateral"]):
        yield f"- `{name}`, seen by `{other}` too: {CONSEQUENCES.get((name, other), '**unexplained**')}"


def unexplained(found: Mapping[str, Row]) -> list[str]:
    """The collateral that nobody has looked into: a wrong accusation until somebody has."""
    pairs = dict.fromkeys((name, check_id) for name, one in found.items() for _, check_id, _, _ in one["collateral"])
    return [f"{name} ({check_id})" for name, check_id in pairs if (name, check_id) not in CONSEQUENCES]


def _where(one: Row) -> str:
    """Always-on checks show in many scenarios: the first of them are named."""
    ids = [name for name in one["caught"] if name != ALWAYS_ID] or list(one["caught"])
    if not ids:
        return "**nowhere**"
    words = sorted(set(one["caught"].values()))
    more = f" and {len(ids) - 3} more" if len(ids) > 3 else ""
    return f"{', '.join(words)}: " + ", ".join(f"`{name}`" for name in ids[:3]) + more


def _collateral(one: Row) -> str:
    by_check: dict[tuple[str, str], list[str]] = {}
    for scenario, check_id, verdict, _ in one["collateral"]:
        by_check.setdefault((check_id, verdict), []).append(scenario)
    words = [
        f"`{check_id}` {verdict} in " + (f"`{ids[0]}`" if len(ids) == 1 else f"{len(ids)} scenarios")
        for (check_id, verdict), ids in by_check.items()
    ]
    if one["blocked"]:
        words.append("the rest is blocked")
    return "; ".join(words) or "none"


def main(arguments: Sequence[str] | None = None) -> int:
    """Make the page; 1 where a broken client got away, or where a check speaks that nobody expects."""
    parser = argparse.ArgumentParser(prog="python -m tests.e2e.matrix", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--keep", action="store_true", help="take kept rows as they are, whatever has changed")
    parser.add_argument(
        "--only", action="append", metavar="GLOB", help="these checks; the page is of what there is then"
    )
    parser.add_argument("--jobs", type=int, default=AT_A_TIME, help="rows at a time (%(default)s)")
    parser.add_argument("--careful", action="store_true", help="the two careful clients instead")
    options = parser.parse_args(arguments)
    if options.careful:
        return careful_clients(options.jobs)
    now = state()
    wanted = [name for name in SWITCHES if any(fnmatchcase(name, glob) for glob in options.only or ["*"])]
    found = rows(wanted, now, keep=options.keep, jobs=options.jobs)
    if options.only:
        found = rows([name for name in SWITCHES if _file(name).exists()], now, keep=True)
    PAGE.write_text("\n".join(page(found)) + "\n", encoding="utf-8")
    away = [name for name, one in found.items() if survives(name, one)]
    strange = unexplained(found)
    sys.stderr.write(
        f"{len(found)} broken clients, not caught: {', '.join(away) or 'none'}; "
        f"unexplained: {', '.join(strange) or 'nothing'}; {PAGE.relative_to(ROOT)}\n"
    )
    return 1 if away or strange else 0


if __name__ == "__main__":
    sys.exit(main())
