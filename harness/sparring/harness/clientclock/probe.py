"""Which way of moving a client's clock works on this machine: tried, not assumed."""

import asyncio
import contextlib
import json
import os
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sparring.harness.clientclock import ClientClock
from sparring.harness.clientclock.build import CannotBuildError, built_library
from sparring.harness.clientclock.moved import FaketimeClock, PreloadClock
from sparring.harness.clientclock.unmoved import UnmovedClock

_STEP = 90_000.0
_WAIT = 0.02
_PATIENCE = 10.0
_FAKETIME = (
    "/usr/lib/*/faketime/libfaketimeMT.so.1",
    "/usr/lib*/faketime/libfaketimeMT.so.1",
    "/usr/local/lib/faketime/libfaketimeMT.so.1",
)

_PROGRAM = f"""
import asyncio, json, sys, threading, time

def timed(wait):
    start = time.monotonic()
    try:
        wait()
    except Exception as trouble:
        return repr(trouble)
    return time.monotonic() - start

def condition():
    waiting = threading.Condition()
    with waiting:
        waiting.wait({_WAIT})

def look():
    read = {{"wall": time.time(), "steady": time.monotonic()}}
    read["waits"] = {{
        "time.sleep": timed(lambda: time.sleep({_WAIT})),
        "Event.wait": timed(lambda: threading.Event().wait({_WAIT})),
        "Condition.wait": timed(condition),
        "asyncio.sleep": timed(lambda: asyncio.run(asyncio.sleep({_WAIT}))),
    }}
    print(json.dumps(read), flush=True)

look()
sys.stdin.readline()
look()
"""


@dataclass(frozen=True, slots=True)
class ClockMaker:
    """What the probe found: ``make`` gives a clock for one client; ``reason`` says why nothing can be moved, if so."""

    name: str
    make: Callable[[], ClientClock]
    reason: str = ""


async def find_clock(cache: Path | None = None) -> ClockMaker:
    """The best way to move a client's clock here: our library, else libfaketime where it does no harm, else none."""
    reasons = []
    try:
        library = await asyncio.to_thread(built_library, cache)
    except CannotBuildError as trouble:
        reasons.append(str(trouble))
    else:
        reasons.append(await self_test(PreloadClock(library)))
        if not reasons[-1]:
            return ClockMaker("preload", lambda: PreloadClock(library))
    faketime = await asyncio.to_thread(installed_faketime)
    if faketime is not None:
        reasons.append(await self_test(FaketimeClock(faketime)))
        if not reasons[-1]:
            return ClockMaker("libfaketime", lambda: FaketimeClock(faketime))
    reason = "; ".join(reasons)
    return ClockMaker("none", lambda: UnmovedClock(reason), reason)


def installed_faketime(patterns: Sequence[str] = _FAKETIME) -> Path | None:
    """The libfaketime of this system, if there is one."""
    found = (path for pattern in patterns for path in sorted(Path("/").glob(pattern.lstrip("/"))))
    return next(found, None)


async def self_test(clock: ClientClock) -> str:
    """Step the clock of a small program that waits in every usual way; say what went wrong, or nothing."""
    with tempfile.TemporaryDirectory() as scratch:
        environment = {**os.environ, **clock.environment(Path(scratch))}
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-I", "-c", _PROGRAM, env=environment,
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
        try:
            async with asyncio.timeout(_PATIENCE):
                return await _try_step(clock, process)
        except TimeoutError:
            return f"with {clock.name} a program's timed waits hang"
        except (OSError, ValueError):
            return f"with {clock.name} a program does not run"
        finally:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.communicate()


async def _try_step(clock: ClientClock, process: asyncio.subprocess.Process) -> str:
    assert process.stdout is not None
    assert process.stdin is not None
    before = json.loads(await process.stdout.readline())
    why = await clock.missed(process.pid)
    if why:
        return why
    clock.advance(_STEP)
    process.stdin.write(b"\n")
    return what_is_wrong(clock.name, before, json.loads(await process.stdout.readline()))


def what_is_wrong(name: str, before: dict[str, Any], after: dict[str, Any]) -> str:
    """Compare two looks of the small program, before and after the step."""
    jumped = after["wall"] - before["wall"] - (after["steady"] - before["steady"])
    if abs(jumped - _STEP) > 1:
        return f"with {name} a step of {_STEP:g} s moved the clock by {jumped:g} s"
    for look in (before, after):
        for wait, took in look["waits"].items():
            if isinstance(took, str):
                return f"with {name} {wait} fails: {took}"
            if not _WAIT / 2 <= took <= _WAIT + 2:
                return f"with {name} {wait} takes {took:.3f} s instead of {_WAIT:g} s"
    return ""
