"""The rate limit: whose calls count together, and for how long."""

# ruff: noqa: D103 - the names are sentences

import asyncio
from collections import Counter

from sparring.mocks.engine.messages import Answer
from sparring.mocks.stage import Stage
from sparring.mocks.storage.memory import MemoryStore
from tests.mocks.providers.ingest.talk import APPLICATION, api_request, read, register, token_request
from tests.mocks.stages import ask, in_loop, open_stage
from tests.mocks.yielding import YieldingStore


async def _token(stage: Stage, **credentials: str) -> str:
    document = read(await ask(stage, token_request(APPLICATION | credentials)))
    return str(document["access_token"])


def _left(answer: Answer) -> tuple[str | None, str | None]:
    return answer.header("X-RateLimit-Remaining"), answer.header("X-RateLimit-Reset")


@in_loop
async def test_each_application_has_an_allowance_of_its_own() -> None:
    stage = await open_stage()
    await register(stage, "Rival", grants=frozenset({"client_credentials"}), scopes=("read_videos",))
    ours, second, rivals = (
        await _token(stage),
        await _token(stage),
        await _token(stage, client_id="Rival", client_secret="another"),
    )
    seen = [_left(await ask(stage, api_request(token))) for token in (ours, second, rivals, "made-up", "other")]
    assert seen == [("99", "10"), ("98", "10"), ("99", "10"), ("99", "10"), ("98", "10")]


@in_loop
async def test_an_interval_begins_with_a_call_and_ends_ten_seconds_later() -> None:
    stage = await open_stage()
    seen = []
    for seconds in (0, 9.5, 0.5, 3, -5, 0):
        stage.clock.advance(seconds)
        seen.append(_left(await ask(stage, api_request("made-up"))))
    assert seen == [("99", "10"), ("98", "1"), ("99", "10"), ("98", "7"), ("99", "10"), ("98", "10")]


@in_loop
async def test_of_many_calls_at_once_exactly_so_many_pass() -> None:
    stage = await open_stage(storage=lambda clock: YieldingStore(MemoryStore(clock.now), seed=3))
    token = await _token(stage)
    answers = await asyncio.gather(*(ask(stage, api_request(token)) for _ in range(130)))
    assert Counter(answer.status for answer in answers) == {200: 100, 429: 30}
