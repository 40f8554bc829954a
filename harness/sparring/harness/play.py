"""One scenario, from an empty stage to the evidence."""

import hashlib
import os
import tempfile
from pathlib import Path

from sparring.contracts import facts
from sparring.harness.clientclock import ClientClock
from sparring.harness.context import Cast, client_context
from sparring.harness.evidence import Evidence, Secret
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
    ) -> None:
        self._world = world
        self._scenario = scenario
        self._settings = settings
        self._base_url = settings.client.app.at(port)
        callback_path = settings.client.app.callback_path if settings.client.driver == "webapp" else "/callback"
        self._redirect_uri = f"{self._base_url}{callback_path}"
        self._clock = clock
        self._supports = supports
        self.unreached = ""
        """Why a step of the clock would not reach this client; empty where it would, or where none was tried."""

    async def run(self) -> Evidence:
        """Play it. CommandNotFoundError where there is no client, StageCrashedError where the fake is at fault."""
        label = f"{self._settings.seed}/{self._settings.provider}/{self._settings.grant}/{self._scenario.id}"
        seed = int.from_bytes(hashlib.sha256(label.encode()).digest()[:4])
        stage = await self._world.open_stage(self._spec(seed))
        try:
            with tempfile.TemporaryDirectory(prefix="sparring-", ignore_cleanup_errors=True) as scratch:
                # what a client leaves behind is found by this: two runs on one machine must not share it
                return await self._on_stage(stage, Path(scratch), os.urandom(8).hex())
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
        info: Json = stage["providers"][provider]
        for fault in self._scenario.faults:
            if fault.get("match", {}).get("provider", provider) == provider:
                await self._world.add_fault(stage["id"], with_short_life(fault) if self._in_real_time else fault)
        changes = self._scenario.setting.client
        if changes:
            await self._world.change_client(stage["id"], provider, info["client_id"], changes)
            info = info | {"client_secret": changes.get("secret", info["client_secret"])}
        cast = Cast(
            infos=stage["providers"] | {provider: info},
            decoy=stage["decoy_url"],
            redirect_uri=self._redirect_uri,
            app_url=self._base_url,
        )
        context = client_context(self._settings, cast, self._scenario, run=run)
        scene = Scene(self._world, stage, cast, self._settings, clock=self._clock, context=context, scratch=scratch)
        places, asked = cast.places(provider), self._scenario.setting.login_query
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
        )

    def _moves(self) -> tuple[Move, ...]:
        if self._settings.client.takes_instructions:
            return self._scenario.plan
        # one run is one instruction: everything that the plan asks of the client happens in it
        first = next(index for index, move in enumerate(self._scenario.plan) if isinstance(move, Do))
        return self._scenario.plan[: first + 1]
