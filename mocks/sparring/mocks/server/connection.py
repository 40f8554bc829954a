"""The HTTP protocol of uvicorn, with the connection itself handed to the application."""

import asyncio
import re
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
_UPGRADE = re.compile(rb"(?<=\r\n)upgrade(?=[ \t]*:)", re.IGNORECASE)
_MASK = b"upgrad~"


class Connection(HttpToolsProtocol):
    """One connection. Wire faults reach its transport; exchanges carry its number.

    A wish for another protocol is ignored, as RFC 9110 section 7.8 allows: Java's HTTP client wishes for HTTP/2 with
    every first request over plain HTTP, and the parser would take the request's body for the other protocol's bytes. So
    the header's name is masked before the parser sees it.
    """

    _in_body = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Bind the application to this connection."""
        super().connection_made(transport)
        if isinstance(self.app, ProviderApp):
            self.app = partial(_play, self.app, transport, next(_numbers))

    def data_received(self, data: bytes) -> None:
        """Mask the wish for another protocol, where these bytes begin a request."""
        if not self._in_body and (end := data.find(b"\r\n\r\n")) > 0 and _UPGRADE.search(data, 0, end):
            data = _UPGRADE.sub(_MASK, data[:end]) + data[end:]
        super().data_received(data)

    def on_header(self, name: bytes, value: bytes) -> None:
        """A header by its own name."""
        super().on_header(b"upgrade" if name == _MASK else name, value)

    def on_headers_complete(self) -> None:
        """What follows is the body."""
        self._in_body = True
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """What follows is another request."""
        self._in_body = False
        super().on_message_complete()


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
