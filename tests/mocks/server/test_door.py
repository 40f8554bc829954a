"""Work that is begun without a task, and goes on in one where it waits."""

# ruff: noqa: D103 - the names are sentences

import asyncio
from contextvars import ContextVar
from types import SimpleNamespace
from typing import Any, cast

import pytest

from sparring.mocks.server.door import Door
from sparring.mocks.stage import Stage
from tests.mocks.server.sockets import LOOPS

pytestmark = [pytest.mark.anyio, pytest.mark.parametrize("anyio_backend", LOOPS)]
VARIABLE: ContextVar[str] = ContextVar("variable", default="outside")


def door(*providers: str, shared: bool = False) -> Door:
    stage = SimpleNamespace(shared=shared, houses=dict.fromkeys(("decoy", *providers)))
    return Door(cast("Stage", stage), providers[0])


async def test_what_does_not_wait_is_done_at_once() -> None:
    before = asyncio.all_tasks()

    async def work() -> str:
        VARIABLE.set("inside")
        return VARIABLE.get()

    assert (door("ingest").start(work()), VARIABLE.get()) == ("inside", "outside")
    assert asyncio.all_tasks() == before


async def test_what_waits_goes_on_in_a_task_and_in_its_context() -> None:
    there, gate = door("ingest"), asyncio.get_running_loop().create_future()

    async def work() -> tuple[Any, str]:
        VARIABLE.set("inside")
        first = await gate
        async with asyncio.timeout(5):
            await asyncio.sleep(0)
        return first, VARIABLE.get()

    task = there.start(work())
    assert there.room.tasks == {task}
    gate.set_result(1)
    assert (await task, VARIABLE.get()) == ((1, "inside"), "outside")
    assert there.room.tasks == set()


async def test_what_it_waits_for_may_fail() -> None:
    gate = asyncio.get_running_loop().create_future()

    async def work() -> str:
        try:
            await gate
        except ValueError as error:
            await asyncio.sleep(0)
            return str(error)
        return ""

    task = door("ingest").start(work())
    gate.set_exception(ValueError("no"))
    assert await task == "no"


async def test_it_can_be_cancelled_while_it_waits() -> None:
    ended: list[str] = []

    async def work() -> None:
        try:
            await asyncio.get_running_loop().create_future()
        finally:
            ended.append("cleaned up")

    there = door("ingest")
    task = there.start(work())
    await asyncio.sleep(0)
    await there.room.clear()
    assert (task.cancelled(), ended) == (True, ["cleaned up"])


@pytest.mark.parametrize("there", [door("someone"), door("ingest", "someone"), door("ingest", shared=True)])
async def test_others_code_and_shared_stages_have_a_task_from_the_beginning(there: Door) -> None:
    async def work() -> str:
        async with asyncio.timeout(5):
            await asyncio.sleep(0)
        return "done"

    assert await there.start(work()) == "done"
