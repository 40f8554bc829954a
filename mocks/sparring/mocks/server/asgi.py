"""Any ASGI application behind a socket: uvicorn's HTTP protocol without its server."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from functools import cache
from typing import Any

from uvicorn import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

from sparring.mocks.server.door import Room
from sparring.mocks.server.limits import USUAL, RefusedError
from sparring.mocks.server.octets import written

App = Callable[..., Awaitable[None]]
_UPGRADE = re.compile(rb"(?<=\r\n)upgrade(?=[ \t]*:)", re.IGNORECASE)
_MASK = b"upgrad~"


class AsgiConnection(HttpToolsProtocol):
    """A wish for another protocol is ignored, as RFC 9110 section 7.8 allows: its name is masked before the parser sees
    it (see ``Connection``). Heads and patience have the same limits as there; a body is for the application to limit.
    """

    _in_body = False
    _stopped = False
    _head = 0
    _timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Somebody has connected; they may take a while to ask."""
        super().connection_made(transport)
        self._wait(USUAL.idle, transport.close)

    def connection_lost(self, exc: Exception | None) -> None:
        """They have gone."""
        self._wait_no_longer()
        super().connection_lost(exc)

    def _wait(self, seconds: float, then: Callable[[], None]) -> None:
        self._wait_no_longer()
        self._timer = self.loop.call_later(seconds, then)

    def _wait_no_longer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _refuse(self, status: int) -> None:
        """Say what is wrong, and end; what was asked before it is not answered any more."""
        self._stopped = True
        if not self.transport.is_closing():
            self.transport.write(written(RefusedError(status).answer, lasting=False)[0])
            self.transport.close()

    def data_received(self, data: bytes) -> None:
        """Mask the wish for another protocol, where these bytes begin a request."""
        if self._stopped:
            return
        self._head += 0 if self._in_body else len(data)
        if not self._in_body and (end := data.find(b"\r\n\r\n")) > 0 and _UPGRADE.search(data, 0, end):
            data = _UPGRADE.sub(_MASK, data[:end]) + data[end:]
        super().data_received(data)
        if self._head > USUAL.head:
            self._refuse(431)

    def on_message_begin(self) -> None:
        """The first byte of a request: the last one should not be long in coming."""
        super().on_message_begin()
        self._wait(USUAL.patience, lambda: self._refuse(408))

    def on_header(self, name: bytes, value: bytes) -> None:
        """A header by its own name."""
        super().on_header(b"upgrade" if name == _MASK else name, value)

    def on_headers_complete(self) -> None:
        """What follows is the body."""
        self._in_body, size, self._head = True, self._head, 0
        if size > USUAL.head and sum(len(name) + len(value) + 4 for name, value in self.headers) > USUAL.head:
            self._refuse(431)
        else:
            super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """A part of the body."""
        if not self._stopped:
            super().on_body(body)

    def on_message_complete(self) -> None:
        """What follows is another request."""
        self._in_body = False
        self._wait_no_longer()
        if not self._stopped:
            super().on_message_complete()


async def _nobody(_scope: Any, _receive: Any, _send: Any) -> None:
    raise NotImplementedError


@cache
def _settings() -> Config:
    """Loaded once for all sockets: no lifespan, no headers of its own, no log but of defects."""
    config = Config(
        _nobody,
        http=AsgiConnection,
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


def asgi_connection(app: App, room: Room) -> AsgiConnection:
    """A connection of that application, which is in that room."""
    state = ServerState()
    state.connections, state.tasks = room.connections, room.tasks  # type: ignore[assignment]  # any with a transport
    connection = AsgiConnection(_settings(), state, {})
    connection.app = app
    return connection
