"""A saved scenario as a trial for `check`: what went wrong once goes wrong again, whatever client is under it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from sparring.harness.checks.refresh_race import one_refresh_at_a_time
from sparring.harness.checks.rejection import said
from sparring.harness.evidence import Evidence
from sparring.harness.fuzzing.survival import MOST, what_broke
from sparring.harness.scenario import Budget, Check, Do, Move, PassLifetime, Scenario, Setting
from sparring.harness.verdict import Finding, Verdict, inconclusive, passed

FILES = frozenset({".yaml", ".yml", ".json", ".har"})
"""How the names of files with a saved scenario end."""

_TIME = "time-passes"


def is_scenario_file(name: str) -> bool:
    """Whether that is no scenario of the catalogue, but a file with a saved one."""
    return Path(name).suffix in FILES


def captured(document: Mapping[str, Any], provider: str) -> Scenario:
    """The trial. The client gets a token and calls the API; then, for each renewal that was recorded and each time that
    passed there, its access token's life goes by and it calls again.
    """
    stage, faults = document.get("stage", {}), document.get("faults", ())
    recorded = [line for line in document.get("recorded", ()) if line.get("provider") == provider]
    renewals = sum(line.get("grant") == "refresh_token" and line.get("status") in {200, None} for line in recorded)
    cycles = max(renewals, sum(fault["effect"]["kind"] == _TIME for fault in faults))
    again: tuple[Move, ...] = (PassLifetime("access_token"), Do("call_api"))
    lifetimes = stage.get("lifetimes", {}).get(provider)
    return Scenario(
        id=document["id"],
        title=document.get("title") or "A captured run",
        profile="resilience",
        providers=frozenset({provider}),
        grants=frozenset({"authorization_code", "client_credentials"}),
        severity="robustness",
        plan=(Do("authenticate"), Do("call_api"), *again * cycles),
        checks=(replace(SURVIVED, judge=_within(MOST + len(recorded))),),
        faults=tuple(fault for fault in faults if fault["effect"]["kind"] != _TIME),
        variants=stage.get("variants", {}),
        setting=Setting(stage={"lifetimes": {provider: lifetimes}} if lifetimes and not cycles else {}),
        budget=_budget(recorded, cycles),
    )


def _budget(recorded: Sequence[Mapping[str, Any]], cycles: int) -> Budget:
    """As many requests as were recorded, and a few for what goes wrong on the way."""
    made = {name: sum(line.get("endpoint") == name for line in recorded) for name in ("token", "api", "register")}
    room = 5 + 2 * cycles
    return Budget(token=made["token"] + room, api=made["api"] + room, jwks=room, register=made["register"] + room)


def captured_run_is_survived(evidence: Evidence, most: int = MOST) -> Finding:
    """The client comes through what went wrong in the captured run, or says in time that it cannot.

    Pass: every instruction is answered, with success or an error. Fail: no answer in time, a crash, a token used that
    is none, requests in circles, or several renewals for one expiry. Inconclusive: nothing of it happened to this
    client.
    """
    outcomes = [step.outcome for step in evidence.steps if step.do != "quit"]
    if not outcomes:
        return inconclusive("The client was given no instruction.")
    struck = [exchange.n for exchange in evidence.exchanges if exchange.facts.get("faults")]
    broke = what_broke(evidence, most)
    if broke is not None:
        return broke[1]
    race = one_refresh_at_a_time(evidence)
    if race.verdict is Verdict.FAIL:
        return race
    return passed(f"The client ended with {said(evidence)}.", *struck)


def _within(most: int) -> Callable[[Evidence], Finding]:
    return lambda evidence: captured_run_is_survived(evidence, most)


SURVIVED = Check(
    id="captured-run-is-survived",
    title="What happened once is survived",
    why="What was captured has happened to somebody; it will happen again.",
    mend="Read the exchanges in which a fault fired, and what the client did after them.",
    sources=(),
    judge=captured_run_is_survived,
)
