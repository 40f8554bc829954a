"""The recorder: bounded, in order of arrival."""

from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice

from sparring.mocks.engine.messages import Request
from sparring.mocks.recorder.exchange import Exchange
from sparring.mocks.recorder.packing import Packed, pack, unpack

Listener = Callable[[Exchange | None], None]
"""Told of every exchange that settles, and None at the recorder's end."""


LIMIT = 10_000
"""Exchanges that are kept."""

ROOM = 64 << 20
"""Bytes of headers and bodies that are kept with them."""

_WORTH_PACKING = 1 << 14
"""Bytes of an exchange from which on it is rather kept as it is than copied."""


class Recorder:
    """Keeps the last ``limit`` exchanges, and of those the last that fit into ``room`` bytes; the newest in any case.
    Those that are over are packed, and unpacked for whoever selects them.

    ``elapsed`` tells real seconds since the stage opened, ``now`` stage time.
    """

    def __init__(
        self, now: Callable[[], float], elapsed: Callable[[], float], limit: int = LIMIT, room: int = ROOM
    ) -> None:
        self._now = now
        self._elapsed = elapsed
        self._limit = limit
        self._room = room
        self._exchanges: deque[Exchange | Packed] = deque()
        """Their numbers follow each other, up to the last one."""
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

    def _weigh(self, exchange: Exchange, *, over: bool = False) -> None:
        """Count its bytes as they are now, and forget the oldest exchanges where they are too many."""
        place = exchange.n - self._count - 1
        if -place > len(self._exchanges):
            return  # forgotten before it ended
        size = exchange.size
        self._size += size - exchange.weighed
        exchange.weighed = size
        if over and size < _WORTH_PACKING and (packed := pack(exchange)) is not None:
            self._exchanges[place] = packed
        while self._size > self._room and len(self._exchanges) > 1:
            self._forget()

    def _forget(self) -> None:
        oldest = self._exchanges.popleft()
        self._size -= oldest[-1] if isinstance(oldest, tuple) else oldest.weighed

    def hold(self, exchange: Exchange) -> None:
        """The request waits at the barrier."""
        exchange.held = True
        self._weigh(exchange)
        self._tell(exchange)

    def end(self, exchange: Exchange) -> None:
        """The request has been answered, or never will be."""
        exchange.ended = True
        exchange.took = self._elapsed() - exchange.elapsed
        exchange.request.forget_parameters()
        self._weigh(exchange, over=True)
        self._tell(exchange)

    def close(self) -> None:
        """Nothing more will come."""
        self.closed = True
        self._tell(None)

    def _tell(self, exchange: Exchange | None) -> None:
        for listener in tuple(self._listeners):
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
        before = self._count - len(self._exchanges)
        kept = islice(self._exchanges, max(since - before, 0), None)
        exchanges = (unpack(each) if isinstance(each, tuple) else each for each in kept)
        return [each for each in exchanges if provider in {None, each.provider} and endpoint in {None, each.endpoint}]

    def clear(self) -> None:
        """Forget what was recorded; numbers go on."""
        self._exchanges.clear()
        self._size = 0
