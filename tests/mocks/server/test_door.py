"""Work that is begun without a task, and goes on in one where it waits."""

# ruff: noqa: D103 - the names are sentences

import asyncio
from collections.abc import Coroutine
from contextvars import ContextVar
from types import SimpleNamespace
from typing import Any, cast

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from sparring.mocks.engine.signing import Pending
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


class Key:
    """Says when it signs."""

    def __init__(self, said: list[str]) -> None:
        self._said = said

    def sign(self, signed: bytes, *_: object) -> bytes:
        """No signature at all."""
        self._said.append(f"sign {signed.decode()}")
        return b"signed " + signed


def pending(said: list[str], text: str) -> Pending:
    return Pending(cast("RSAPrivateKey", Key(said)), text.encode())


async def begun(there: Door, *work: Coroutine[Any, Any, Any]) -> list[Any]:
    """What ``start`` says of each, asked as a connection asks: in no task."""
    asked = asyncio.get_running_loop().create_future()
    asyncio.get_running_loop().call_soon(lambda: asked.set_result(list(map(there.start, work))))
    said: list[Any] = await asked
    return said


async def test_signatures_that_are_waited_for_together_are_made_one_after_the_other() -> None:
    there, said = door("ingest"), list[str]()
    before = asyncio.all_tasks()

    async def work(name: str) -> bytes:
        said.append(f"begin {name}")
        once = await pending(said, name)
        said.append(f"go on {name}")
        return once + b", " + await pending(said, f"{name} again")

    first, second = await begun(there, work("a"), work("b"))
    assert await first == b"signed a, signed a again"
    assert await second == b"signed b, signed b again"
    asked = ["begin a", "begin b", "sign a", "sign b", "go on a", "go on b"]
    assert said == [*asked, "sign a again", "sign b again"]
    assert asyncio.all_tasks() == before


async def test_no_answer_waits_for_more_signatures_than_that() -> None:
    there, said = door("ingest"), list[str]()

    async def work(number: int) -> None:
        await pending(said, f"{number}")
        said.append(f"done {number}")

    await asyncio.gather(*await begun(there, *map(work, range(18))))
    assert said[15:18] == ["sign 15", "done 0", "done 1"]
    assert said[-4:] == ["sign 16", "sign 17", "done 16", "done 17"]


async def test_after_a_signature_it_may_wait_for_something_else_and_in_a_task_it_signs_at_once() -> None:
    there, said = door("ingest"), list[str]()
    gate, signed = (asyncio.get_running_loop().create_future() for _ in range(2))

    async def work() -> bytes:
        await pending(said, "first")
        signed.set_result(None)
        await gate
        said.append("in a task")
        return await pending(said, "second")

    (done,) = await begun(there, work())
    await signed
    gate.set_result(None)
    assert await done == b"signed second"
    assert said == ["sign first", "in a task", "sign second"]


@pytest.mark.parametrize("waits", [False, True])
async def test_what_fails_after_a_signature_fails_alone(*, waits: bool) -> None:
    there, said = door("ingest"), list[str]()

    async def broken() -> None:
        await pending(said, "a")
        if waits:
            await asyncio.sleep(0)
        raise ValueError("no")

    async def whole() -> bytes:
        return await pending(said, "b")

    failing, going = await begun(there, broken(), whole())
    assert await going == b"signed b"
    with pytest.raises(ValueError, match="no"):
        await failing


async def test_what_waits_after_a_signature_can_be_cancelled() -> None:
    there, signed = door("ingest"), asyncio.get_running_loop().create_future()

    async def work() -> None:
        await pending([], "a")
        signed.set_result(None)
        await asyncio.get_running_loop().create_future()

    (done,) = await begun(there, work())
    await signed
    await there.room.clear()
    assert done.cancelled()


async def test_whoever_drives_himself_has_his_signature_at_once() -> None:
    said: list[str] = []

    async def work() -> bytes:
        return await pending(said, "a")

    assert await work() == b"signed a"
