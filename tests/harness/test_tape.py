"""The fakes' own answers are held against the contracts while a scenario is played."""

# ruff: noqa: D103 - the names are sentences

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from sparring.harness.evidence import Exchange
from sparring.harness.tape import StageCrashedError, Tape, undocumented
from sparring.harness.worlds.local import local_world

FORM = (("Content-Type", "application/x-www-form-urlencoded"),)
REFUSED = Exchange(
    n=1,
    provider="ingest",
    endpoint="token",
    method="POST",
    url="http://127.0.0.1/token",
    headers=FORM,
    status=418,
    response_headers=(("Content-Type", "application/json"),),
    response_body=b"{}",
    at=0.0,
    elapsed=0.0,
)


def test_a_status_that_nobody_documents_is_told() -> None:
    assert "status 418 is not documented" in undocumented(REFUSED)[0]


@pytest.mark.parametrize(
    "changes",
    [
        {"facts": {"faults": ["f"]}},
        {"status": None},
        {"url": "http://127.0.0.1/nobody/serves/this"},
        {"provider": "decoy"},
    ],
)
def test_what_a_fault_did_or_nobody_documents_is_not_held_against_it(changes: dict[str, Any]) -> None:
    assert undocumented(replace(REFUSED, **changes)) == []


def test_a_fake_that_breaks_its_contract_stops_the_play() -> None:
    class World:
        async def recording(self, stage: str, since: int = 0) -> list[dict[str, Any]]:
            return [
                {
                    "n": 1, "provider": "ingest", "endpoint": "token", "method": "POST", "url": REFUSED.url,
                    "headers": [], "body": "", "status": 418, "response_headers": [], "response_body": "",
                    "rule": "ingest/token/issued", "at": 0.0, "elapsed": 0.0, "facts": {},
                }
            ]  # fmt: skip

    with pytest.raises(StageCrashedError, match="broke its own contract"):
        asyncio.run(Tape(World(), "s1").catch_up())  # type: ignore[arg-type]


def test_the_tape_of_a_real_stage_grows() -> None:
    async def run() -> tuple[int, int, float | None]:
        async with local_world(tls=False) as world:
            stage = await world.open_stage({"providers": ["ingest"]})
            tape = Tape(world, stage["id"])
            first = await tape.catch_up()
            return first, await tape.catch_up(), tape.end_of_newest("access_token")

    assert asyncio.run(run()) == (1, 1, None)
