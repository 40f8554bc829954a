"""The fakes as places where contracts are tried: without a socket, on a clock that is moved by hand."""

# ruff: noqa: D102 - as the protocol says

import socket
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from sparring.contracts.place import Call, Given, NotApplicableError, Reply
from sparring.harness.verifying.stage import govern, place_values, stage_spec
from sparring.mocks.control.direct import DirectControl
from sparring.mocks.control.interface import ControlError
from sparring.mocks.engine.clock import Clock
from sparring.mocks.engine.messages import Request
from sparring.mocks.engine.store import Store
from sparring.mocks.stage import SideDoor, Stage
from sparring.mocks.storage.memory import MemoryStore
from tests.mocks.stages import Wall


class Addresses:
    """Gives stages addresses at which nobody listens."""

    ca_file: Path | None = None

    def __init__(self) -> None:
        self._given = 9400

    async def bind(self, stage: Stage, provider: str, port: int = 0) -> str:
        self._given += 1
        return f"http://127.0.0.1:{self._given}"

    async def bind_side(self, stage: Stage, provider: str, side: SideDoor) -> str:
        return await self.bind(stage, provider)

    async def adopt(self, stage: Stage, provider: str, listener: socket.socket, *, side: bool = False) -> None:
        pass

    async def unbind(self, stage_id: str) -> None:
        pass


def _memory(clock: Clock) -> Store:
    return MemoryStore(clock.now)


class StagePlace:
    """A stage of one provider, asked in this process."""

    exact = True

    def __init__(self, control: DirectControl, told: Mapping[str, Any], provider: str) -> None:
        self._control = control
        self._stage = control.stage(told["id"])
        self._provider = provider
        self._rule: str | None = None
        self.endpoint = ""
        self.endpoints_asked: list[str] = []
        info = told["providers"][provider]
        self.endpoints: Mapping[str, str] = info["endpoints"]
        self.values = place_values(info)

    async def send(self, call: Call) -> Reply:
        parts = urlsplit(call.url)
        headers = tuple((name.lower(), value) for name, value in call.headers)
        if "host" not in {name for name, _ in headers}:
            headers = (("host", parts.netloc), *headers)
        if call.body:
            headers = (*headers, ("content-length", str(len(call.body))))
        request = Request(
            method=call.method, scheme=parts.scheme, host=call.authority, path=parts.path or "/", query=parts.query,
            headers=headers, body=call.body,
        )  # fmt: skip
        exchange, _ = await self._stage.respond(self._provider, request)
        self.endpoints_asked.append(exchange.endpoint)
        answer = exchange.answer
        if answer is None:
            raise ConnectionError("nothing came back")
        self._rule = answer.rule.id
        return Reply(status=answer.status, headers=answer.headers, body=answer.body)

    async def control(self, verb: str, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
        try:
            return await govern(self._control, self._stage.id, self._provider, verb, arguments)
        except ControlError as error:
            raise ValueError(str(error)) from error

    async def now(self) -> float:
        return self._stage.clock.now()

    async def rule(self) -> str | None:
        return self._rule

    async def close(self) -> None:
        await self._control.close()


class Stages:
    """A world whose places are stages."""

    def __init__(self) -> None:
        self.opened: list[StagePlace] = []

    async def open(self, given: Given) -> StagePlace:
        wall = Wall()
        control = DirectControl(Addresses(), wall=wall, ticks=wall, storage=_memory)
        try:
            told = await control.open_stage(stage_spec(given))
        except ControlError as error:
            raise NotApplicableError(str(error)) from error
        place = StagePlace(control, told, given.provider)
        self.opened.append(place)
        return place
