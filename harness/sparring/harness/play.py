"""One scenario, from an empty stage to the evidence."""

import hashlib
import os
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from pathlib import Path

from sparring.contracts import facts
from sparring.harness.clientclock import ClientClock
from sparring.harness.context import Cast, client_context
from sparring.harness.drivers.keeper import Keeper
from sparring.harness.drivers.scratch import scratch_folder
from sparring.harness.evidence import Evidence, Secret
from sparring.harness.interception import Interception, Plan
from sparring.harness.interception.opening import open_interception
from sparring.harness.interception.routing import as_documented, routes, with_addresses, with_hosts
from sparring.harness.scenario import Do, Move, Scenario
from sparring.harness.scene import Scene
from sparring.harness.settings import RunSettings
from sparring.harness.timing import SHORT_LIFE, with_short_life
from sparring.harness.worlds import Json, World


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
        keeper: Keeper | None = None,
    ) -> None:
        self._world = world
        self._scenario = scenario
        self._settings = settings
        self._base_url = settings.client.app.at(port)
        callback_path = settings.client.app.callback_path if settings.client.driver == "webapp" else "/callback"
        self._redirect_uri = settings.client.redirect_uri or f"{self._base_url}{callback_path}"
        self._clock = clock
        self._supports = supports
        self._keeper = keeper
        self.unreached = ""
        """Why a step of the clock would not reach this client; empty where it would, or where none was tried."""

    async def run(self) -> Evidence:
        """Play it. CommandNotFoundError where there is no client, StageCrashedError where the fake is at fault,
        InterceptionError.
        """
        label = f"{self._settings.seed}/{self._settings.provider}/{self._settings.grant}/{self._scenario.id}"
        seed = int.from_bytes(hashlib.sha256(label.encode()).digest()[:4])
        opened = await self._world.open_stage(self._spec(seed))
        stage = with_hosts(opened, {self._settings.provider: self._settings.hosts})
        try:
            with scratch_folder() as scratch:
                # what a client leaves behind is found by this: two runs on one machine must not share it
                run = os.urandom(8).hex()
                with nullcontext() if self._keeper is None else self._keeper.watching(run, str(scratch)):
                    return await self._on_stage(stage, scratch, run)
        finally:
            await self._world.close_stage(stage["id"])

    @property
    def _in_real_time(self) -> bool:
        """Whether tokens must be short-lived, since time passes for real."""
        return self._scenario.passes_time and self._clock is None

    def _spec(self, seed: int) -> Json:
        provider, setting = self._settings.provider, self._scenario.setting
        variant = self._scenario.variants.get(provider, self._settings.variant)
        spec: Json = {
            "providers": [provider, *(other for other in setting.others if other != provider)],
            "seed": seed,
            "seeded_secrets": True,
            "variants": {provider: variant},
        }
        if self._settings.grant == "authorization_code":
            spec["redirect_uris"] = [self._redirect_uri]
        if self._in_real_time:
            spec["lifetimes"] = {provider: dict.fromkeys(facts(provider).access_tokens, SHORT_LIFE)}
        if setting.certificate is not None:
            spec["certificates"] = {provider: setting.certificate}
        spec.update(setting.stage)
        return spec

    async def _on_stage(self, stage: Json, scratch: Path, run: str) -> Evidence:
        provider = self._settings.provider
        infos: dict[str, Json] = stage["providers"]
        if self._settings.intercept != "none":
            infos = {name: as_documented(name, info) for name, info in infos.items()}
        infos = infos | {provider: await self._registered(stage["id"], infos[provider])}
        cast = Cast(infos=infos, decoy=stage["decoy_url"], redirect_uri=self._redirect_uri, app_url=self._base_url)
        for fault in self._scenario.faults:
            if fault.get("match", {}).get("provider", provider) == provider:
                placed = fault if self._settings.intercept == "none" else with_addresses(fault, cast.places(provider))
                await self._world.add_fault(stage["id"], with_short_life(placed) if self._in_real_time else placed)
        context = client_context(self._settings, cast, self._scenario, run=run)
        places, asked = cast.places(provider), self._scenario.setting.login_query
        async with self._way(stage, scratch) as way:
            scene = Scene(
                self._world, stage, cast, self._settings, clock=self._clock, context=context, scratch=scratch, way=way
            )
            scene.login_query = {name: value.format(**places) for name, value in asked.items()}
            async with scene.agent:
                ending = await scene.play(self._moves(), quiet=self._scenario.quiet)
        await scene.tape.catch_up()
        told = await self._world.describe(stage["id"]) if self._scenario.setting.certificate else stage
        side = told["providers"][provider].get("side", {"certificate": "", "connections": 0})
        self.unreached = scene.unreached
        password = scene.people[0].password
        return Evidence(
            scenario=self._scenario.id,
            provider=provider,
            grant=self._settings.grant,
            driver=self._settings.client.driver,
            context=context,
            exchanges=tuple(scene.tape.exchanges),
            steps=tuple(scene.steps),
            visits=scene.agent.visits,
            ending=ending,
            logs=scene.logs,
            secrets=(Secret(kind="password", value=password),) if password else (),
            fired=(
                *scene.fired,
                *(fault for e in scene.tape.exchanges for fault in e.facts.get("faults", ())),
                *(f"certificate-{side['certificate']}",) * side["connections"],
            ),
            supports=self._supports,
            as_documented=self._settings.client.as_documented,
            public=self._settings.client.public,
            tls=self._settings.tls,
            strict=self._settings.strict,
            strangers=None if way is None else way.strangers(),
        )

    @asynccontextmanager
    async def _way(self, stage: Json, scratch: Path) -> AsyncIterator[Interception | None]:
        """How a client that knows real names only comes to that stage; None where it is told of the stage's own."""
        if self._settings.intercept == "none":
            yield None
            return

        async def adopt(provider: str, listener: socket.socket, side: bool) -> None:
            await self._world.adopt(stage["id"], provider, listener, side=side)

        ca_file = None if stage["ca_file"] is None else Path(stage["ca_file"])
        plan = Plan(routes=routes(stage), ca_file=ca_file, scratch=scratch, adopt=adopt)
        way = await open_interception(self._settings.intercept, plan)
        try:
            yield way
        finally:
            await way.close()

    async def _registered(self, stage: str, info: Json) -> Json:
        """What the stage tells of the provider, with the client as this run and this scenario have it registered."""
        own, provider = self._settings.client, self._settings.provider
        changes = dict(self._scenario.setting.client)
        if own.client_secret is not None:
            changes = {"secret": own.client_secret} | changes
        client_id = own.client_id or info["client_id"]
        if client_id != info["client_id"]:
            known = await self._world.clients(stage, provider)
            like = next(each for each in known if each["client_id"] == info["client_id"])
            changes = {name: value for name, value in like.items() if name not in {"client_id", "public"}} | changes
        if changes:
            await self._world.change_client(stage, provider, client_id, changes)
        return info | {"client_id": client_id, "client_secret": changes.get("secret", info["client_secret"])}

    def _moves(self) -> tuple[Move, ...]:
        if self._settings.client.takes_instructions:
            return self._scenario.plan
        # one run is one instruction: everything that the plan asks of the client happens in it
        first = next(index for index, move in enumerate(self._scenario.plan) if isinstance(move, Do))
        return self._scenario.plan[: first + 1]
