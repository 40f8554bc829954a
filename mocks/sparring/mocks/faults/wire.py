"""What goes wrong below HTTP instead of an answer: silence, an orderly close, a reset, garbage."""

import asyncio
import socket
import struct
from dataclasses import dataclass
from typing import ClassVar

from sparring.mocks.engine.messages import Answer
from sparring.mocks.faults.http_effect import rule_of
from sparring.mocks.faults.scene import Scene
from sparring.mocks.faults.schema import Effect, Place, within


@dataclass(frozen=True)
class WireEffect(Effect):
    """Something done to the connection instead of answering on it as HTTP would."""

    place: ClassVar[Place] = Place.WIRE
    complete: ClassVar[bool] = False
    """Whether what arrives is a whole answer after all."""

    def spoil(self, given: Answer | None, _scene: Scene) -> Answer | None:
        """What the effect works on: the answer that would have gone out, or octets of its own."""
        return given

    async def play(self, transport: asyncio.Transport, spoilt: Answer | None = None) -> None:
        """Do it; no byte of an HTTP answer was written."""
        raise NotImplementedError


Outcome = tuple[Answer | None, WireEffect | None]
"""What goes out: an answer; a wire fault with what it spoils; or nothing yet."""


async def until_left(transport: asyncio.Transport) -> None:
    """Wait for the other side to give up."""
    while not transport.is_closing():  # noqa: ASYNC110  a transport has no event for this
        await asyncio.sleep(0.05)


@dataclass(frozen=True)
class Hang(WireEffect):
    """The request is read and never answered; the connection stays open until the client or the stage closes it."""

    kind: ClassVar[str] = "hang"

    async def play(self, transport: asyncio.Transport, _spoilt: Answer | None = None) -> None:
        """Wait."""
        await until_left(transport)


@dataclass(frozen=True)
class Close(WireEffect):
    """The connection is closed in order, without an answer."""

    kind: ClassVar[str] = "close"

    async def play(self, transport: asyncio.Transport, _spoilt: Answer | None = None) -> None:
        """Close."""
        transport.close()


@dataclass(frozen=True)
class Reset(WireEffect):
    """The connection is reset: the client reads ECONNRESET, over TLS as well."""

    kind: ClassVar[str] = "reset"

    async def play(self, transport: asyncio.Transport, _spoilt: Answer | None = None) -> None:
        """Abort with SO_LINGER 0, so that the kernel sends an RST."""
        sock = transport.get_extra_info("socket")
        if sock is not None:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        transport.abort()


@dataclass(frozen=True)
class Garbage(WireEffect):
    """Random octets, which are no HTTP, and the end."""

    kind: ClassVar[str] = "garbage"

    size: int = 64

    def __post_init__(self) -> None:
        """Refuse a size that is none."""
        within("size", self.size, 1, 1 << 20)

    def spoil(self, _given: Answer | None, scene: Scene) -> Answer:
        """Octets that differ from one to the next, the first of them no letter."""
        octets = scene.desk.entropy.draw(self.size, scene.desk.provider, self.kind)
        return Answer(status=200, rule=rule_of(self.kind), body=bytes([octets[0] | 0x80]) + octets[1:])

    async def play(self, transport: asyncio.Transport, spoilt: Answer | None = None) -> None:
        """Write them and close."""
        if spoilt is not None:
            transport.write(spoilt.body)
        transport.close()
