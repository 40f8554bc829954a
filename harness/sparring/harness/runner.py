"""A run: calibration first, then the scenarios side by side, then what must hold over all of them."""

import asyncio
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import version

from sparring.harness.baseline import Entry, reckon
from sparring.harness.clientclock import ClientClock
from sparring.harness.clientclock.probe import ClockMaker, find_clock
from sparring.harness.drivers import CommandNotFoundError
from sparring.harness.drivers.keeper import Keeper
from sparring.harness.evidence import Evidence
from sparring.harness.interception import InterceptionError
from sparring.harness.judge import (
    ScenarioResult,
    blocked,
    broken,
    judge,
    judge_always,
    skipped,
    strictly,
    undelivered,
)
from sparring.harness.play import Play
from sparring.harness.ports import Ports
from sparring.harness.reports import Listener, RunReport
from sparring.harness.scenario import Do, Move, PassLifetime, Revoke, Scenario
from sparring.harness.scenarios import happy, select
from sparring.harness.scenarios import scenario as by_id
from sparring.harness.settings import RunSettings, UnusableError
from sparring.harness.tape import StageCrashedError
from sparring.harness.verdict import Verdict
from sparring.harness.worlds import World

Ticks = Callable[[], float]


@dataclass(slots=True)
class _Time:
    """How time passes for the client: ``make`` a clock for each play, or None where only real time reaches it."""

    make: Callable[[], ClientClock] | None = None


