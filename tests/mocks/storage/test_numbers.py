"""Numbers drawn in blocks: unlike each other, seldom waited for, and without gaps where nobody else draws."""

# ruff: noqa: D103 - the names are sentences

import asyncio
from itertools import chain, repeat

import pytest

from sparring.mocks.storage.numbers import LARGEST, Numbers
from sparring.mocks.storage.promises import StoreError
from tests.mocks.stages import in_loop


class _Counters:
    """What several servers draw from."""

    def __init__(self) -> None:
        self.values: dict[str, int] = {}
        self.draws: list[int] = []
        self.away = False

    async def draw(self, name: str, many: int) -> int:
        await asyncio.sleep(0)
        if self.away:
            raise StoreError("away")
        self.draws.append(many)
        self.values[name] = self.values.get(name, 0) + many
        return self.values[name]


@in_loop
async def test_one_server_gets_them_in_order_in_blocks_that_grow() -> None:
    counters = _Counters()
    numbers = Numbers(counters.draw)
    assert [await numbers.number("n") for _ in range(300)] == list(range(1, 301))
    assert counters.draws == [1, 2, 4, 8, 16, 32, LARGEST, LARGEST, LARGEST, LARGEST]
    assert await numbers.number("m") == 1


@in_loop
async def test_no_two_are_given_the_same() -> None:
    counters = _Counters()
    servers = [Numbers(counters.draw) for _ in range(3)]
    asked = chain.from_iterable(repeat(servers, 60))
    given = await asyncio.gather(*(each.number("n") for each in asked))
    assert len(set(given)) == 180


@in_loop
async def test_after_a_failure_it_is_tried_again() -> None:
    counters = _Counters()
    numbers = Numbers(counters.draw)
    counters.away = True
    failed = await asyncio.gather(numbers.number("n"), numbers.number("n"), return_exceptions=True)
    assert [type(each) for each in failed] == [StoreError, StoreError]
    counters.away = False
    assert await numbers.number("n") == 1


@in_loop
async def test_what_is_forgotten_is_drawn_anew() -> None:
    counters = _Counters()
    numbers = Numbers(counters.draw)
    for _ in range(4):
        await numbers.number("n")
    numbers.forget()
    counters.values.clear()
    assert await numbers.number("n") == 1


@pytest.mark.parametrize("names", [3_000])
@in_loop
async def test_names_are_bounded(names: int) -> None:
    counters = _Counters()
    numbers = Numbers(counters.draw)
    for number in range(names):
        await numbers.number(f"n{number}")
    assert len(numbers._blocks) == 2_000
