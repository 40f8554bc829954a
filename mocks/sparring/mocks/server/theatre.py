"""Where stages get their sockets: one event loop, no server object per stage."""

import asyncio
import socket
import ssl
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from uvicorn import Config
from uvicorn.server import ServerState

from sparring.mocks.server.app import ProviderApp
from sparring.mocks.server.ca import CaError
from sparring.mocks.server.connection import App, configure, factory
from sparring.mocks.stage import SideDoor, Stage


class PortTakenError(OSError):
    """Somebody else listens on a port that was asked for; the message is one sentence."""


@dataclass(slots=True)
class _Bound:
    server: asyncio.Server
    state: ServerState = field(default_factory=ServerState)
    place: tuple[str, bool] = ("", False)
    app: App | None = None
    tls: ssl.SSLContext | None = None


class Theatre:
    """Binds stages to sockets of ``host``; with ``tls`` they speak HTTPS. Use it on one running event loop.

    ``faulty`` makes the TLS contexts of side doors, by what is wrong with the certificate and for which names it is:
    the provider's and ``names``.
    """

    def __init__(
        self,
        host: str = "127.0.0.1",
        tls: ssl.SSLContext | None = None,
        ca_file: Path | None = None,
        faulty: Callable[[str, Sequence[str]], ssl.SSLContext] | None = None,
        names: Sequence[str] = (),
    ) -> None:
        self.host = host
        self.ca_file = ca_file
        self._tls = tls
        self._faulty = faulty
        self._names = tuple(names)
        self._config: Config | None = None
        self._bound: dict[str, list[_Bound]] = {}

    async def bind(self, stage: Stage, provider: str, port: int = 0) -> str:
        """Listen for that provider of the stage and say its base URL. Port 0: any free one. PortTakenError."""
        url = await self.listen(stage.id, ProviderApp(stage, provider), port, self._tls)
        self._bound[stage.id][-1].place = (provider, False)
        return url

    async def bind_side(self, stage: Stage, provider: str, side: SideDoor) -> str:
        """Listen for that provider once more, with a certificate that has that fault, and say the base URL.

        Without TLS (``none``) the address is one that is no loopback address by its name. PortTakenError; CaError where
        the other sockets have no certificates either.
        """
        if self._faulty is None:
            raise CaError("certificates can be faulty only where the stage speaks TLS")
        names = (*stage.houses[provider].provider.hosts, *self._names)
        context = None if side.certificate == "none" else self._faulty(side.certificate, names)
        url = await self.listen(stage.id, ProviderApp(stage, provider, side), 0, context)
        self._bound[stage.id][-1].place = (provider, True)
        return url.replace("127.0.0.1", "0.0.0.0") if context is None else url

    async def adopt(self, stage: Stage, provider: str, listener: socket.socket, *, side: bool = False) -> None:
        """Serve a socket that listens already, elsewhere perhaps, as that provider's own (or its second) one is served.

        KeyError where it has none. The socket is closed with the others.
        """
        there = next((bound for bound in self._bound.get(stage.id, ()) if bound.place == (provider, side)), None)
        if there is None or there.app is None or self._config is None:
            raise KeyError(provider)
        state = ServerState()
        make = factory(self._config, there.app, state)
        server = await asyncio.get_running_loop().create_server(make, sock=listener, ssl=there.tls, backlog=512)
        self._bound[stage.id].append(_Bound(server, state))

    async def listen(self, owner: str, app: App, port: int = 0, tls: ssl.SSLContext | None = None) -> str:
        """Listen for any ASGI application; ``unbind`` its owner's id closes it. PortTakenError."""
        self._config = self._config or configure()
        state = ServerState()
        make = factory(self._config, app, state)
        loop = asyncio.get_running_loop()
        try:
            server = await loop.create_server(make, self.host, port, ssl=tls, backlog=512)
        except OSError as error:
            raise PortTakenError(f"cannot listen on {self.host}:{port}: {error.strerror or error}") from error
        self._bound.setdefault(owner, []).append(_Bound(server, state, app=app, tls=tls))
        actual = server.sockets[0].getsockname()[1]
        shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(self.host, self.host)
        return f"{'https' if tls else 'http'}://{shown}:{actual}"

    async def unbind(self, stage_id: str) -> None:
        """Close the stage's sockets and whatever is connected to them."""
        for bound in self._bound.pop(stage_id, []):
            bound.server.close()
            for connection in list(bound.state.connections):
                connection.transport.abort()
            for task in list(bound.state.tasks):
                task.cancel()
            await asyncio.gather(*bound.state.tasks, return_exceptions=True)

    async def close(self) -> None:
        """Close everything."""
        for stage_id in list(self._bound):
            await self.unbind(stage_id)
