"""What goes wrong inside an answer: it drips, ends too soon, is shorter than announced, never comes after its head, or
is far too much.
"""

import asyncio
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import ClassVar

from sparring.mocks.engine.messages import Answer
from sparring.mocks.faults.http_effect import rule_of, with_header
from sparring.mocks.faults.scene import Scene
from sparring.mocks.faults.schema import within
from sparring.mocks.faults.wire import WireEffect, until_left

LARGEST = 1 << 28
_BLOCK = 1 << 18
_WAITING = 1 << 20
_PHRASES = {status.value: status.phrase for status in HTTPStatus}


@dataclass(frozen=True)
class Spoilt(WireEffect):
    """The provider's own answer, spoilt on its way."""

    when: ClassVar[str] = "after"
    moments: ClassVar[tuple[str, ...]] = ("after",)


@dataclass(frozen=True)
class Drip(Spoilt):
    """The head at once, then ``size`` bytes of the body every ``interval`` seconds, and the end."""

    kind: ClassVar[str] = "drip"
    complete: ClassVar[bool] = True

    size: int = 1
    interval: float = 0.1

    def __post_init__(self) -> None:
        """Refuse drops that are none, and those that nobody lives to see."""
        within("size", self.size, 1, 1 << 20)
        within("interval", self.interval, 0, 60)

    async def play(self, transport: asyncio.Transport, spoilt: Answer | None = None) -> None:
        """Drop by drop, as long as somebody is there."""
        if spoilt is not None:
            transport.write(head(spoilt, len(spoilt.body)))
            for start in range(0, len(spoilt.body), self.size):
                await asyncio.sleep(self.interval)
                if transport.is_closing():
                    return
                transport.write(spoilt.body[start : start + self.size])
        transport.close()


@dataclass(frozen=True)
class Cut(Spoilt):
    """The head, the first ``sent`` bytes of the body (None: half of it), and the connection is closed."""

    kind: ClassVar[str] = "cut"

    sent: int | None = None

    def __post_init__(self) -> None:
        """Refuse a number that is none."""
        if self.sent is not None:
            within("sent", self.sent, 0, LARGEST)

    async def play(self, transport: asyncio.Transport, spoilt: Answer | None = None) -> None:
        """Write a part and close; at least the last byte is missing."""
        if spoilt is not None:
            size = len(spoilt.body)
            sent = size // 2 if self.sent is None else min(self.sent, max(size - 1, 0))
            transport.write(head(spoilt, max(size, 1)) + spoilt.body[:sent])
        transport.close()


@dataclass(frozen=True)
class Short(Spoilt):
    """The whole body under a Content-Length that is ``missing`` bytes larger, and the connection is closed."""

    kind: ClassVar[str] = "short"

    missing: int = 10

    def __post_init__(self) -> None:
        """Refuse a number that is none."""
        within("missing", self.missing, 1, LARGEST)

    async def play(self, transport: asyncio.Transport, spoilt: Answer | None = None) -> None:
        """Announce too much."""
        if spoilt is not None:
            transport.write(head(spoilt, len(spoilt.body) + self.missing) + spoilt.body)
        transport.close()


@dataclass(frozen=True)
class Stall(Spoilt):
    """The head of the answer, and then silence until the client or the stage closes the connection."""

    kind: ClassVar[str] = "stall"

    async def play(self, transport: asyncio.Transport, spoilt: Answer | None = None) -> None:
        """Announce a body that never comes."""
        if spoilt is not None:
            transport.write(head(spoilt, max(len(spoilt.body), 1)))
        await until_left(transport)


@dataclass(frozen=True)
class Oversized(WireEffect):
    """The body is followed by blanks until it has ``size`` bytes; ``before``: it is an empty JSON object so long."""

    kind: ClassVar[str] = "oversized"

    size: int = 10_000_000

    def __post_init__(self) -> None:
        """Refuse a size that is none."""
        within("size", self.size, 1, LARGEST)

    def spoil(self, given: Answer | None, _scene: Scene) -> Answer:
        """The answer that is too much."""
        empty = Answer(status=200, rule=rule_of(self.kind), headers=(("Content-Type", "application/json"),), body=b"{}")
        return given or empty

    def blocks(self, body: bytes) -> Iterator[bytes]:
        """The long body, piece by piece."""
        yield body
        for start in range(len(body), self.size, _BLOCK):
            yield b" " * min(_BLOCK, self.size - start)

    async def play(self, transport: asyncio.Transport, spoilt: Answer | None = None) -> None:
        """Write all of it, as fast as it is read."""
        if spoilt is not None:
            transport.write(head(spoilt, max(self.size, len(spoilt.body))))
            for block in self.blocks(spoilt.body):
                if not await _written(transport, block):
                    return
        transport.close()


@dataclass(frozen=True)
class GzipBomb(Oversized):
    """The body is followed by blanks until it has ``size`` bytes, and compressed: few bytes on the wire, ``size`` where
    they are unpacked.
    """

    kind: ClassVar[str] = "gzip-bomb"

    async def play(self, transport: asyncio.Transport, spoilt: Answer | None = None) -> None:
        """Compress and write."""
        if spoilt is not None:
            press = zlib.compressobj(wbits=31)
            packed = bytearray()
            for block in self.blocks(spoilt.body):
                packed += press.compress(block)
                await asyncio.sleep(0)
            packed += press.flush()
            if transport.is_closing():  # nobody waited for the compressing
                return
            transport.write(head(with_header(spoilt, "Content-Encoding", "gzip"), len(packed)))
            if not await _written(transport, bytes(packed)):
                return
        transport.close()


def head(answer: Answer, length: int) -> bytes:
    """Status line and headers of an answer after which the connection ends, with that Content-Length."""
    phrase = _PHRASES.get(answer.status, "")
    framed = replace(answer, headers=tuple(pair for pair in answer.headers if pair[0].lower() != "connection"))
    framed = with_header(with_header(framed, "Content-Length", str(length)), "Connection", "close")
    lines = [f"HTTP/1.1 {answer.status} {phrase}", *(f"{name}: {value}" for name, value in framed.headers), "", ""]
    return "\r\n".join(lines).encode("utf-8", "replace")


async def _written(transport: asyncio.Transport, block: bytes) -> bool:
    """Write when there is room; False where nobody reads any more."""
    while transport.get_write_buffer_size() > _WAITING and not transport.is_closing():  # noqa: ASYNC110  no event
        await asyncio.sleep(0.005)
    if transport.is_closing():
        return False
    transport.write(block)
    await asyncio.sleep(0)
    return True
