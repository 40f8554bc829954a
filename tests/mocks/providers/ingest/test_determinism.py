"""Same seed, same clock, same requests: same bytes; and what is beside the point changes nothing."""

# ruff: noqa: D103 - the names are sentences

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from sparring.mocks.engine.messages import Answer
from sparring.mocks.stage import Stage
from tests.mocks.providers.ingest.talk import (
    APPLICATION,
    Browser,
    api_request,
    exchange,
    location,
    read,
    refresh,
    register,
    token_request,
)
from tests.mocks.stages import ask, in_loop, open_stage, request

Stray = Callable[[Stage], Awaitable[object]]


async def _nothing(_stage: Stage) -> None:
    """Nobody comes in between."""


async def _lost(stage: Stage) -> Answer:
    return await ask(stage, request("GET", "/nothing"))


async def _failed_login(stage: Stage) -> Answer:
    return await Browser(stage).sign_in(password="wrong")


async def _opened_page(stage: Stage) -> Answer:
    return await Browser(stage).open({"state": "stray"})


async def _refused_tokens(stage: Stage) -> None:
    for params in (APPLICATION | {"client_secret": "wrong"}, exchange("made-up"), refresh("made-up")):
        await ask(stage, token_request(params))


async def _api_calls(stage: Stage) -> None:
    for token in ("", "made-up"):
        await ask(stage, api_request(token))


async def _another_signed_in(stage: Stage) -> Answer:
    browser = Browser(stage)
    await browser.sign_in()
    return await browser.open()


async def _denied(stage: Stage) -> Answer:
    return await Browser(stage).consent(decision="deny")


async def _application_token(stage: Stage) -> Answer:
    return await ask(stage, token_request(APPLICATION))


async def _another_clients_token(stage: Stage) -> Answer:
    await register(stage, "Rival", grants=frozenset({"client_credentials"}), scopes=("read_videos",))
    return await ask(stage, token_request(APPLICATION | {"client_id": "Rival", "client_secret": "another"}))


async def _whole_life(stage: Stage, stray: Stray) -> list[bytes]:
    """Login, exchange, refresh, call, with somebody in between; the bodies and places that came back."""
    await stray(stage)
    browser = Browser(stage)
    ticket = await browser.ticket({"state": "s"})
    await stray(stage)
    back = await browser.decide({"state": "s"}, ticket)
    await stray(stage)
    answers = [await ask(stage, token_request(exchange(location(back)["code"])))]
    await stray(stage)
    answers.append(await ask(stage, token_request(refresh(read(answers[-1])["refresh_token"]))))
    await stray(stage)
    answers.append(await ask(stage, api_request(read(answers[-1])["access_token"])))
    place = (back.header("Location") or "").encode()
    return [place, *(answer.body for answer in answers)]


async def _lived(seed: int, stray: Stray = _nothing) -> list[bytes]:
    return await _whole_life(await open_stage(seed=seed), stray)


def test_the_same_requests_give_the_same_bytes() -> None:
    one, again, other = (asyncio.run(_lived(seed)) for seed in (7, 7, 8))
    assert one == again
    assert all(mine != theirs for mine, theirs in zip(one, other, strict=True))


@in_loop
async def test_whole_answers_are_alike_headers_too() -> None:
    seen = []
    for _ in range(2):
        stage = await open_stage(seed=3)
        await _whole_life(stage, _lost)
        seen.append([(found.answer, found.request) for found in stage.recorder.select()])
    assert seen[0] == seen[1]


@in_loop
async def test_a_reset_stage_begins_again() -> None:
    stage = await open_stage(seed=5)
    first = await _whole_life(stage, _nothing)
    await stage.reset()
    assert await _whole_life(stage, _nothing) == first


@pytest.mark.parametrize(
    "stray",
    [
        _lost,
        _failed_login,
        _opened_page,
        _refused_tokens,
        _api_calls,
        _another_signed_in,
        _denied,
        _application_token,
        _another_clients_token,
    ],
)
def test_what_somebody_else_does_changes_nothing(stray: Stray) -> None:
    assert asyncio.run(_lived(7, stray)) == asyncio.run(_lived(7))


@in_loop
async def test_a_persons_login_does_not_change_an_applications_tokens() -> None:
    plain, busy = await open_stage(seed=2), await open_stage(seed=2)
    await _whole_life(busy, _nothing)
    assert await _application_token(plain) == await _application_token(busy)
