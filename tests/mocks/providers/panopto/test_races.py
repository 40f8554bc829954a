"""Two requests at once: a code and a refresh token are used up by one of them only."""

# ruff: noqa: D103 - the names are sentences

import asyncio
from collections import Counter

import pytest

from sparring.mocks.storage.memory import MemoryStore
from tests.mocks.providers.panopto.talk import Browser, exchange, panopto, post, refresh, tokens
from tests.mocks.stages import in_loop
from tests.mocks.yielding import YieldingStore


@pytest.mark.parametrize("seed", range(5))
@in_loop
async def test_of_five_exchanges_of_one_code_one_succeeds(seed: int) -> None:
    stage = await panopto(storage=lambda clock: YieldingStore(MemoryStore(clock.now), seed))
    code = await Browser(stage).code()
    answers = await asyncio.gather(*(post(stage, exchange(code)) for _ in range(5)))
    assert Counter(answer.rule.id for answer in answers) == {
        "panopto/token/code-redeemed": 1,
        "panopto/token/code-used": 4,
    }


@pytest.mark.parametrize("seed", range(5))
@in_loop
async def test_of_five_refreshes_with_one_token_one_succeeds(seed: int) -> None:
    stage = await panopto(storage=lambda clock: YieldingStore(MemoryStore(clock.now), seed))
    token = (await tokens(stage))["refresh_token"]
    answers = await asyncio.gather(*(post(stage, refresh(token)) for _ in range(5)))
    assert Counter(answer.rule.id for answer in answers) == {
        "panopto/token/refreshed": 1,
        "panopto/token/refresh-token-used": 4,
    }
