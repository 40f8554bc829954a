"""The recorder of a stage that is shared: what it keeps, it has from where all servers tell of their exchanges."""

from bisect import insort
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sparring.mocks.engine.messages import Request
from sparring.mocks.recorder.exchange import Exchange
from sparring.mocks.recorder.recorder import LIMIT, ROOM, Listener, Recorder


class Echo(Recorder):
    """Keeps nothing of this server's own exchanges until they come back with those of the others (``enter``), so that a
    server of which nobody asks for the recording has none.

    ``owe`` takes an exchange that ended and was not told of; ``follow`` is called when somebody begins to listen.
    """

    def __init__(
        self,
        now: Callable[[], float],
        elapsed: Callable[[], float],
        owe: Callable[[Exchange], None],
        follow: Callable[[], None],
    ) -> None:
        super().__init__(now, elapsed)
        self._time, self._age = now, elapsed
        self._owe = owe
        self._follow = follow
        self._kept: dict[int, Exchange] = {}
        self._order: list[int] = []
        self._room_taken = 0
        self._listening: list[Listener] = []
        self.last = 0
        """The highest number that is known."""
        self.cleared = 0
        """Exchanges up to that number are forgotten."""

    def begin(self, provider: str, endpoint: str, request: Request, connection: int = 0) -> Exchange:
        """A request has arrived; it is numbered where all of them are."""
        return Exchange(
            n=0,
            provider=provider,
            endpoint=endpoint,
            request=request,
            at=self._time(),
            elapsed=self._age(),
            connection=connection,
        )

    def numbered(self, exchange: Exchange, number: int) -> None:
        """It has its number, and the stage's time may have become another."""
        exchange.n, exchange.at = number, self._time()
        self.last = max(self.last, number)

    def hold(self, exchange: Exchange) -> None:
        """The request waits at the barrier."""
        exchange.held = True

    def finish(self, exchange: Exchange) -> None:
        """It is known what becomes of it."""
        exchange.ended = True
        exchange.held = False
        exchange.took = self._age() - exchange.elapsed

    def end(self, exchange: Exchange) -> None:
        """The request has been answered; whoever has not told of it by now does so when he can."""
        if not exchange.ended:
            self.finish(exchange)
            self._owe(exchange)

    def enter(self, exchange: Exchange) -> None:
        """One that some server has told of."""
        self.last = max(self.last, exchange.n)
        if exchange.n <= self.cleared:
            return
        before = self._kept.get(exchange.n)
        if before is None:
            insort(self._order, exchange.n)
        else:
            self._room_taken -= before.weighed
        exchange.weighed = exchange.size
        self._room_taken += exchange.weighed
        self._kept[exchange.n] = exchange
        while len(self._order) > 1 and (len(self._order) > LIMIT or self._room_taken > ROOM):
            self._room_taken -= self._kept.pop(self._order.pop(0)).weighed
        self._tell_all(exchange)

    def close(self) -> None:
        """Nothing more will come."""
        self.closed = True
        self._tell_all(None)

    def _tell_all(self, exchange: Exchange | None) -> None:
        for listener in list(self._listening):
            listener(exchange)

    @contextmanager
    def listening(self, listener: Listener) -> Iterator[None]:
        """Tell that listener of every exchange until the block ends."""
        self._listening.append(listener)
        self._follow()
        try:
            yield
        finally:
            self._listening.remove(listener)

    @property
    def heard(self) -> bool:
        """Whether somebody listens."""
        return bool(self._listening)

    @property
    def count(self) -> int:
        """How many requests have arrived in all, as far as is known here."""
        return self.last

    def select(self, provider: str | None = None, endpoint: str | None = None, since: int = 0) -> list[Exchange]:
        """The exchanges kept, of one provider or endpoint if named, with a number beyond ``since``."""
        kept = (self._kept[number] for number in self._order if number > since)
        return [each for each in kept if provider in {None, each.provider} and endpoint in {None, each.endpoint}]

    def clear(self) -> None:
        """Forget what was recorded; numbers go on."""
        self.forget(self.last)

    def forget(self, up_to: int) -> None:
        """Forget the exchanges up to that number."""
        self.cleared = up_to
        gone = [number for number in self._order if number <= up_to]
        del self._order[: len(gone)]
        for number in gone:
            self._room_taken -= self._kept.pop(number).weighed
