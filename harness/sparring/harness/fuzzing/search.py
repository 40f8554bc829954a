"""The search: Hypothesis makes examples, each is played on a stage of its own, and what breaks the client is shrunk."""

import asyncio
import hashlib
import json
import tempfile
from collections.abc import Awaitable, Callable
from concurrent.futures import CancelledError
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from sparring.harness.captured import captured
from sparring.harness.drivers import CommandNotFoundError
from sparring.harness.evidence import Evidence
from sparring.harness.fuzzing import Break, Found, NoHypothesisError
from sparring.harness.fuzzing.survival import what_broke
from sparring.harness.judge import judge
from sparring.harness.scenario import Scenario
from sparring.harness.settings import RunSettings, UnusableError
from sparring.harness.tape import StageCrashedError

Json = dict[str, Any]
Player = Callable[[Scenario], Awaitable[Evidence]]
"""Plays a scenario with the client, on a stage of its own."""

SCHEMA = 1
_SHRINKING = 100
"""Examples that are played at most to make a smaller one of what broke the client in one way."""

_SECONDS = 30.0
"""Real seconds that this may take."""


KINDS = ("crash", "hang", "misuse", "loop")
"""The ways to break a client, each of which is shrunk by itself."""


class _BrokenError(Exception):
    """An example broke the client in the way that is being shrunk."""


class _StoppedError(BaseException):
    """Nobody waits for the result any more."""


@dataclass(slots=True)
class _Tried:
    """What came of one example. ``kind`` is empty where the client survived."""

    document: Json
    kind: str = ""
    evidence: Evidence | None = None


@dataclass(slots=True)
class _Search:
    """One search. ``ticks`` is a monotonic clock in seconds."""

    settings: RunSettings
    examples: int
    play: Player
    ticks: Callable[[], float]
    loop: asyncio.AbstractEventLoop
    tried: dict[str, _Tried] = field(default_factory=dict)
    met: int = 0
    counted: tuple[int, int] = (0, 0)
    """Examples, and how many of them met the client, before any was made smaller."""
    problems: list[str] = field(default_factory=list)
    left: int = 0
    until: float = 0.0
    stopped: bool = False

    def document(self, faults: list[Json]) -> Json:
        """The saved scenario that plays these faults; the same faults have the same name."""
        name = hashlib.sha256(json.dumps(faults, sort_keys=True).encode()).hexdigest()[:8]
        stage: Json = {"providers": [self.settings.provider]}
        if self.settings.variant != "default":
            stage["variants"] = {self.settings.provider: self.settings.variant}
        return {"schema": SCHEMA, "id": f"fuzz-{name}", "title": in_words(faults), "stage": stage, "faults": faults}

    def example(self, faults: list[Json]) -> None:
        """Play one example, unless it was played before or there were enough."""
        if len(self.tried) < self.examples:
            self._once(faults)

    def smaller(self, faults: list[Json], kind: str) -> None:
        """Play one example in search of a smaller one that breaks the client in that way. _BrokenError."""
        known = json.dumps(faults, sort_keys=True) in self.tried
        if not known and (self.left <= 0 or self.ticks() > self.until):
            return
        self.left -= not known
        if self._once(faults).kind == kind:
            raise _BrokenError(kind)

    def _once(self, faults: list[Json]) -> _Tried:
        if self.stopped:
            raise _StoppedError
        key = json.dumps(faults, sort_keys=True)
        if key not in self.tried:
            self.tried[key] = self._try(self.document(faults))
        return self.tried[key]

    def _try(self, document: Json) -> _Tried:
        done = _Tried(document)
        playing = asyncio.run_coroutine_threadsafe(self._played(document), self.loop)
        try:
            evidence = playing.result()
        except CancelledError:
            raise _StoppedError from None
        except StageCrashedError as problem:
            self.problems.append(f"{problem} ({document['title']})")
            return done
        except (CommandNotFoundError, UnusableError):
            raise
        except Exception as problem:  # noqa: BLE001  our own defect, told as ours and never as the client's
            self.problems.append(f"the harness failed: {type(problem).__name__}: {problem} ({document['title']})")
            return done
        self.met += bool(evidence.fired)
        broke = what_broke(evidence)
        if broke is not None:
            done.kind, done.evidence = broke[0], evidence
        return done

    async def _played(self, document: Json) -> Evidence:
        return await self.play(captured(document, self.settings.provider))

    def found(self) -> Found:
        """What came of it: for each way to break the client the smallest example."""
        breaks = []
        for kind in KINDS:
            those = [each for each in self.tried.values() if each.kind == kind]
            if those:
                breaks.append(self._break(kind, min(those, key=_size)))
        return Found(
            examples=self.counted[0],
            met=self.counted[1],
            breaks=tuple(breaks),
            problems=tuple(dict.fromkeys(self.problems)),
        )

    def _break(self, kind: str, tried: _Tried) -> Break:
        if tried.evidence is None:
            raise AssertionError("what broke the client has its evidence")
        scenario = captured(tried.document, self.settings.provider)
        return Break(kind=kind, document=tried.document, result=judge(scenario, tried.evidence, 0.0))


