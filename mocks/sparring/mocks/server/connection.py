"""The HTTP protocol of uvicorn, with the connection itself handed to the application."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial
from itertools import count
from typing import Any

from uvicorn import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle
from uvicorn.server import ServerState

from sparring.mocks.server.app import ProviderApp, Receive, Scope, Send

App = Callable[..., Awaitable[None]]
_numbers = count(1)


class Connection(HttpToolsProtocol):
    """One connection. Wire faults reach its transport; exchanges carry its number."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Bind the application to this connection."""
        super().connection_made(transport)
        if isinstance(self.app, ProviderApp):
            self.app = partial(_play, self.app, transport, next(_numbers))


async def _play(
    app: ProviderApp, transport: asyncio.Transport, number: int, scope: Scope, receive: Receive, send: Send
) -> None:
    """One exchange. Where nothing was answered a wire fault was played, or the stage closed: for uvicorn the client has
    gone, so that it neither complains nor writes an answer of its own.
    """
    with suppress(asyncio.CancelledError):
        await app(scope, receive, send, transport, number)
    cycle = getattr(receive, "__self__", None)
    if isinstance(cycle, RequestResponseCycle) and not cycle.response_started:
        cycle.disconnected = True


async def _nobody(_scope: Any, _receive: Any, _send: Any) -> None:
    raise NotImplementedError


def configure() -> Config:
    """Settings of uvicorn, loaded once for all sockets: no lifespan, no headers of its own, no log but of defects."""
    config = Config(
        _nobody,
        http=Connection,
        ws="none",
        lifespan="off",
        log_config=None,
        log_level="error",
        access_log=False,
        date_header=False,
        server_header=False,
        timeout_keep_alive=75,
    )
    config.load()
    return config


def factory(config: Config, app: App, state: ServerState) -> Callable[[], Connection]:
    """What makes a connection of that application, for ``loop.create_server``."""

    def make() -> Connection:
        connection = Connection(config, state, {})
        connection.app = app
        if isinstance(app, ProviderApp):
            app.connected()
        return connection

    return make
