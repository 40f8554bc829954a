"""Small clients, written on the spot, and what it takes to launch them."""

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from sparring.harness.drivers import Driver, Instruction, Launch, Reply
from sparring.harness.drivers.environment import client_environment
from sparring.harness.drivers.session import SessionDriver
from sparring.harness.evidence import Ending

PRELUDE = """
import json, os, signal, subprocess, sys, time

def say(**words):
    print(json.dumps(words), flush=True)

def ready():
    say(sparring="ready", protocol=1)

def done(id, outcome="ok", **more):
    say(sparring="done", id=id, outcome=outcome, **more)

def heard():
    line = sys.stdin.readline()
    if not line:
        sys.exit(9)
    return json.loads(line)

"""

GOOD = """
ready()
while True:
    said = heard()
    done(said["id"], status=200)
    if said["do"] == "quit":
        sys.exit(0)
"""

AUTHENTICATE = Instruction(1, "authenticate")
CALL_API = Instruction(2, "call_api")


async def nobody(url: str, by_http: bool) -> str | None:
    """A person who never goes anywhere."""
    raise AssertionError(url)


def launch_of(tmp_path: Path, program: str, **settings: Any) -> Launch:
    """A launch of a Python program, with patience for a busy machine but not for a hanging client."""
    scratch = tmp_path / "scratch"
    scratch.mkdir(exist_ok=True)
    script = tmp_path / "client.py"
    script.write_text(PRELUDE + program, encoding="utf-8")
    run = f"run-{tmp_path.name}"
    environment = client_environment({"run": run, "client_id": "me"}, scratch=scratch)
    told: dict[str, Any] = {
        "command": (sys.executable, "-I", str(script)), "environment": environment, "scratch": scratch, "run": run,
        "start_timeout": 10.0, "timeout": 10.0, "quit_timeout": 5.0,
    }  # fmt: skip
    return Launch(**{**told, **settings})


def play(driver: Driver, *instructions: Instruction) -> tuple[list[Reply], Ending]:
    """Start, give every instruction, stop."""

    async def run() -> tuple[list[Reply], Ending]:
        try:
            replies = [await driver.start()]
            if replies[0].outcome == "ok":
                replies += [await driver.do(instruction) for instruction in instructions]
        finally:
            ending = await driver.stop()
        return replies, ending

    return asyncio.run(run())


def play_session(
    tmp_path: Path, program: str, *instructions: Instruction, **settings: Any
) -> tuple[list[Reply], Ending]:
    """Play a session with a Python program that asks for no visit."""
    return play(SessionDriver(launch_of(tmp_path, program, **settings), nobody), *instructions)


def recording(
    answer: Callable[[str, bool], str | None],
) -> tuple[list[tuple[str, bool]], Callable[[str, bool], Awaitable[str | None]]]:
    """A visit handler that remembers what it was asked for."""
    asked: list[tuple[str, bool]] = []

    async def visit(url: str, by_http: bool) -> str | None:
        asked.append((url, by_http))
        return answer(url, by_http)

    return asked, visit


def objects(text: str) -> list[dict[str, Any]]:
    """The JSON objects among the lines of a text."""
    return [json.loads(line) for line in text.splitlines() if line.startswith("{")]