class Runner:
    """Runs scenarios in a world. ``ticks`` is a monotonic clock in seconds, ``expected`` the baseline; ``keeper``
    clears up where this process is killed.
    """

    def __init__(
        self,
        world: World,
        settings: RunSettings,
        listeners: Sequence[Listener],
        ticks: Ticks,
        expected: Sequence[Entry] = (),
        keeper: Keeper | None = None,
    ) -> None:
        self._world = world
        self._settings = settings
        self._listeners = listeners
        self._expected = expected
        self._keeper = keeper
        self._ticks = ticks
        self._ports = Ports(int.from_bytes(hashlib.sha256(repr(settings).encode()).digest()[:2]))
        self._time = _Time()
        self._runs: list[tuple[Scenario, Evidence]] = []
        self._supports = settings.client.supports or frozenset()

    async def run(self) -> RunReport:
        """Everything, in the order of the catalogue. CommandNotFoundError, UnusableError, InterceptionError."""
        settings = self._settings
        began = self._ticks()
        first = happy(settings.provider, settings.grant)
        named = settings.scenarios or not settings.captured
        chosen = select(settings.provider, settings.grant, settings.profile, settings.scenarios) if named else ()
        chosen += settings.captured
        part, parts = settings.shard
        rest = [scenario for scenario in chosen if scenario.id != first.id][part - 1 :: parts]
        self._tell(lambda listener: listener.started(len(rest) + 2))
        results = {first.id: await self._calibrate(first)}
        cause = next((check for check in results[first.id].checks if check.verdict in _STOPPERS), None)
        if cause is None and settings.client.driver == "webapp":
            await self._see_a_refusal()
        if cause is not None:
            for scenario in rest:
                results[scenario.id] = self._done(blocked(scenario, cause.id))
        else:
            if settings.client.supports is None:
                await self._learn_supports(first)
            for result in await self._side_by_side(rest):
                results[result.id] = result
        always = self._strictly(judge_always(self._runs, self._ticks() - began))
        self._done(always)
        report = RunReport(
            provider=settings.provider,
            grant=settings.grant,
            driver=settings.client.driver,
            variant=settings.variant,
            seed=settings.seed,
            results=(*results.values(), always),
            version=version("sparring"),
            baseline=reckon(self._expected, (*results.values(), always)),
        )
        self._tell(lambda listener: listener.finished(report))
        return report

    def _tell(self, what: Callable[[Listener], None]) -> None:
        for listener in self._listeners:
            what(listener)

    def _done(self, result: ScenarioResult) -> ScenarioResult:
        self._tell(lambda listener: listener.scenario_finished(result))
        return result

    async def _calibrate(self, first: Scenario) -> ScenarioResult:
        """The happy path. In a session it also shows whether a step of the clock reaches the client."""
        clock = None
        client = self._settings.client
        if client.takes_instructions and not client.monotonic_lifetimes:
            found = _clocks[0] if _clocks else await find_clock()
            _clocks[:] = [found]
            if found.name != "none":
                clock, self._time.make = found.make(), found.make
        self._tell(lambda listener: listener.scenario_started(first.id))
        play = self._play(first, clock)
        result = await self._judged(first, play)
        if play.unreached:
            self._time.make = None
        return self._done(result)

    async def _see_a_refusal(self) -> None:
        """A web application's success must look different from a sign-in that was denied. UnusableError."""
        evidence = await self._play(by_id("authz-error-access-denied"), None).run()
        if evidence.outcome == "ok":
            raise UnusableError(
                "the page after a denied sign-in looks like success; say in the manifest's `success` how they differ"
            )

    def _strictly(self, result: ScenarioResult) -> ScenarioResult:
        return strictly(result) if self._settings.strict else result

    def _play(self, scenario: Scenario, clock: ClientClock | None) -> Play:
        return Play(
            self._world,
            scenario,
            self._settings,
            port=self._ports.take(),
            clock=clock,
            supports=self._supports,
            keeper=self._keeper,
        )

    async def _judged(self, scenario: Scenario, play: Play, *, keep: bool = True) -> ScenarioResult:
        began = self._ticks()
        try:
            evidence = await play.run()
        except StageCrashedError as problem:
            return broken(scenario, str(problem))
        except (CommandNotFoundError, UnusableError):
            raise
        except InterceptionError as problem:
            if not self._runs:
                raise
            return broken(scenario, f"the way to the stage was lost: {problem}")
        except Exception as problem:  # noqa: BLE001  our own defect, told as ours and never as the client's
            return broken(scenario, f"the harness failed: {type(problem).__name__}: {problem}")
        if keep:
            self._runs.append((scenario, evidence))
        return self._strictly(judge(scenario, evidence, self._ticks() - began))

    async def _learn_supports(self, first: Scenario) -> None:
        """What the happy path and trials without faults show counts as supported."""
        shown = {"id_token"} if any(evidence.at("jwks") for _, evidence in self._runs) else set()
        self._supports = frozenset(shown)
        if not self._settings.client.takes_instructions:
            return
        base = (Do("authenticate"), Do("call_api"))
        trials: dict[str, tuple[Move, ...]] = {
            "refresh": (*base, PassLifetime("access_token"), Do("call_api")),
            "reactive_refresh": (*base, Revoke("access_token"), Do("call_api")),
        }
        for name, plan in trials.items():
            scenario = Scenario(
                id=f"calibration-{name.replace('_', '-')}",
                title="Calibration",
                profile="core",
                providers=first.providers,
                grants=first.grants,
                severity="robustness",
                plan=plan,
                checks=(),
            )
            play = self._play(scenario, self._time.make() if self._time.make else None)
            try:
                evidence = await play.run()
            except Exception:  # noqa: BLE001,S112  nothing was shown; the scenarios themselves will say why
                continue
            after = evidence.during(evidence.steps[-1], "token") if len(evidence.steps) == 3 else ()
            if any(exchange.status == 200 for exchange in after):
                shown.add(name)
        self._supports = frozenset(shown)

    async def _side_by_side(self, scenarios: Sequence[Scenario]) -> list[ScenarioResult]:
        gate = asyncio.Semaphore(1 if self._settings.is_alone else self._settings.jobs)

        async def one(scenario: Scenario) -> ScenarioResult:
            reason = self._reason_to_skip(scenario)
            if reason:
                return self._done(skipped(scenario, reason))
            async with gate:
                self._tell(lambda listener: listener.scenario_started(scenario.id))
                clock = self._time.make() if self._time.make and scenario.passes_time else None
                if clock is None and scenario.needs_a_moved_clock:
                    return self._done(undelivered(scenario, "the clock of this client cannot be moved"))
                return self._done(await self._judged(scenario, self._play(scenario, clock)))

        return list(await asyncio.gather(*(one(scenario) for scenario in scenarios)))

    def _reason_to_skip(self, scenario: Scenario) -> str:
        client = self._settings.client
        if scenario.drivers and client.driver not in scenario.drivers:
            return f"only the driver {' or '.join(sorted(scenario.drivers))} can play it"
        if not client.takes_instructions and not scenario.one_run:
            return f"it takes several steps in one process, and the driver {client.driver} makes one run of it"
        if scenario.tls and not self._settings.tls:
            return "it is about TLS, and this run is over plain HTTP"
        if self._settings.intercept != "none" and scenario.leads_nowhere:
            return "it tells the client of another address, and an intercepted one asks at the real one"
        if client.paste is not None and scenario.is_in_the_callback(pasted=client.paste):
            return f"it is about the callback, of which only the {client.paste} is pasted into this client"
        if client.client_secret is not None and "secret" in scenario.setting.client:
            return "it is about another client secret than the one that is written in this client's source"
        if client.monotonic_lifetimes and scenario.needs_a_moved_clock:
            return "it needs a clock that can be moved, and the manifest says that this client keeps time by another"
        missing = sorted(scenario.needs - self._supports)
        if missing:
            how = "not shown in calibration" if client.supports is None else "not among --supports"
            return f"needs {', '.join(missing)}, which is {how}"
        return ""


_clocks: list[ClockMaker] = []
"""What the probe found on this machine: it is the same for every run of a process."""

_STOPPERS = {Verdict.FAIL, Verdict.INCONCLUSIVE, Verdict.HARNESS_ERROR}
