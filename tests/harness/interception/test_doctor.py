"""The doctor tries: what it says of a stack is what the fakes have seen of it."""

import asyncio
import json
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner

from sparring.harness.cli import main
from sparring.harness.cli.doctor import document, table
from sparring.harness.interception import Interception, InterceptionError, Mode, Plan, doctor
from sparring.harness.interception.doctor import Findings, ModeFound, StackFound, examine
from sparring.harness.interception.doctor.building import Builder, NotBuiltError
from sparring.harness.interception.doctor.stacks import STACKS, Stack
from sparring.harness.interception.opening import open_interception
from sparring.harness.worlds.local import local_world

HEEDING = "import urllib.request as u; u.urlopen('{url}', timeout=5)"
DEAF = "import os; 'HTTPS_PROXY' in os.environ and exit(1); " + HEEDING


def python(name: str, code: str) -> Stack:
    """A stack that is on every machine that runs this."""
    return Stack(name=name, about=(sys.executable, "--version"), probe=(sys.executable, "-c", code))


def examined(cache: Path, stacks: Sequence[Stack], modes: Sequence[Mode]) -> Findings:
    """What is found."""

    async def run() -> Findings:
        async with local_world(tls=True) as world:
            return await examine(world, cache, stacks=stacks, modes=modes)

    return asyncio.run(run())


def test_a_stack_is_caught_where_its_request_arrived(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that asks nothing of the proxy is missed by it, what is absent is not tried, a broken mode says why."""

    async def but_for_the_sandbox(mode: Mode, plan: Plan) -> Interception:
        if mode == "sandbox":
            raise InterceptionError("no user namespaces here")
        return await open_interception(mode, plan)

    monkeypatch.setattr(doctor, "open_interception", but_for_the_sandbox)
    absent = Stack(name="absent", about=("no-such-program-anywhere",), probe=())
    broken = Stack(name="broken", about=(sys.executable, "-c", "raise SystemExit(1)"), probe=())
    slow = Stack(
        name="slow", about=(sys.executable, "--version"), probe=("{built}",), source="probe.go", build=("x",), slow=True
    )
    stacks = (python("heeding", HEEDING), python("deaf", DEAF), absent, broken, slow)
    found = examined(tmp_path, stacks, ("sandbox", "proxy", "env"))
    assert found.modes == [
        ModeFound("sandbox", "no user namespaces here"),
        ModeFound("proxy", ""),
        ModeFound("env", ""),
    ]
    version = ".".join(map(str, sys.version_info[:3]))
    assert found.stacks == [
        StackFound("heeding", version, {"proxy": "caught", "env": "caught"}),
        StackFound("deaf", version, {"proxy": "missed", "env": "caught"}),
        StackFound(
            "slow",
            version,
            {"proxy": "not tried", "env": "not tried"},
            "not tried: --all builds a program for it, once",
        ),
    ]
    assert found.absent == ["absent", "broken"]


def test_a_program_that_takes_too_long_is_not_said_to_be_missed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody knows what it would have done."""
    monkeypatch.setattr(doctor, "_SECONDS", 1.0)
    found = examined(tmp_path, (python("sleeping", "import signal; signal.pause()"),), ("proxy",))
    (stack,) = found.stacks
    assert stack.results == {"proxy": "not tried"}
    assert stack.note == "took too long"


def test_a_program_is_built_once(tmp_path: Path) -> None:
    """And again for another version; two stacks may share it."""
    count = "import sys, pathlib; pathlib.Path(sys.argv[2], 'made').write_text(sys.argv[1])"
    stack = Stack(
        name="x", about=(), probe=(), source="Probe.java", build=(sys.executable, "-c", count, "{source}", "{out}")
    )

    async def run() -> list[str]:
        builder = Builder(tmp_path, every=False)
        first = await asyncio.gather(builder.built(stack, "1"), builder.built(stack, "1"))
        return [*first, await Builder(tmp_path, every=False).built(stack, "1"), await builder.built(stack, "2")]

    one, same, kept, other = asyncio.run(run())
    assert one == same == kept != other
    assert (Path(one) / "made").read_text().endswith("/Probe.java")
    assert sorted(tmp_path.iterdir()) == sorted([Path(one), Path(other)])


@pytest.mark.parametrize("command", ["no-such-program-anywhere", "false"])
def test_a_program_that_cannot_be_built_is_not_tried(tmp_path: Path, command: str) -> None:
    """It says so, and leaves nothing half made."""
    stack = Stack(name="x", about=(), probe=(), source="Probe.java", build=(command,))
    with pytest.raises(NotBuiltError, match=r"^not tried: "):
        asyncio.run(Builder(tmp_path, every=False).built(stack, ""))
    assert list(tmp_path.iterdir()) == []


FOUND = Findings(
    modes=[ModeFound("sandbox", "no user namespaces here"), ModeFound("proxy", ""), ModeFound("env", "")],
    stacks=[
        StackFound("curl", "8.1", {"proxy": "caught", "env": "missed"}),
        StackFound("Go net/http", "", {"proxy": "not tried", "env": "not tried"}, "not tried: why"),
    ],
    absent=["PHP curl", "Deno fetch"],
)


def test_the_table() -> None:
    """Modes that do not work have no column but a reason."""
    assert table(FOUND).splitlines() == [
        "--intercept sandbox  no user namespaces here",
        "--intercept proxy    works",
        "--intercept env      works",
        "",
        "             proxy    env",
        "curl 8.1     yes      no",
        "Go net/http  -        -        not tried: why",
        "",
        "no: what such a program asks of a provider's real host does not come to the fakes.",
        "Not on this machine: PHP curl, Deno fetch.",
    ]


def test_the_document() -> None:
    """The same for programs."""
    assert document(FOUND) == {
        "schema": 1,
        "modes": [
            {"mode": "sandbox", "works": False, "reason": "no user namespaces here"},
            {"mode": "proxy", "works": True, "reason": ""},
            {"mode": "env", "works": True, "reason": ""},
        ],
        "stacks": [
            {"stack": "curl", "version": "8.1", "note": "", "results": {"proxy": "caught", "env": "missed"}},
            {
                "stack": "Go net/http",
                "version": "",
                "note": "not tried: why",
                "results": {"proxy": "not tried", "env": "not tried"},
            },
        ],
        "absent": ["PHP curl", "Deno fetch"],
    }


@pytest.mark.parametrize("reasons", [("", "no"), ("no", "no")])
def test_the_command(reasons: tuple[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    """One document on stdout; exit code 1 only where nothing works."""
    found = Findings(modes=[ModeFound("proxy", reasons[0]), ModeFound("env", reasons[1])], stacks=[], absent=[])

    async def examined_already(*_: object, **__: object) -> Findings:
        return found

    monkeypatch.setattr(doctor, "examine", examined_already)
    told = CliRunner().invoke(main, ["doctor", "--json"])
    assert json.loads(told.stdout) == document(found)
    assert told.exit_code == (1 if all(reasons) else 0)


def test_every_probe_asks_for_the_url_and_every_name_is_its_own() -> None:
    """Otherwise the recording could not tell them apart."""
    assert len({doctor._mark(stack, "env") for stack in STACKS}) == len(STACKS)
    for stack in STACKS:
        assert any("{url}" in part for part in stack.probe), stack.name
        assert bool(stack.source) == any("{built}" in part for part in stack.probe), stack.name
