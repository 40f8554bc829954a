"""What works on this machine: the modes, and the HTTP stacks that each one brings to the fakes, by trying."""

import asyncio
import os
import re
import shutil
import socket
import tempfile
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from sparring.harness.drivers.environment import client_environment
from sparring.harness.interception import Interception, InterceptionError, Mode, Plan, Route
from sparring.harness.interception.doctor.building import Builder, NotBuiltError
from sparring.harness.interception.doctor.stacks import STACKS, Stack
from sparring.harness.interception.opening import open_interception
from sparring.harness.worlds import Json, World

TRIED: tuple[Mode, ...] = ("sandbox", "proxy", "env")
Result = Literal["caught", "missed", "not tried"]

_PROVIDER = "clickview"
_NOBODY = "login.elsewhere.example"
_PATH = "/.well-known/openid-configuration"
_SECONDS = 20.0
_NOT_STARTED, _TOO_SLOW = 127, 124


@dataclass(frozen=True, slots=True)
class ModeFound:
    """A mode, and why it does not work here; an empty reason where it does."""

    mode: Mode
    reason: str


@dataclass(frozen=True, slots=True)
class StackFound:
    """A stack that is on this machine, and what each working mode does with it. ``note``: why it was not tried."""

    name: str
    version: str
    results: Mapping[Mode, Result]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Findings:
    """Everything that was tried, and the stacks that are not there."""

    modes: Sequence[ModeFound]
    stacks: Sequence[StackFound]
    absent: Sequence[str]


async def examine(
    world: World, cache: Path, *, stacks: Sequence[Stack] = STACKS, modes: Sequence[Mode] = TRIED, every: bool = False
) -> Findings:
    """Try each stack in each mode against a stage of that world, which speaks TLS. Programs that must be built are kept
    in the folder ``cache``; ``every``: also those that take long to build.

    The name that is asked for is none that anybody has: what gets past a mode leads nowhere.
    """
    builder = Builder(cache, every=every)
    stage = await world.open_stage({"providers": [_PROVIDER], "certificates": {_PROVIDER: "wrong-name"}})
    at_once = asyncio.Semaphore(2 * (os.cpu_count() or 1))
    try:
        with tempfile.TemporaryDirectory(prefix="sparring-doctor-", ignore_cleanup_errors=True) as scratch:
            async with AsyncExitStack() as until_the_end:
                opened: dict[Mode, Interception | str] = {}
                folders = {mode: Path(tempfile.mkdtemp(prefix=f"{mode}-", dir=scratch)) for mode in modes}
                for mode in modes:
                    opened[mode] = await until_the_end.enter_async_context(_opened(world, stage, mode, folders[mode]))
                ways = {mode: way for mode, way in opened.items() if not isinstance(way, str)}
                trial = _Trial(ways, folders, builder, at_once)
                found = await asyncio.gather(*(trial.examine(stack) for stack in stacks))
        exchanges = await world.recording(stage["id"])
    finally:
        await world.close_stage(stage["id"])
    seen = {urlsplit(exchange["url"]).query for exchange in exchanges}
    return Findings(
        modes=[ModeFound(mode, way if isinstance(way, str) else "") for mode, way in opened.items()],
        stacks=[
            StackFound(stack.name, one.version, _results(stack, one, ways, seen), one.note)
            for stack, one in zip(stacks, found, strict=True)
            if one is not None
        ],
        absent=[stack.name for stack, one in zip(stacks, found, strict=True) if one is None],
    )


@dataclass(frozen=True, slots=True)
class _Tried:
    version: str
    note: str = ""
    unknown: frozenset[Mode] = frozenset()


class _Trial:
    """The probes, side by side."""

    def __init__(
        self,
        ways: Mapping[Mode, Interception],
        folders: Mapping[Mode, Path],
        builder: Builder,
        at_once: asyncio.Semaphore,
    ) -> None:
        self._ways = ways
        self._folders = folders
        self._builder = builder
        self._at_once = at_once

    async def examine(self, stack: Stack) -> _Tried | None:
        """Probe that stack in every mode; None where it is not on this machine."""
        if shutil.which(stack.about[0]) is None:
            return None
        code, output = await self._run(stack.about, dict(os.environ))
        if code != 0:
            return None
        number = re.search(r"\d+(\.\d+)+", output)
        version = number[0] if number else ""
        try:
            built = await self._builder.built(stack, version)
        except NotBuiltError as why:
            return _Tried(version, str(why), frozenset(self._ways))
        codes = await asyncio.gather(*(self._probe(stack, mode, built) for mode in self._ways))
        slow = frozenset(mode for mode, code in zip(self._ways, codes, strict=True) if code == _TOO_SLOW)
        return _Tried(version, "took too long" if slow else "", slow)

    async def _probe(self, stack: Stack, mode: Mode, built: str) -> int:
        way, folder = self._ways[mode], self._folders[mode]
        url = f"https://{_NOBODY}{_PATH}?{_mark(stack, mode)}"
        command = [part.replace("{url}", url).replace("{built}", built) for part in stack.probe]
        command[0] = shutil.which(command[0]) or command[0]
        environment = client_environment({}, scratch=folder, interception=way.variables)
        code, _ = await self._run(way.wrapped(command), environment, cwd=folder)
        return code

    async def _run(
        self, command: Sequence[str], environment: Mapping[str, str], cwd: Path | None = None
    ) -> tuple[int, str]:
        """Exit code and output; a program that takes too long is ended."""
        async with self._at_once:
            try:
                process = await asyncio.create_subprocess_exec(
                    *command, env=environment, cwd=cwd, stdin=asyncio.subprocess.DEVNULL,
                    stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
                )  # fmt: skip
            except OSError as error:
                return _NOT_STARTED, str(error)
            try:
                async with asyncio.timeout(_SECONDS):
                    output, _ = await process.communicate()
            except TimeoutError:
                return _TOO_SLOW, ""
            finally:
                if process.returncode is None:
                    with suppress(ProcessLookupError):
                        process.kill()
                    await process.wait()
            return process.returncode or 0, output.decode("utf-8", "replace")


@asynccontextmanager
async def _opened(world: World, stage: Json, mode: Mode, scratch: Path) -> AsyncIterator[Interception | str]:
    """The way of that mode to the stage; why there is none, where there is none."""
    side = urlsplit(stage["providers"][_PROVIDER]["side"]["url"])
    route = Route(name=_PROVIDER, hosts=(_NOBODY,), port=side.port or 0, tls=True, side=True)

    async def adopt(provider: str, listener: socket.socket, is_side: bool) -> None:
        await world.adopt(stage["id"], provider, listener, side=is_side)

    plan = Plan(routes=(route,), ca_file=Path(stage["ca_file"]), scratch=scratch, adopt=adopt)
    try:
        way = await open_interception(mode, plan)
    except InterceptionError as error:
        yield str(error)
        return
    try:
        yield way
    finally:
        await way.close()


def _mark(stack: Stack, mode: Mode) -> str:
    """What the recording knows a probe by."""
    return f"probe={re.sub(r'[^a-z]+', '-', stack.name.lower())}.{mode}"


def _results(stack: Stack, tried: _Tried, ways: Mapping[Mode, object], seen: set[str]) -> dict[Mode, Result]:
    def result(mode: Mode) -> Result:
        if _mark(stack, mode) in seen:
            return "caught"
        return "not tried" if mode in tried.unknown else "missed"

    return {mode: result(mode) for mode in ways}
