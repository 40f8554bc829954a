"""The line to Redis: one connection for all stores of a process, on which whatever is asked together goes together."""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from redis.asyncio.connection import AbstractConnection, ConnectionPool
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from sparring.mocks.storage.line import SCRIPT, SHA, Batch, Line, pack
from sparring.mocks.storage.promises import StoreError

_log = logging.getLogger("sparring.mocks.storage")

PATIENCE = 2.0
"""Seconds for which an answer is waited for."""
FIRST_PAUSE, LONGEST_PAUSE = 0.05, 1.0
"""Seconds between two attempts to connect; each pause is twice the one before."""
HEARTBEAT = 1.0
"""Seconds between two looks whether the other side is still there."""
RENEWAL = 3600
"""Heartbeats between two renewals of the keys' lives."""


class Link:
    """A connection that comes back by itself. While it is lost every operation fails at once. For one event loop.

    The redis library connects; then the bytes are read where they arrive, without a task that would have to be woken.
    """

    def __init__(self, url: str, *, patience: float = PATIENCE) -> None:
        """``url``: redis://, rediss:// or unix://, as the redis library reads it; ValueError where it is none."""
        self._pool = ConnectionPool.from_url(
            url,
            protocol=2,
            decode_responses=False,
            socket_connect_timeout=patience,
            socket_timeout=None,
            retry=Retry(NoBackoff(), 0),
            health_check_interval=0,
        )
        self.patience = patience
        self._next = Batch()
        self._line: Line | None = None
        self._due = False
        self._away: str | None = None
        self._present = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._places: set[bytes] = set()
        self._openers: list[Callable[[], None]] = []
        self._openings: dict[bytes, tuple[bytes, ...]] = {}

    def tell(self, *arguments: bytes) -> Batch:
        """Send an operation whose reply nobody needs; the batch in which it goes. StoreError where Redis is away."""
        if self._away is not None:
            raise StoreError(self._away)
        batch = self._next
        batch.arguments += arguments
        batch.size += 1
        if not self._due:
            self._due = True
            self._begin()
            asyncio.get_running_loop().call_soon(self._send)
        return batch

    def _send(self) -> None:
        """What is asked for in one turn of the event loop goes together, once the batch before has come back."""
        line = self._line
        if line is not None and line.flying is None and self._next.size:
            batch, self._next = self._next, Batch()
            self._due = False
            line.send(batch)

    def _begin(self) -> None:
        if not self._tasks:
            self._tasks = [asyncio.create_task(self._run()), asyncio.create_task(self._beat())]

    async def there(self) -> None:
        """Wait until there is a connection."""
        self._begin()
        await self._present.wait()

    def ask(self, *arguments: bytes) -> asyncio.Future[Any]:
        """Send an operation; its reply is to be awaited. StoreError, now or then."""
        batch = self.tell(*arguments)
        answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        batch.answers.append((batch.size - 1, answer))
        return answer

    async def another(self) -> AbstractConnection:
        """A connection besides, for whoever waits there for long. RedisError, OSError."""
        connection: AbstractConnection = self._pool.make_connection()  # type: ignore[no-untyped-call]
        async with asyncio.timeout(self.patience):
            await connection.connect()  # type: ignore[no-untyped-call]
        return connection

    def keep(self, place: bytes) -> None:
        """Renew the lives of that place's keys for as long as this link is there."""
        self._places.add(place)

    def open_with(self, place: bytes, *operation: bytes) -> None:
        """Begin every connection with that operation, for that place; none: no longer."""
        self._openings.pop(place, None)
        if operation:
            self._openings[place] = operation

    def when_open(self, tell: Callable[[], None]) -> None:
        """Call that whenever there is a connection again."""
        self._openers.append(tell)

    async def close(self) -> None:
        """Send what is left, and hang up."""
        if self._next.size:
            with suppress(StoreError):
                await self._next.kept()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks = []

    async def _run(self) -> None:
        """Connect, serve until the connection is lost, and again."""
        pause = FIRST_PAUSE
        try:
            while True:
                connection = self._pool.make_connection()  # type: ignore[no-untyped-call]
                try:
                    async with asyncio.timeout(self.patience):
                        await connection.connect()
                        await self._open(connection)
                    self._line = Line(connection, self.patience, self._send)
                    self._away, pause = None, FIRST_PAUSE
                    self._present.set()
                    self._send()
                    for tell in self._openers:
                        tell()
                    await self._line.lost
                except (RedisError, OSError) as error:  # a TimeoutError is an OSError
                    why = " ".join(str(error).split()) or "no answer in time"
                    self._lose(f"Redis is away: {why}")
                except Exception as defect:  # noqa: BLE001  of ours; it may be gone with the next connection
                    _log.exception("the link to Redis broke")
                    self._lose(f"the link to Redis broke: {type(defect).__name__}")
                finally:
                    with suppress(RedisError, OSError):
                        await connection.disconnect(nowait=True)
                await asyncio.sleep(pause)
                pause = min(2 * pause, LONGEST_PAUSE)
        finally:
            self._lose("the link to Redis was closed")

    async def _open(self, connection: AbstractConnection) -> None:
        await connection.send_command("SCRIPT", "LOAD", SCRIPT)
        await connection.read_response()
        opening = [argument for operation in self._openings.values() for argument in operation]
        await connection.send_packed_command(pack((b"EVALSHA", SHA, b"0", *opening)), check_health=False)
        await connection.read_response(disable_decoding=True)

    def _lose(self, sentence: str) -> None:
        """Nothing that is on its way will be answered."""
        self._away = sentence
        self._present.clear()
        line, self._line = self._line, None
        if line is not None:
            line.lost.cancel()  # unless it is: whoever closes it does not want to hear of that
        waiting, self._next = self._next, Batch()
        self._due = False
        for batch in (None if line is None else line.flying, waiting):
            if batch is not None and not batch.ended:
                batch.failed(sentence)

    async def _beat(self) -> None:
        """Notice in quiet times that the other side has gone, and renew what shall live."""
        beats = 0
        while True:
            if self._line is not None:
                if beats % RENEWAL == 0:
                    for place in self._places:
                        self.tell(b"r", place)
                elif self._line.flying is None:
                    self._line.send(Batch())
            beats += 1
            await asyncio.sleep(HEARTBEAT)
