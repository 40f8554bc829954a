"""The line to Redis: one connection for all stores of a process, on which whatever is asked together goes together."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from hashlib import sha1
from pathlib import Path
from typing import Any

import hiredis
from redis.asyncio.connection import AbstractConnection, ConnectionPool
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import NoScriptError, RedisError, ResponseError

from sparring.mocks.storage.promises import StoreError

SCRIPT = Path(__file__).with_name("store.lua").read_bytes()
_SHA = sha1(SCRIPT, usedforsecurity=False).hexdigest().encode()
_pack: Callable[[tuple[bytes, ...]], bytes] = hiredis.pack_command  # type: ignore[assignment]
PATIENCE = 2.0
"""Seconds for which an answer is waited for."""
FIRST_PAUSE, LONGEST_PAUSE = 0.05, 1.0
"""Seconds between two attempts to connect; each pause is twice the one before."""
HEARTBEAT = 1.0
"""Seconds between two looks whether the other side is still there."""
RENEWAL = 3600
"""Heartbeats between two renewals of the keys' lives."""


class Batch:
    """Operations that travel together. They all happen, in order and with nothing in between, or none is promised."""

    __slots__ = ("_error", "_watchers", "answers", "arguments", "ended", "size")

    def __init__(self) -> None:
        self.arguments: list[bytes] = []
        self.answers: list[tuple[int, asyncio.Future[Any]]] = []
        self.size = 0
        self.ended = False
        self._error: str | None = None
        self._watchers: list[asyncio.Future[None]] = []

    async def kept(self) -> None:
        """Wait until it is done. StoreError."""
        if not self.ended:
            watcher: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._watchers.append(watcher)
            await watcher
        if self._error is not None:
            raise StoreError(self._error)

    def done(self, replies: list[Any]) -> None:
        """Give every operation that waits its reply."""
        for index, answer in self.answers:
            if not answer.done():
                answer.set_result(replies[index])
        self._end()

    def failed(self, sentence: str) -> None:
        """Tell everybody who waits."""
        self._error = sentence
        for _, answer in self.answers:
            if not answer.done():
                answer.set_exception(StoreError(sentence))
        self._end()

    def _end(self) -> None:
        self.ended = True
        for watcher in self._watchers:
            if not watcher.done():
                watcher.set_result(None)


class Link:
    """A connection that comes back by itself. While it is lost every operation fails at once. For one event loop."""

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
        self._patience = patience
        self._next = Batch()
        self._flying: Batch | None = None
        self._wake = asyncio.Event()
        self._away: str | None = None
        self._present = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._places: set[bytes] = set()
        self._openings: dict[bytes, tuple[bytes, ...]] = {}

    def tell(self, *arguments: bytes) -> Batch:
        """Send an operation whose reply nobody needs; the batch in which it goes. StoreError where Redis is away."""
        if self._away is not None:
            raise StoreError(self._away)
        self._begin()
        batch = self._next
        batch.arguments += arguments
        batch.size += 1
        self._wake.set()
        return batch

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

    def keep(self, place: bytes) -> None:
        """Renew the lives of that place's keys for as long as this link is there."""
        self._places.add(place)

    def open_with(self, place: bytes, *operation: bytes) -> None:
        """Begin every connection with that operation, for that place; none: no longer."""
        self._openings.pop(place, None)
        if operation:
            self._openings[place] = operation

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
                    async with asyncio.timeout(self._patience):
                        await connection.connect()
                        await self._load(connection)
                        await self._reopen(connection)
                    self._away, pause = None, FIRST_PAUSE
                    self._present.set()
                    await self._serve(connection)
                except (RedisError, OSError) as error:  # a TimeoutError is an OSError
                    why = " ".join(str(error).split()) or "no answer in time"
                    self._lose(f"Redis is away: {why}")
                finally:
                    with suppress(RedisError, OSError):
                        await connection.disconnect(nowait=True)
                await asyncio.sleep(pause)
                pause = min(2 * pause, LONGEST_PAUSE)
        finally:
            self._lose("the link to Redis was closed")

    async def _load(self, connection: AbstractConnection) -> None:
        await connection.send_command("SCRIPT", "LOAD", SCRIPT)
        await connection.read_response()

    async def _reopen(self, connection: AbstractConnection) -> None:
        opening = [argument for operation in self._openings.values() for argument in operation]
        await connection.send_packed_command(_pack((b"EVALSHA", _SHA, b"0", *opening)), check_health=False)
        await connection.read_response(disable_decoding=True)

    async def _serve(self, connection: AbstractConnection) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            self._flying, self._next = self._next, Batch()
            packed = _pack((b"EVALSHA", _SHA, b"0", *self._flying.arguments))
            try:
                async with asyncio.timeout(self._patience):
                    await connection.send_packed_command(packed, check_health=False)
                    try:
                        replies = await connection.read_response(disable_decoding=True)
                    except NoScriptError:  # somebody emptied the cache of scripts; nothing was done
                        await self._load(connection)
                        await connection.send_packed_command(packed, check_health=False)
                        replies = await connection.read_response(disable_decoding=True)
            except ResponseError as error:
                self._flying.failed(f"Redis refuses: {error}")
            else:
                self._flying.done(replies)
            self._flying = None

    def _lose(self, sentence: str) -> None:
        """Nothing that is on its way will be answered."""
        self._away = sentence
        self._present.clear()
        waiting, self._next = self._next, Batch()
        self._wake.clear()
        for batch in (self._flying, waiting):
            if batch is not None and not batch.ended:
                batch.failed(sentence)
        self._flying = None

    async def _beat(self) -> None:
        """Notice in quiet times that the other side has gone, and renew what shall live."""
        beats = 0
        while True:
            if self._away is None:
                self._wake.set()
                if beats % RENEWAL == 0:
                    for place in self._places:
                        self.tell(b"r", place)
            beats += 1
            await asyncio.sleep(HEARTBEAT)
