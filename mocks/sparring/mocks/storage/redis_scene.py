"""What the servers of one stage share besides records: how it is set, what was recorded, who waits at its barrier."""

import asyncio
from collections.abc import Callable
from contextlib import suppress

from redis.asyncio.connection import AbstractConnection
from redis.exceptions import RedisError

from sparring.mocks.storage.line import pack
from sparring.mocks.storage.link import Link
from sparring.mocks.storage.promises import present
from sparring.mocks.storage.records import as_key
from sparring.mocks.storage.shared import LastingStore

_COUNTS = b"20000"
_BLOCK = 1_000
"""Milliseconds after which a wait for news ends without any."""
_PAUSE = 0.2
"""Seconds before the next wait, where Redis is away."""


class RedisScene:
    """Implements ``SharedScene``. Where Redis is away every operation raises StoreError."""

    def __init__(self, link: Link, stage: str) -> None:
        self._link = link
        self._place = f"sparring:{{{stage}}}:".encode()
        self._waiting: AbstractConnection | None = None
        self._news = b"0"
        link.keep(self._place)

    async def arrive(self, store: LastingStore, client: str | None) -> tuple[bytes, int]:
        """See ``SharedScene``."""
        return await store.arrive(self._place, client)

    async def look(self, known: bytes) -> tuple[bytes, int, bytes | None]:
        """See ``SharedScene``."""
        version, number, scene = await self._link.ask(b"l", self._place, known)
        return version or b"", number, scene

    async def publish(self, known: bytes, scene: bytes, number: int) -> bytes | None:
        """See ``SharedScene``."""
        version: bytes | None = await self._link.ask(b"s", self._place, known, scene, b"%d" % number)
        return version

    async def clear(self) -> None:
        """See ``SharedScene``."""
        await self._link.tell(b"x", self._place).kept()

    def record(self, number: int, exchange: bytes, limit: int, room: int) -> None:
        """See ``SharedScene``."""
        mark = b"%d" % number if number else b""
        batch = self._link.tell(b"w", self._place, mark, exchange, b"%d" % limit, b"%d" % room)
        promises = present()
        if promises is not None and (not promises.writes or promises.writes[-1] is not batch):
            promises.writes.append(batch)

    async def exchanges(self, after: bytes, most: int) -> list[tuple[bytes, int, bytes]]:
        """See ``SharedScene``."""
        found = await self._link.ask(b"b", self._place, after, b"%d" % most)
        return [(entry, int(members[3]), members[5]) for entry, members in found]

    async def forget_recording(self) -> None:
        """See ``SharedScene``."""
        await self._link.tell(b"o", self._place).kept()

    async def hold(self, number: int) -> None:
        """See ``SharedScene``."""
        await self._link.tell(b"h", self._place, b"%d" % number).kept()

    async def let_go(self, number: int) -> None:
        """See ``SharedScene``."""
        await self._link.tell(b"i", self._place, b"%d" % number).kept()

    async def lift(self) -> int:
        """See ``SharedScene``."""
        waiting: int = await self._link.ask(b"j", self._place)
        return waiting

    async def remark(self, note: bytes, most: int) -> int:
        """See ``SharedScene``."""
        number: int = await self._link.ask(b"m", self._place, note, b"%d" % most)
        return number

    async def remarks(self) -> tuple[int, list[bytes]]:
        """See ``SharedScene``."""
        last, kept = await self._link.ask(b"n", self._place)
        return last, kept

    async def next(self, name: str) -> int:
        """See ``Counts``."""
        value: int = await self._link.ask(b"c", self._place, as_key(name), _COUNTS, b"1")
        return value

    async def next_below(self, name: str, limit: int | None) -> int | None:
        """See ``Counts``."""
        most = b"" if limit is None else b"%d" % limit
        value: int | None = await self._link.ask(b"k", self._place, as_key(name), _COUNTS, most)
        return value

    async def take_back(self, name: str) -> None:
        """See ``Counts``."""
        await self._link.ask(b"u", self._place, as_key(name), _COUNTS)

    async def values(self, names: list[str]) -> list[int]:
        """See ``Counts``."""
        found: list[int] = await self._link.ask(b"v", self._place, b"%d" % len(names), *map(as_key, names))
        return found

    async def news(self, recorded: bytes) -> None:
        """See ``SharedScene``. A line of its own: it is blocked meanwhile."""
        keys = (self._place + b"recording", self._place + b"news")
        command = (b"XREAD", b"COUNT", b"1", b"BLOCK", b"%d" % _BLOCK, b"STREAMS", *keys, recorded, self._news)
        try:
            if self._waiting is None:
                self._waiting = await self._link.another()
            async with asyncio.timeout(_BLOCK / 1000 + self._link.patience):
                await self._waiting.send_packed_command(pack(command), check_health=False)
                found = await self._waiting.read_response(disable_decoding=True)
            for key, entries in found or ():
                if key == keys[1]:
                    self._news = entries[-1][0]
        except (RedisError, OSError):
            await self.hang_up()
            await asyncio.sleep(_PAUSE)
        except asyncio.CancelledError:
            await self.hang_up()
            raise

    def when_back(self, tell: Callable[[], None]) -> None:
        """See ``SharedScene``."""
        self._link.when_open(tell)

    async def hang_up(self) -> None:
        """See ``SharedScene``."""
        line, self._waiting = self._waiting, None
        if line is not None:
            with suppress(RedisError, OSError):
                await line.disconnect(nowait=True)
