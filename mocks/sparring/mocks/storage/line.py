"""One connection to Redis while it lasts, and the batches of operations that go over it one after another."""

import asyncio
from collections.abc import Callable
from hashlib import sha1
from pathlib import Path
from typing import Any

import hiredis
from redis.asyncio.connection import AbstractConnection
from redis.exceptions import ConnectionError as LostError

from sparring.mocks.storage.promises import StoreError

SCRIPT = Path(__file__).with_name("store.lua").read_bytes()
SHA = sha1(SCRIPT, usedforsecurity=False).hexdigest().encode()
pack: Callable[[tuple[bytes, ...]], bytes] = hiredis.pack_command  # type: ignore[assignment]


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


class Line(asyncio.Protocol):
    """Takes over a connection that the redis library has opened. One batch is on its way at a time; ``idle`` is called
    when it has come back. ``lost`` fails when the connection does, or has not answered for ``patience`` seconds.
    """

    def __init__(self, connection: AbstractConnection, patience: float, idle: Callable[[], None]) -> None:
        writer = getattr(connection, "_writer", None)  # the one way to what it has opened
        if not isinstance(writer, asyncio.StreamWriter):
            raise LostError("this version of the redis library keeps its connections to itself")
        self._transport = writer.transport
        self._transport.set_protocol(self)
        self._loop = asyncio.get_running_loop()
        self._replies = hiredis.Reader()
        self._patience = patience
        self._idle = idle
        self._sent_at = 0.0
        self._looking: asyncio.TimerHandle | None = None
        self.flying: Batch | None = None
        self.lost: asyncio.Future[None] = self._loop.create_future()

    def send(self, batch: Batch) -> None:
        """Send a batch; none may be on its way."""
        self.flying = batch
        self._sent_at = self._loop.time()
        if self._looking is None:
            self._looking = self._loop.call_later(self._patience, self._look)
        self._transport.write(pack((b"EVALSHA", SHA, b"0", *batch.arguments)))

    def data_received(self, data: bytes) -> None:
        """Read what has come."""
        self._replies.feed(data)
        try:
            while (replies := self._replies.gets()) is not False:
                self._landed(replies)
        except hiredis.HiredisError as error:
            self._lose(error)

    def _landed(self, replies: Any) -> None:
        batch = self.flying
        if batch is None:
            return
        if isinstance(replies, hiredis.ReplyError):
            if str(replies).startswith("NOSCRIPT"):  # somebody emptied the cache of scripts; nothing was done
                self._transport.write(pack((b"EVAL", SCRIPT, b"0", *batch.arguments)))
                return
            self.flying = None
            batch.failed(f"Redis refuses: {replies}")
        else:
            self.flying = None
            batch.done(replies)
        self._idle()

    def _look(self) -> None:
        """Whether an answer is overdue; once in a while, rather than at every batch."""
        self._looking = None
        if self.flying is None or self.lost.done():
            return
        overdue = self._sent_at + self._patience - self._loop.time()
        if overdue <= 0:
            self._lose(TimeoutError("no answer in time"))
        else:
            self._looking = self._loop.call_later(overdue, self._look)

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing more will come."""
        self._lose(exc or LostError("Connection closed by server."))

    def _lose(self, error: Exception) -> None:
        if not self.lost.done():
            known = isinstance(error, OSError | LostError)
            self.lost.set_exception(error if known else LostError(str(error)))
        self._transport.abort()
