"""Exchanges as server-sent events (HTML Living Standard, section 9.2)."""

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import suppress

from sparring.mocks.control.interface import Json

KEEP_ALIVE = 15.0
"""Seconds after which a silent stream says that it is still there."""


async def events(exchanges: AsyncGenerator[Json, None], told: Callable[[Json], tuple[str, Json]]) -> AsyncIterator[str]:
    """One event for each exchange, numbered as it is; ``told`` makes its name and its data of it. A comment now and
    then keeps the connection from looking dead.
    """
    upcoming: asyncio.Task[Json | None] | None = None
    try:
        yield ":\n\n"
        while True:
            upcoming = upcoming or asyncio.ensure_future(_next(exchanges))
            if not (await asyncio.wait({upcoming}, timeout=KEEP_ALIVE))[0]:
                yield ":\n\n"
                continue
            exchange, upcoming = upcoming.result(), None
            if exchange is None:
                return
            name, data = told(exchange)
            yield f"id: {exchange['n']}\nevent: {name}\ndata: {json.dumps(data)}\n\n"
    finally:
        if upcoming is not None:
            upcoming.cancel()
            with suppress(asyncio.CancelledError):
                await upcoming
        await exchanges.aclose()


async def _next(exchanges: AsyncGenerator[Json, None]) -> Json | None:
    return await anext(exchanges, None)
