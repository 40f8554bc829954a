"""Where stages get their sockets: one event loop, no server object per stage."""

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sparring.mocks.server.ca import CaError
from sparring.mocks.server.connection import Connection
from sparring.mocks.server.door import Door, Room
from sparring.mocks.server.limits import USUAL, Limits
from sparring.mocks.server.watch import Watch
from sparring.mocks.stage import SideDoor, Stage

App = Callable[..., Awaitable[None]]
Make = Callable[[], asyncio.BaseProtocol]


class PortTakenError(OSError):
    """Somebody else listens on a port that was asked for; the message is one sentence."""


@dataclass(slots=True)
class _Bound:
    server: asyncio.Server
    room: Room
    door: Door | None = None
    tls: ssl.SSLContext | None = None


class Theatre:
    """Binds stages to sockets of ``host``; with ``tls`` they speak HTTPS. Use it on one running event loop. ``limits``
    are those of one connection to a stage.

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
        limits: Limits = USUAL,
    ) -> None:
        self.host = host
        self.ca_file = ca_file
        self._tls = tls
        self._faulty = faulty
        self._names = tuple(names)
        self._limits = limits
        self._watch = Watch(limits.look)
        self._bound: dict[str, list[_Bound]] = {}
        self.given: dict[str, socket.socket] = {}
        """Sockets that are bound already, by what they are for: a provider, a provider and ``/side``, or the owner of
        what listens there. Each is used once.
        """

    async def bind(self, stage: Stage, provider: str, port: int = 0) -> str:
        """Listen for that provider of the stage and say its base URL. Port 0: any free one. PortTakenError."""
        return await self._open(stage.id, self._door(stage, provider), port, self._tls)

    async def bind_side(self, stage: Stage, provider: str, side: SideDoor) -> str:
        """Listen for that provider once more, with a certificate that has that fault, and say the base URL.

        Without TLS (``none``) the address is one that is no loopback address by its name. PortTakenError; CaError where
        the other sockets have no certificates either.
        """
        if self._faulty is None:
            raise CaError("certificates can be faulty only where the stage speaks TLS")
        names = (*stage.houses[provider].provider.hosts, *self._names)
        context = None if side.certificate == "none" else self._faulty(side.certificate, names)
        url = await self._open(stage.id, self._door(stage, provider, side), 0, context)
        return url.replace("127.0.0.1", "0.0.0.0") if context is None else url

    async def adopt(self, stage: Stage, provider: str, listener: socket.socket, *, side: bool = False) -> None:
        """Serve a socket that listens already, elsewhere perhaps, as that provider's own (or its second) one is served.

        KeyError where it has none. The socket is closed with the others.
        """
        doors = ((bound.door, bound.tls) for bound in self._bound.get(stage.id, ()) if bound.door is not None)
        found = [(door, tls) for door, tls in doors if (door.provider, door.side is not None) == (provider, side)]
        if not found:
            raise KeyError(provider)
        door, tls = found[0]
        loop = asyncio.get_running_loop()
        server = await loop.create_server(_maker(door), sock=listener, ssl=tls, backlog=512)
        self._bound[stage.id].append(_Bound(server, door.room))

    def _door(self, stage: Stage, provider: str, side: SideDoor | None = None) -> Door:
        return Door(stage, provider, side, self._limits, self._watch)

    async def _open(self, owner: str, door: Door, port: int, tls: ssl.SSLContext | None) -> str:
        name = door.provider if door.side is None else f"{door.provider}/side"
        url = await self._listen(owner, name, _maker(door), door.room, port, tls)
        self._bound[owner][-1].door = door
        return url

    async def listen(self, owner: str, app: App, port: int = 0, tls: ssl.SSLContext | None = None) -> str:
        """Listen for any ASGI application; ``unbind`` its owner's id closes it. PortTakenError."""
        room = Room()

        def make() -> asyncio.BaseProtocol:
            from sparring.mocks.server.asgi import asgi_connection  # noqa: PLC0415  uvicorn; often nobody connects

            return asgi_connection(app, room)

        return await self._listen(owner, owner, make, room, port, tls)

    async def _listen(
        self, owner: str, name: str, make: Make, room: Room, port: int, tls: ssl.SSLContext | None
    ) -> str:
        loop, given = asyncio.get_running_loop(), self.given.pop(name, None)
        place: dict[str, Any] = {"host": self.host, "port": port} if given is None else {"sock": given}
        try:
            server = await loop.create_server(make, **place, ssl=tls, backlog=512)
        except OSError as error:
            raise PortTakenError(f"cannot listen on {self.host}:{port}: {error.strerror or error}") from error
        self._bound.setdefault(owner, []).append(_Bound(server, room, tls=tls))
        actual = server.sockets[0].getsockname()[1]
        shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(self.host, self.host)
        return f"{'https' if tls else 'http'}://{shown}:{actual}"

    async def unbind(self, stage_id: str) -> None:
        """Close the stage's sockets and whatever is connected to them."""
        for bound in self._bound.pop(stage_id, []):
            bound.server.close()
            await bound.room.clear()

    async def close(self) -> None:
        """Close everything."""
        for stage_id in list(self._bound):
            await self.unbind(stage_id)
        self._watch.end()


def _maker(door: Door) -> Make:
    """What makes the connections at that door."""

    def make() -> Connection:
        if door.side is not None:
            door.side.connections += 1
        return Connection(door)

    return make
