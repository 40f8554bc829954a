"""Any program against all providers at once, by their real names and with the credentials of their documents."""

import asyncio
import os
import signal
import socket
import sys
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from sparring.harness.agent import Person
from sparring.harness.agent.user_agent import UserAgent
from sparring.harness.agent.wires import Places
from sparring.harness.checks.strangers import in_words
from sparring.harness.drivers import Launch
from sparring.harness.drivers.browser_helper import BrowserHelper
from sparring.harness.drivers.environment import client_environment
from sparring.harness.drivers.keeper import keeper
from sparring.harness.drivers.process import find_program
from sparring.harness.drivers.scratch import scratch_folder
from sparring.harness.drivers.stragglers import end_stragglers
from sparring.harness.interception import Interception, Mode, Plan, Stranger
from sparring.harness.interception.opening import open_interception
from sparring.harness.interception.routing import (
    as_documented,
    browser_ports,
    direct_ports,
    origins,
    routes,
    with_hosts,
)
from sparring.harness.worlds import Json, World

_TERMINAL = ("TERM", "COLORTERM", "COLUMNS", "LINES", "NO_COLOR")
_LEFT_FOR_VISITS = 2.0

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is to be run, and how. ``providers`` are on stage, the built-in ones where it says nothing;
    ``redirect_uris`` are registered besides those of the documents; ``scenario`` is what goes wrong on stage. ``hosts``
    are names besides the documented ones, by provider; the world's certificates are for them too.
    """

    command: tuple[str, ...]
    intercept: Mode = "sandbox"
    scenario: str | None = None
    providers: tuple[str, ...] | None = None
    env: Mapping[str, str] = field(default_factory=dict)
    pass_env: tuple[str, ...] = ()
    redirect_uris: tuple[str, ...] = ()
    hosts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


async def execute(world: World, order: Order, say: Say) -> int:
    """Run the program to its end; its exit code, 128 and the number of the signal that ended it.

    ``say`` gets what a person at the terminal wants to know, line by line. CommandNotFoundError, InterceptionError,
    ValueError where a template cannot be filled.
    """
    providers = {} if order.providers is None else {"providers": list(order.providers)}
    opened = await world.open_stage({**providers, "redirect_uris": list(order.redirect_uris)})
    stage = with_hosts(opened, order.hosts)
    try:
        if order.scenario is not None:
            put = await world.put_on(stage["id"], order.scenario)
            say(f"on stage: {put['title']}{'; ' if put['hint'] else ''}{put['hint']}")
        mark = os.urandom(8).hex()
        with keeper() as kept, scratch_folder() as scratch, kept.watching(mark, str(scratch)):
            code, strangers = await _Run(world, stage, order, say, scratch, mark).go()
        for line in summary(await world.recording(stage["id"]), strangers):
            say(line)
        return code
    finally:
        await world.close_stage(stage["id"])


def credentials(infos: Mapping[str, Json]) -> list[str]:
    """Who answers where, and to which credentials: a line for each provider."""
    lines = []
    for name, info in infos.items():
        users = [f"{user['username']} / {user['password']}" for user in info["users"][:1]]
        told = [f"client {info['client_id']}", f"secret {info['client_secret']}", *(f"user {user}" for user in users)]
        lines.append(f"{name} at {', '.join(info['hosts'][:2])}: {', '.join(told)}")
    return lines


def summary(exchanges: Sequence[Json], strangers: Sequence[Stranger]) -> list[str]:
    """What was answered, and who else was tried: a line for each."""
    counted = Counter((each["provider"], each["endpoint"], each["status"] or "no answer") for each in exchanges)
    lines = [
        f"answered: {provider} {endpoint}, {status}{f', {count} times' if count > 1 else ''}"
        for (provider, endpoint, status), count in counted.items()
    ]
    lines = lines or ["answered: nothing; no provider was asked"]
    return [*lines, *(f"refused: {in_words(each)}" for each in strangers)]


class _Run:
    """One run of the program on one stage."""

    def __init__(self, world: World, stage: Json, order: Order, say: Say, scratch: Path, mark: str) -> None:
        self._world = world
        self._stage = stage
        self._order = order
        self._say = say
        self._scratch = scratch
        self._infos = {name: as_documented(name, info) for name, info in stage["providers"].items()}
        self._ca_file = None if stage["ca_file"] is None else Path(stage["ca_file"])
        self._mark = mark
        self._agents: dict[str, UserAgent] = {}
        self._visits: set[asyncio.Task[None]] = set()

    async def go(self) -> tuple[int, tuple[Stranger, ...]]:
        plan = Plan(routes=routes(self._stage), ca_file=self._ca_file, scratch=self._scratch, adopt=self._adopt)
        way = await open_interception(self._order.intercept, plan)
        self._way = way
        try:
            code = await self._run(way)
            await end_stragglers(self._mark, 0)
        finally:
            for agent in self._agents.values():
                await agent.close()
            await way.close()
        return code, way.strangers()

    async def _adopt(self, provider: str, listener: socket.socket, side: bool) -> None:
        await self._world.adopt(self._stage["id"], provider, listener, side=side)

    async def _run(self, way: Interception) -> int:
        helper = BrowserHelper(self._scratch)
        helper.install()
        environment = helper.variables(self._environment(way))
        program = find_program(
            Launch(command=self._order.command, environment=environment, scratch=self._scratch, run=self._mark)
        )
        for line in credentials(self._infos):
            self._say(line)
        helper.listen(self._opened)
        loop = asyncio.get_running_loop()
        process = None
        try:
            process = await asyncio.create_subprocess_exec(
                *way.wrapped((program, *self._order.command[1:])), env=environment
            )
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                loop.add_signal_handler(number, self._pass_on, process, number)
            code = await process.wait()
            if self._visits:
                await asyncio.wait(self._visits, timeout=_LEFT_FOR_VISITS)
        finally:
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                loop.remove_signal_handler(number)
            if process is not None and process.returncode is None:
                process.kill()
            for visit in self._visits:
                visit.cancel()
            helper.close()
        return code if code >= 0 else 128 - code

    def _environment(self, way: Interception) -> dict[str, str]:
        context: dict[str, Any] = {"run": self._mark, **{name: _about(info) for name, info in self._infos.items()}}
        environment = client_environment(
            context,
            scratch=self._scratch,
            ca_file=self._ca_file,
            pass_env=(*_TERMINAL, *self._order.pass_env),
            templates=self._order.env,
            interception=way.variables,
        )
        own = {name: os.environ[name] for name in ("HOME", "TMPDIR") if name in self._order.pass_env}
        return environment | {name: value for name, value in own.items() if name in os.environ}

    def _pass_on(self, process: asyncio.subprocess.Process, number: signal.Signals) -> None:
        """A signal is for the program; what a terminal sends, it sends to all in the foreground."""
        if number is signal.SIGINT and sys.stdin.isatty():
            return
        with suppress(ProcessLookupError):
            process.send_signal(number)

    def _opened(self, url: str) -> None:
        visit = asyncio.create_task(self._visit(url))
        self._visits.add(visit)
        visit.add_done_callback(self._visits.discard)

    async def _visit(self, url: str) -> None:
        parts = urlsplit(url)
        provider = next((name for name, info in self._infos.items() if parts.hostname in info["hosts"]), None)
        if provider is None:
            self._say(f"the program opens a browser at {parts.scheme}://{parts.netloc}, which is nobody here")
            return
        redirect_uris = parse_qs(parts.query).get("redirect_uri", [])
        seen = await self._agent(provider).visit(url, redirect_uris)
        if seen.problem:
            self._say(f"the browser: {seen.problem}")

    def _agent(self, provider: str) -> UserAgent:
        """The browser in which that provider's first user sits."""
        if provider not in self._agents:
            user = next(iter(self._infos[provider]["users"]), {"username": "", "password": ""})
            self._agents[provider] = UserAgent(
                person=Person(user["username"], user["password"]),
                origins=origins(self._infos.values(), real=True),
                ca_file=self._ca_file,
                fire=lambda endpoint: self._fire(provider, endpoint),
                places=Places(self._way.connect, browser_ports(self._stage), direct_ports(self._stage)),
            )
        return self._agents[provider]

    async def _fire(self, provider: str, endpoint: str) -> list[Json]:
        return [fault["effect"] for fault in await self._world.fire(self._stage["id"], provider, endpoint)]


def _about(info: Json) -> Json:
    """What a template can name of a provider: ``{rotor[client_id]}``."""
    endpoints = {f"{name}_url": url for name, url in info["endpoints"].items()}
    named = ("base_url", "issuer", "client_id", "client_secret", "scope", "scopes", "redirect_uris", "users")
    return {name: info[name] for name in named if name in info} | endpoints
