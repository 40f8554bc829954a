"""What happens when everybody comes at once, and that the same stage gives the same bytes."""

# ruff: noqa: D103 - the names are sentences

import asyncio

import pytest

from sparring.mocks.engine.messages import Answer
from sparring.mocks.storage.memory import MemoryStore
from tests.mocks.providers.movingimage.talk import (
    Browser,
    ask,
    exchange,
    movingimage,
    read,
    refreshing,
    signed_in,
    token_request,
)
from tests.mocks.stages import in_loop
from tests.mocks.yielding import YieldingStore


@pytest.mark.parametrize("seed", range(5))
def test_a_code_is_redeemed_once_whoever_comes_first(seed: int) -> None:
    @in_loop
    async def run() -> None:
        stage = await movingimage(storage=lambda clock: YieldingStore(MemoryStore(clock.now), seed))
        code = await Browser(stage).code()
        answers = await asyncio.gather(*(ask(stage, token_request(exchange(code))) for _ in range(4)))
        assert sorted(answer.status for answer in answers) == [200, 400, 400, 400]
        (won,) = [answer for answer in answers if answer.status == 200]
        late = await ask(stage, token_request(refreshing(read(won)["refresh_token"])))
        assert late.rule.id == "movingimage/token/refresh-client-detached"

    run()


@pytest.mark.parametrize("seed", range(5))
def test_a_rotating_refresh_token_is_used_once_whoever_comes_first(seed: int) -> None:
    @in_loop
    async def run() -> None:
        stage = await movingimage(
            storage=lambda clock: YieldingStore(MemoryStore(clock.now), seed), variants={"movingimage": "rotating"}
        )
        held = (await signed_in(stage))["refresh_token"]
        answers = await asyncio.gather(*(ask(stage, token_request(refreshing(held))) for _ in range(4)))
        assert [answer.status for answer in answers].count(200) <= 1

    run()


async def _story(seed: int) -> list[Answer]:
    stage = await movingimage(seed=seed)
    browser = Browser(stage)
    answers = [await browser.open(), await browser.sign_in()]
    held = await signed_in(stage)
    return [*answers, await ask(stage, token_request(refreshing(held["refresh_token"])))]


@in_loop
async def test_the_same_seed_gives_the_same_bytes() -> None:
    assert await _story(7) == await _story(7)
    assert (await _story(7))[1].headers != (await _story(8))[1].headers
