"""The moves of a scenario, with clients that say what they are told and what they see."""

import asyncio
import sys
from pathlib import Path
from typing import Any

import pytest

from sparring.harness.clientclock import ClientClock
from sparring.harness.clientclock.probe import find_clock
from sparring.harness.evidence import Evidence, Step
from sparring.harness.play import Play
from sparring.harness.ports import Ports
from sparring.harness.scenario import Advance, Do, Move, PassLifetime, Restart, Scenario, StageAhead
from sparring.harness.settings import ClientSettings, RunSettings
from sparring.harness.worlds.local import local_world
from tests.e2e.running import CAREFUL

ECHO = """
import json, os, sys, time
starts = os.path.join(os.environ["SPARRING_STATE_DIR"], "starts")
with open(starts, "a") as file:
    file.write("started\\n")
number = len(open(starts).readlines())
if number == int(sys.argv[1]):
    sys.exit(3)
print("start number", number, flush=True)
print(json.dumps({"sparring": "ready", "protocol": 1}), flush=True)
for line in sys.stdin:
    told = json.loads(line)
    if told["do"] == "quit":
        with open(starts, "a") as file:
            file.write("asked to end\\n")
    done = {"sparring": "done", "id": told["id"], "outcome": "ok", "told": told, "now": time.time(), "start": number}
    print(json.dumps(done), flush=True)
    if told["do"] == "quit":
        break
"""


def play(
    tmp_path: Path,
    provider: str,
    *plan: Move,
    command: tuple[str, ...] = (),
    never: int = 0,
    clock: ClientClock | None = None,
) -> Evidence:
    """What that plan left behind. ``never``: the number of the start that does not succeed."""
    script = tmp_path / "client.py"
    script.write_text(ECHO, encoding="utf-8")
    grant = "client_credentials" if provider == "clickview" else "authorization_code"
    scenario = Scenario(
        id="moves",
        title="Moves",
        profile="core",
        providers=frozenset({provider}),
        grants=frozenset({grant}),
        severity="robustness",
        plan=plan,
        checks=(),
    )
    client = ClientSettings(command=command or (sys.executable, str(script), str(never)), driver="session")
    settings = RunSettings(provider=provider, grant=grant, client=client, tls=False)

    async def go() -> Evidence:
        async with local_world(tls=False) as world:
            ports = Ports(11)  # kept, since they hold what they gave
            made = Play(world, scenario, settings, port=ports.take(), clock=clock, supports=frozenset())
            return await made.run()

    return asyncio.run(go())


def told(step: Step) -> dict[str, Any]:
    """The instruction as it reached the client."""
    return dict(step.said["told"])


def test_a_restart_kills_the_client_and_starts_it_where_it_was(tmp_path: Path) -> None:
    """Without a word before; what it wrote until then counts, and its first end is nobody's fault."""
    evidence = play(tmp_path, "clickview", Do("authenticate"), Restart(), Do("call_api"))
    assert [(step.said["start"], step.outcome) for step in evidence.steps] == [(1, "ok"), (2, "ok")]
    written = next(log.text for log in evidence.logs if log.name == "starts")
    assert written == "started\nstarted\nasked to end\n"
    outputs = [log.text.splitlines()[0] for log in evidence.logs if log.name == "stdout"]
    assert outputs == ["start number 1", "start number 2"]
    assert (evidence.ending.exit_code, evidence.ending.problems) == (0, ())


def test_a_client_that_does_not_come_back_has_a_problem(tmp_path: Path) -> None:
    """And the plan ends there."""
    evidence = play(tmp_path, "clickview", Do("authenticate"), Restart(), Do("call_api"), never=2)
    assert [step.do for step in evidence.steps] == ["authenticate"]
    assert any("exit code 3" in problem for problem in evidence.ending.problems)


@pytest.mark.parametrize("provider", ["clickview", "movingimage"])
def test_users_have_names(tmp_path: Path, provider: str) -> None:
    """That by which the provider knows them; a user whom it does not know is given one."""
    evidence = play(tmp_path, provider, *(Do("call_api", user=user) for user in range(4)), Do("call_api"))
    known = [user["username"] for user in evidence.context["users"]]
    assert bool(known) == (provider == "movingimage")
    unknown = [f"user-{number}" for number in range(len(known) + 1, 5)]
    assert [told(step).get("user") for step in evidence.steps] == [*known, *unknown, None]
    assert [step.user for step in evidence.steps] == [0, 1, 2, 3, None]


def test_parallel_calls_are_asked_for(tmp_path: Path) -> None:
    """So many, all at once."""
    evidence = play(tmp_path, "clickview", Do("call_api", times=6, parallel=True))
    assert told(evidence.steps[0]) == {"id": 1, "do": "call_api", "times": 6, "parallel": True}


@pytest.mark.parametrize("seconds", [90.0, -90.0, 3600.0])
def test_the_stage_alone_goes_ahead(tmp_path: Path, seconds: float) -> None:
    """The real time between two requests, and the stage's."""
    plan = (Do("authenticate"), StageAhead(seconds), Do("call_api"))
    evidence = play(tmp_path, "clickview", *plan, command=CAREFUL)
    (token,), (call,) = evidence.at("token"), evidence.at("api")
    assert call.at - token.at - (call.elapsed - token.elapsed) == pytest.approx(seconds, abs=0.05)
    assert evidence.outcome == "ok"


def test_time_passes_to_just_before_the_end_and_never_back(tmp_path: Path) -> None:
    """Stage and client go together, to moments that are counted from the newest token's end."""
    found = asyncio.run(find_clock())
    if found.name == "none":
        pytest.skip(found.reason)
    plan = (Do("authenticate"), PassLifetime(beyond=-31), Do("call_api"), PassLifetime(beyond=-60), Do("call_api"))
    evidence = play(tmp_path, "clickview", *plan, command=CAREFUL, clock=found.make())
    (token,), (first, second) = evidence.at("token"), evidence.at("api")
    end = token.facts["issued"][0]["expires_at"]
    assert end - 31 <= first.at <= second.at < end - 28
    assert second.at - first.at == pytest.approx(second.elapsed - first.elapsed, abs=0.05)


def test_the_clock_of_a_restarted_client_goes_on(tmp_path: Path) -> None:
    """What passed before the restart has passed for the next process as well."""
    found = asyncio.run(find_clock())
    if found.name == "none":
        pytest.skip(found.reason)
    plan = (Do("authenticate"), Advance(5000), Restart(), Do("authenticate"), StageAhead(7000), Do("authenticate"))
    evidence = play(tmp_path, "clickview", *plan, clock=found.make())
    first, second, third = (step.said["now"] for step in evidence.steps)
    assert 5000 <= second - first < 5020
    assert 0 <= third - second < 20
