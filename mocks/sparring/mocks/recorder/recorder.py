"""The recorder: bounded, in order of arrival."""

from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sparring.mocks.engine.messages import Request
from sparring.mocks.recorder.exchange import Exchange

Listener = Callable[[Exchange | None], None]
"""Told of every exchange that settles, and None at the recorder's end."""


LIMIT = 10_000
"""Exchanges that are kept."""

ROOM = 64 << 20
"""Bytes of headers and bodies that are kept with them."""


class Recorder:
    """Keeps the last ``limit`` exchanges, and of those the last that fit into ``room`` bytes; the newest in any case.
    ``elapsed`` tells real seconds since the stage opened, ``now`` stage time.
    """

    def __init__(
        self, now: Callable[[], float], elapsed: Callable[[], float], limit: int = LIMIT, room: int = ROOM
    ) -> None:
        self._now = now
        self._elapsed = elapsed
        self._limit = limit
        self._room = room
        self._exchanges: deque[Exchange] = deque()
        self._size = 0
        self._count = 0
        self._listeners: list[Listener] = []
        self.closed = False

    def begin(self, provider: str, endpoint: str, request: Request, connection: int = 0) -> Exchange:
        """A request has arrived; the exchange has its number from now on."""
        self._count += 1
        exchange = Exchange(
            n=self._count,
            provider=provider,
            endpoint=endpoint,
            request=request,
            at=self._now(),
            elapsed=self._elapsed(),
            connection=connection,
        )
        self._exchanges.append(exchange)
        if len(self._exchanges) > self._limit:
            self._forget()
        return exchange

    def _weigh(self, exchange: Exchange) -> None:
        """Count its bytes as they are now, and forget the oldest exchanges where they are too many."""
        if exchange.n < self._exchanges[0].n:
            return  # forgotten before it ended
        size = exchange.size
        self._size += size - exchange.weighed
        exchange.weighed = size
        while self._size > self._room and len(self._exchanges) > 1:
            self._forget()

    def _forget(self) -> None:
        self._size -= self._exchanges.popleft().weighed

    def hold(self, exchange: Exchange) -> None:
        """The request waits at the barrier."""
        exchange.held = True
        if self._exchanges:
            self._weigh(exchange)
        self._tell(exchange)

    def end(self, exchange: Exchange) -> None:
        """The request has been answered, or never will be."""
        exchange.ended = True
        exchange.took = self._elapsed() - exchange.elapsed
        exchange.request.forget_parameters()
        if self._exchanges:
            self._weigh(exchange)
        self._tell(exchange)

    def close(self) -> None:
        """Nothing more will come."""
        self.closed = True
        self._tell(None)

    def _tell(self, exchange: Exchange | None) -> None:
        for listener in list(self._listeners):
            listener(exchange)

    @contextmanager
    def listening(self, listener: Listener) -> Iterator[None]:
        """Tell that listener of every exchange until the block ends."""
        self._listeners.append(listener)
        try:
            yield
        finally:
            self._listeners.remove(listener)

    @property
    def count(self) -> int:
        """How many requests have arrived in all."""
        return self._count

    def select(self, provider: str | None = None, endpoint: str | None = None, since: int = 0) -> list[Exchange]:
        """The exchanges kept, of one provider or endpoint if named, with a number beyond ``since``."""
        return [
            exchange
            for exchange in self._exchanges
            if exchange.n > since and provider in {None, exchange.provider} and endpoint in {None, exchange.endpoint}
        ]

    def clear(self) -> None:
        """Forget what was recorded; numbers go on."""
        self._exchanges.clear()
        self._size = 0
