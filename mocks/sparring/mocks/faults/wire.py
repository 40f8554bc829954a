"""What goes wrong below HTTP: silence, an orderly close, a reset."""

import asyncio
import socket
import struct
from dataclasses import dataclass
from typing import ClassVar

from sparring.mocks.faults.schema import Effect, Place


@dataclass(frozen=True)
class WireEffect(Effect):
    """Something done to the connection instead of answering on it."""

    place: ClassVar[Place] = Place.WIRE

    async def play(self, transport: asyncio.Transport) -> None:
        """Do it; no byte of an HTTP answer was written."""
        raise NotImplementedError


@dataclass(frozen=True)
class Hang(WireEffect):
    """The request is read and never answered; the connection stays open until the client or the stage closes it."""

    kind: ClassVar[str] = "hang"

    async def play(self, transport: asyncio.Transport) -> None:
        """Wait for the other side to give up."""
        while not transport.is_closing():  # noqa: ASYNC110  a transport has no event for this
            await asyncio.sleep(0.05)


@dataclass(frozen=True)
class Close(WireEffect):
    """The connection is closed in order, without an answer."""

    kind: ClassVar[str] = "close"

    async def play(self, transport: asyncio.Transport) -> None:
        """Close."""
        transport.close()


@dataclass(frozen=True)
class Reset(WireEffect):
    """The connection is reset: the client reads ECONNRESET, over TLS as well."""

    kind: ClassVar[str] = "reset"

    async def play(self, transport: asyncio.Transport) -> None:
        """Abort with SO_LINGER 0, so that the kernel sends an RST."""
        sock = transport.get_extra_info("socket")
        if sock is not None:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        transport.abort()
