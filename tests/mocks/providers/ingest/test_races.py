"""Many requests at once over a store that lets everybody in between."""

# ruff: noqa: D103 - the names are sentences

import asyncio
from collections import Counter

import pytest

from sparring.mocks.stage import Stage
from sparring.mocks.storage.memory import MemoryStore
from tests.mocks.providers.ingest.talk import (
    APPLICATION,
    Browser,
    api_request,
    exchange,
    location,
    read,
    refresh,
    token_request,
    tokens,
)
from tests.mocks.stages import ask, in_loop, open_stage
from tests.mocks.yielding import YieldingStore

MANY = 20
SEEDS = pytest.mark.parametrize("seed", range(5))


async def _stage(seed: int) -> Stage:
    return await open_stage(storage=lambda clock: YieldingStore(MemoryStore(clock.now), seed))


@SEEDS
def test_a_code_is_redeemed_once(seed: int) -> None:
    @in_loop
    async def run() -> None:
        stage = await _stage(seed)
        message = exchange(await Browser(stage).code())
        answers = await asyncio.gather(*(ask(stage, token_request(message)) for _ in range(MANY)))
        assert Counter(answer.status for answer in answers) == {200: 1, 400: MANY - 1}
        assert {answer.rule.id for answer in answers} == {"ingest/token/code-redeemed", "ingest/token/code-used"}
        (good,) = [answer for answer in answers if answer.status == 200]
        assert (await ask(stage, api_request(read(good)["access_token"]))).status == 200

    run()


@SEEDS
def test_a_refresh_token_is_exchanged_once(seed: int) -> None:
    @in_loop
    async def run() -> None:
        stage = await _stage(seed)
        message = refresh((await tokens(stage))["refresh_token"])
        answers = await asyncio.gather(*(ask(stage, token_request(message)) for _ in range(MANY)))
        assert Counter(answer.status for answer in answers) == {200: 1, 400: MANY - 1}
        (good,) = [answer for answer in answers if answer.status == 200]
        assert (await ask(stage, token_request(refresh(read(good)["refresh_token"])))).status == 200

    run()


@SEEDS
def test_a_consent_form_gives_one_code(seed: int) -> None:
    @in_loop
    async def run() -> None:
        stage = await _stage(seed)
        browser = Browser(stage)
        ticket = await browser.ticket()
        answers = await asyncio.gather(*(browser.decide(None, ticket) for _ in range(MANY)))
        assert Counter(answer.status for answer in answers) == {302: 1, 400: MANY - 1}

    run()


@SEEDS
def test_no_two_of_many_logins_and_tokens_are_alike(seed: int) -> None:
    @in_loop
    async def run() -> None:
        stage = await _stage(seed)
        browsers = [Browser(stage) for _ in range(MANY)]
        backs = await asyncio.gather(*(browser.consent({"state": str(n)}) for n, browser in enumerate(browsers)))
        assert [location(back)["state"] for back in backs] == [str(n) for n in range(MANY)]
        assert len({browser.cookie for browser in browsers}) == MANY
        codes = [location(back)["code"] for back in backs]
        messages = [exchange(code) for code in codes] + [APPLICATION] * MANY
        answers = await asyncio.gather(*(ask(stage, token_request(message)) for message in messages))
        documents = [read(answer) for answer in answers]
        assert len({document["access_token"] for document in documents}) == 2 * MANY
        assert len({document["refresh_token"] for document in documents[:MANY]}) == MANY
        assert len(set(codes)) == MANY

    run()
