"""One scenario, from an empty stage to the evidence."""

import asyncio
import base64
import hashlib
import os
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, assert_never

from sparring.contracts import facts
from sparring.harness.agent import Person
from sparring.harness.agent.user_agent import UserAgent
from sparring.harness.clientclock import ClientClock
from sparring.harness.context import client_context
from sparring.harness.drivers import Driver, Instruction, Launch, Reply
from sparring.harness.drivers.environment import client_environment
from sparring.harness.drivers.oneshot import OneshotDriver
from sparring.harness.drivers.session import SessionDriver
from sparring.harness.evidence import Ending, Evidence, Exchange, Secret, Step
from sparring.harness.scenario import ChangeSecret, Do, Move, PassLifetime, Revoke, Scenario
from sparring.harness.settings import RunSettings, UnusableError
from sparring.harness.worlds import Json, World

SHORT_LIFE = 3
"""Seconds that tokens live where a client's clock cannot be moved and real time must pass."""


class StageCrashedError(Exception):
    """A fake broke its own contract; the text is one sentence."""


class Play:
    """One scenario with one client. ``clock`` None: time passes for real, and tokens are short-lived."""

    def __init__(
        self,
        world: World,
        scenario: Scenario,
        settings: RunSettings,
        *,
        port: int,
        clock: ClientClock | None,
        supports: frozenset[str],
    ) -> None:
        self._world = world
        self._scenario = scenario
        self._settings = settings
        self._redirect_uri = f"http://127.0.0.1:{port}/callback"
        self._clock = clock
        self._supports = supports
        self._stage: Json = {}
        self._exchanges: list[Exchange] = []
        self._steps: list[Step] = []
        self._fired: list[str] = []
        self.unreached = ""
        """Why a step of the clock would not reach this client; empty where it would, or where none was tried."""

    @property
    def _info(self) -> Json:
        info: Json = self._stage["providers"][self._settings.provider]
        return info

    async def run(self) -> Evidence:
        """Play it. CommandNotFoundError where there is no client, StageCrashedError where the fake is at fault."""
        label = f"{self._settings.seed}/{self._settings.provider}/{self._settings.grant}/{self._scenario.id}"
        seed = int.from_bytes(hashlib.sha256(label.encode()).digest()[:4])
        self._stage = await self._world.open_stage(self._spec(seed))
        try:
            with tempfile.TemporaryDirectory(prefix="sparring-", ignore_cleanup_errors=True) as scratch:
                # what a client leaves behind is found by this: two runs on one machine must not share it
                return await self._on_stage(Path(scratch), os.urandom(8).hex())
        finally:
            await self._world.close_stage(self._stage["id"])

    def _spec(self, seed: int) -> Json:
        provider = self._settings.provider
        variant = self._scenario.variants.get(provider, self._settings.variant)
        spec: Json = {"providers": [provider], "seed": seed, "seeded_secrets": True, "variants": {provider: variant}}
        if self._settings.grant == "authorization_code":
            spec["redirect_uris"] = [self._redirect_uri]
        if self._needs_time and self._clock is None:
            spec["lifetimes"] = {provider: dict.fromkeys(facts(provider).access_tokens, SHORT_LIFE)}
        return spec

    @property
    def _needs_time(self) -> bool:
        return any(isinstance(move, PassLifetime) for move in self._scenario.plan)

    async def _on_stage(self, scratch: Path, run: str) -> Evidence:
        for fault in self._scenario.faults:
            if fault.get("match", {}).get("provider", self._settings.provider) == self._settings.provider:
                short = self._needs_time and self._clock is None
                await self._world.add_fault(self._stage["id"], with_short_life(fault) if short else fault)
        context = client_context(
            self._settings, self._info, run=run, redirect_uri=self._redirect_uri, scope=self._scenario.scope
        )
        person = self._info["users"][0] if self._info["users"] else {"username": "", "password": ""}
        ca_file = self._stage["ca_file"]
        agent = UserAgent(
            person=Person(person["username"], person["password"]),
            origins=(self._info["base_url"],),
            ca_file=None if ca_file is None else Path(ca_file),
            fire=self._fire,
        )
        async with agent:
            driver = self._driver(scratch, run, context, agent)
            ending = await self._drive(driver)
        await self._catch_up()
        return Evidence(
            scenario=self._scenario.id,
            provider=self._settings.provider,
            grant=self._settings.grant,
            driver=self._settings.client.driver,
            context=context,
            exchanges=tuple(self._exchanges),
            steps=tuple(self._steps),
            visits=agent.visits,
            ending=ending,
            logs=driver.logs(),
            secrets=(Secret(kind="password", value=person["password"]),) if person["password"] else (),
            fired=(*self._fired, *(fault for e in self._exchanges for fault in e.facts.get("faults", ()))),
            supports=self._supports,
            as_documented=self._settings.client.as_documented,
            public=self._settings.client.public,
            tls=self._settings.tls,
        )

    def _driver(self, scratch: Path, run: str, context: Mapping[str, Any], agent: UserAgent) -> Driver:
        client, ca_file = self._settings.client, self._stage["ca_file"]
        try:
            environment = client_environment(
                context,
                scratch=scratch,
                ca_file=None if ca_file is None else Path(ca_file),
                pass_env=client.pass_env,
                templates=client.env,
                extra=self._clock.environment(scratch) if self._clock is not None else {},
            )
        except ValueError as error:
            raise UnusableError(str(error)) from error
        launch = Launch(
            command=client.command,
            environment=environment,
            scratch=scratch,
            run=run,
            cwd=self._settings.working_folder(scratch),
            start_timeout=client.timeout,
            timeout=client.timeout,
            wall=client.timeout * (len(self._scenario.plan) + 2),
        )

        async def visit(url: str, by_http: bool) -> str | None:
            seen = await agent.visit(url, [self._redirect_uri], step=len(self._steps) + 1, by_http=by_http)
            return None if by_http else seen.callback

        if client.driver == "session":
            return SessionDriver(launch, visit)
        return OneshotDriver(launch, visit, client.exit_codes)

    async def _fire(self, endpoint: str) -> Sequence[Mapping[str, Any]]:
        faults = await self._world.fire(self._stage["id"], self._settings.provider, endpoint)
        self._fired.extend(fault["id"] for fault in faults)
        return [fault["effect"] for fault in faults]

    async def _drive(self, driver: Driver) -> Ending:
        began: Reply | None = None
        try:
            began = await driver.start()
            if began.outcome == "ok":
                if self._clock is not None and driver.pid is not None:
                    self.unreached = await self._clock.missed(driver.pid)
                for move in self._moves():
                    if not await self._move(driver, move):
                        break
        finally:
            ending = await driver.stop()
        if began.outcome != "ok":
            problems = (began.detail, *ending.problems)
            return Ending(exit_code=ending.exit_code, signal=ending.signal, seconds=ending.seconds, problems=problems)
        return ending

    def _moves(self) -> tuple[Move, ...]:
        if self._settings.client.driver == "session":
            return self._scenario.plan
        # one run is one instruction: everything that the plan asks of the client happens in it
        first = next(index for index, move in enumerate(self._scenario.plan) if isinstance(move, Do))
        return self._scenario.plan[: first + 1]

    async def _move(self, driver: Driver, move: Move) -> bool:
        """Make one move; False where the client is gone and there is nobody to go on with."""
        stage, provider = self._stage["id"], self._settings.provider
        match move:
            case Do():
                return await self._instruct(driver, move)
            case PassLifetime():
                await self._pass_lifetime(move)
            case Revoke():
                await self._world.revoke(stage, provider, move.kind)
            case ChangeSecret():
                secret = hashlib.sha256(f"another {self._info['client_secret']}".encode()).hexdigest()[:40]
                await self._world.change_client(stage, provider, self._info["client_id"], {"secret": secret})
            case _:
                assert_never(move)
        return True

    async def _instruct(self, driver: Driver, move: Do) -> bool:
        first = await self._catch_up()
        number = len(self._steps) + 1
        instruction = Instruction(
            number, move.do, move.times, move.parallel, move.fresh, remote_user_id=move.remote_user_id
        )
        elapsed = self._exchanges[-1].elapsed if self._exchanges else 0.0
        reply = await driver.do(instruction)
        last = await self._catch_up()
        self._steps.append(
            Step(
                id=number,
                do=move.do,
                outcome=reply.outcome,
                status=reply.status,
                detail=reply.detail,
                calls=reply.calls,
                first=first,
                last=last,
                elapsed=elapsed,
                said=reply.said,
                remote_user_id=move.remote_user_id,
            )
        )
        return reply.outcome not in {"timeout", "crash"}

    async def _catch_up(self) -> int:
        """Read what was recorded since; the number that the next exchange will have at least."""
        known = self._exchanges[-1].n if self._exchanges else 0
        for document in await self._world.recording(self._stage["id"], since=known):
            exchange = read_exchange(document)
            if exchange.rule == "sparring/crash":
                raise StageCrashedError(f"the fake crashed at {exchange.method} {exchange.endpoint}")
            self._exchanges.append(exchange)
        return self._exchanges[-1].n + 1 if self._exchanges else 1

    async def _pass_lifetime(self, move: PassLifetime) -> None:
        """Time passes until a second beyond the newest token's life, for stage and client alike, or for real."""
        await self._catch_up()
        ends = [
            fact["expires_at"]
            for exchange in self._exchanges
            for fact in exchange.facts.get("issued", ())
            if fact["kind"] == move.kind and fact.get("expires_at") is not None
        ]
        if not ends:
            return
        now = (await self._world.clock(self._stage["id"]))["now"]
        seconds = max(ends[-1] - now, 0.0) + 1.0
        if self._clock is None:
            await asyncio.sleep(min(seconds, SHORT_LIFE + 2))
        else:
            await self._world.move_clock(self._stage["id"], "advance", seconds)
            self._clock.advance(seconds)


def with_short_life(fault: Mapping[str, Any]) -> Mapping[str, Any]:
    """The fault for a stage of short-lived tokens: a lifetime that it states is theirs, text or number as it was."""
    effect = fault["effect"]
    ops = [
        {**op, "value": type(op["value"])(SHORT_LIFE)} if op.get("path") == "/expires_in" and "value" in op else op
        for op in effect.get("ops", ())
    ]
    return {**fault, "effect": {**effect, "ops": ops}} if ops else fault


def read_exchange(document: Mapping[str, Any]) -> Exchange:
    """An exchange from the control port's JSON."""
    return Exchange(
        n=document["n"],
        provider=document["provider"],
        endpoint=document["endpoint"],
        method=document["method"],
        url=document["url"],
        headers=tuple((name, value) for name, value in document["headers"]),
        body=_octets(document["body"]),
        status=document["status"],
        response_headers=tuple((name, value) for name, value in document["response_headers"]),
        response_body=_octets(document["response_body"]),
        rule=document["rule"],
        at=document["at"],
        elapsed=document["elapsed"],
        facts=document["facts"],
    )


def _octets(body: str | Mapping[str, str]) -> bytes:
    return body.encode() if isinstance(body, str) else base64.b64decode(body["base64"])