def _size(tried: _Tried) -> tuple[int, int, str]:
    text = json.dumps(tried.document["faults"], sort_keys=True)
    return len(tried.document["faults"]), len(text), text


def in_words(faults: list[Json]) -> str:
    """What goes wrong, in one line."""
    return "; ".join(f"{_where(fault)}: {_effect(fault['effect'])}" for fault in faults)


def _where(fault: Json) -> str:
    return str(fault["match"].get("endpoint", "callback"))


def _effect(effect: Json) -> str:
    members = {name: value for name, value in effect.items() if name != "kind" and value not in ({}, [], None, False)}
    if effect["kind"] == "json-patch":
        (op,) = effect["ops"]
        where = op["path"].strip("/").replace("/", ".")
        return f"no {where}" if op["op"] == "remove" else f"{where} is {_short(op['value'])}"
    told = ", ".join(f"{name} {_short(value)}" for name, value in members.items())
    return f"{effect['kind']} {told}".strip()


def _short(value: object) -> str:
    text = json.dumps(value)
    return text if len(text) <= 60 else f"{text[:50]}... ({len(text)} characters)"


async def search(settings: RunSettings, examples: int, play: Player, ticks: Callable[[], float]) -> Found:
    """Play so many examples, the same for the same seed, and what shrinking takes beside them. NoHypothesisError."""
    try:
        import hypothesis  # noqa: PLC0415  an optional dependency
        from hypothesis import configuration, errors  # noqa: PLC0415
    except ImportError as error:
        raise NoHypothesisError("--fuzz makes its examples with Hypothesis: pip install 'sparring[fuzz]'") from error
    from sparring.harness.fuzzing.answers import faults  # noqa: PLC0415

    going = _Search(settings, examples, play, ticks, asyncio.get_running_loop())
    strategy = faults(
        settings.provider, by_code=settings.grant == "authorization_code", with_users=settings.provider == "rotor"
    )

    def trial(tried: Callable[[list[Json]], None], *phases: hypothesis.Phase) -> None:
        """Once through the examples of this seed, which are the same each time."""
        chosen = hypothesis.settings(
            max_examples=2 * examples,  # some come twice, and are played once
            database=None,
            deadline=None,
            phases=phases,
            suppress_health_check=list(hypothesis.HealthCheck),
            verbosity=hypothesis.Verbosity.quiet,
            print_blob=False,
        )

        @hypothesis.seed(settings.seed)
        @chosen
        @hypothesis.given(strategy)
        def one(found: list[Json]) -> None:
            tried(found)

        one()

    def run() -> None:
        try:
            trial(going.example, hypothesis.Phase.generate)
            going.counted = len(going.tried), going.met
            for kind in dict.fromkeys(each.kind for each in list(going.tried.values()) if each.kind):
                going.left, going.until = _SHRINKING, ticks() + _SECONDS
                with suppress(_BrokenError, errors.Flaky):  # each example knows by itself what came of it
                    trial(partial(going.smaller, kind=kind), hypothesis.Phase.generate, hypothesis.Phase.shrink)
        except _StoppedError:
            pass

    with tempfile.TemporaryDirectory(prefix="sparring-fuzz-") as folder:
        configuration.set_hypothesis_home_dir(folder)
        try:
            await asyncio.to_thread(run)
        finally:
            going.stopped = True
            configuration.set_hypothesis_home_dir(None)
    return going.found()
