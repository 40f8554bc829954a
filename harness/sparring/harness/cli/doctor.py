"""``sparring doctor``: which ways of interception work on this machine, and for which HTTP stacks."""

import asyncio
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sparring.harness.cli.problems import demand_clients

if TYPE_CHECKING:
    from sparring.harness.interception.doctor import Findings

_WORDS = {"caught": "yes", "missed": "no", "not tried": "-"}


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@click.option("--all", "every", is_flag=True, help="Also what takes long the first time: Go.")
def doctor(as_json: bool, every: bool) -> None:
    """Try which ways of --intercept work here, and which HTTP stacks each one brings to the fakes.

    The probes ask for a name that nobody has, so no provider hears of it. Exit code 1 where no way works.
    """
    from sparring.harness.interception.doctor import examine  # noqa: PLC0415  --help needs none
    from sparring.harness.worlds.local import local_world  # noqa: PLC0415

    demand_clients("doctor")

    async def run() -> "Findings":
        async with local_world(tls=True) as world:
            return await examine(world, _cache(), every=every)

    findings = asyncio.run(run())
    click.echo(json.dumps(document(findings), indent=2) if as_json else table(findings))
    if all(found.reason for found in findings.modes):
        raise SystemExit(1)


def document(findings: "Findings") -> dict[str, Any]:
    """What ``--json`` prints."""
    return {
        "schema": 1,
        "modes": [{"mode": found.mode, "works": not found.reason, "reason": found.reason} for found in findings.modes],
        "stacks": [
            {"stack": found.name, "version": found.version, "note": found.note, "results": dict(found.results)}
            for found in findings.stacks
        ],
        "absent": list(findings.absent),
    }


def table(findings: "Findings") -> str:
    """What a person reads."""
    shown = [f"--intercept {found.mode:8} {found.reason or 'works'}" for found in findings.modes]
    working = [found.mode for found in findings.modes if not found.reason]
    names = [f"{found.name} {found.version}".rstrip() for found in findings.stacks]
    if working and names:
        width = max(map(len, names)) + 2
        shown += ["", f"{'':{width}}" + "".join(f"{mode:9}" for mode in working).rstrip()]
        for name, found in zip(names, findings.stacks, strict=True):
            cells = "".join(f"{_WORDS[found.results[mode]]:9}" for mode in working)
            shown.append(f"{name:{width}}{cells}{found.note}".rstrip())
        shown += ["", "no: what such a program asks of a provider's real host does not come to the fakes."]
    if findings.absent:
        shown.append(f"Not on this machine: {', '.join(findings.absent)}.")
    return "\n".join(shown)


def _cache() -> Path:
    """Where programs that were built for trying are kept."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "sparring" / "doctor"
