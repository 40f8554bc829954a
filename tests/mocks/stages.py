"""Stages for tests: opened on a clock that is moved by hand, asked without a socket."""

import asyncio
import functools
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, ParamSpec
from urllib.parse import urlencode

from sparring.mocks.engine.clock import Clock
from sparring.mocks.engine.messages import Answer, Request
from sparring.mocks.engine.store import Store
from sparring.mocks.stage import Stage, StageSpec
from sparring.mocks.storage.memory import MemoryStore

START = 1_750_000_000.0
P = ParamSpec("P")


class Wall:
    """The machine's clock, which moves only when it is told to."""

    def __init__(self, seconds: float = START) -> None:
        self.seconds = seconds

    def __call__(self) -> float:
        """The time it shows."""
        return self.seconds


def in_loop(test: Callable[P, Awaitable[None]]) -> Callable[P, None]:
    """A test that awaits, run in an event loop of its own."""

    @functools.wraps(test)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        async def main() -> None:
            await test(*args, **kwargs)

        asyncio.run(main())

    return run


async def open_stage(
    *providers: str,
    wall: Callable[[], float] | None = None,
    storage: Callable[[Clock], Store] | None = None,
    **wishes: Any,
) -> Stage:
    """A furnished stage with these providers (Ingest, if none is named); its clock stands still with the wall's."""
    time = wall or Wall()
    spec = StageSpec(providers=providers or ("ingest",), **wishes)
    store = storage or (lambda clock: MemoryStore(clock.now))
    stage = Stage("s1", spec, wall=time, ticks=time, storage=store)
    for number, house in enumerate(stage.houses.values(), start=1):
        house.desk.base_url = f"http://127.0.0.1:{9400 + number}"
        house.desk.media_url = f"http://127.0.0.1:{9400 + len(stage.houses)}"
    await stage.furnish()
    return stage


def request(
    method: str,
    target: str,
    *headers: tuple[str, str],
    form: Mapping[str, str] | Sequence[tuple[str, str]] | None = None,
    body: bytes = b"",
    host: str = "127.0.0.1:9401",
    scheme: str = "http",
) -> Request:
    """A request to that path and query; ``form`` becomes its body and brings the Content-Type."""
    path, _, query = target.partition("?")
    if form is not None:
        body = urlencode(form).encode()
        headers += (("content-type", "application/x-www-form-urlencoded"),)
    return Request(method=method, scheme=scheme, host=host, path=path, query=query, headers=headers, body=body)


async def ask(stage: Stage, message: Request, provider: str = "ingest") -> Answer:
    """The stage's answer to a request at that provider's socket."""
    exchange, wire = await stage.respond(provider, message)
    assert wire is None
    assert exchange.answer is not None
    return exchange.answer
