"""Looking at a stage's recording, and waiting for what comes: events, no polling."""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Iterable
from typing import NamedTuple

from sparring.mocks.control.interface import ControlError, Json
from sparring.mocks.engine.clients import Client
from sparring.mocks.engine.users import User
from sparring.mocks.recorder.exchange import Exchange
from sparring.mocks.recorder.redact import Redactor
from sparring.mocks.stage import Stage

LONGEST_WAIT = 300
BACKLOG = 5_000
"""Exchanges that a stream keeps for a reader who is slow."""


class Wanted(NamedTuple):
    """Which exchanges: of one provider or endpoint if named, with a number beyond ``since``."""

    provider: str | None
    endpoint: str | None
    since: int

    def covers(self, exchange: Exchange) -> bool:
        """Whether it is one of them."""
        return (
            exchange.n > self.since
            and self.provider in {None, exchange.provider}
            and self.endpoint in {None, exchange.endpoint}
        )


async def redactor(stage: Stage, seen: Iterable[Exchange]) -> Redactor:
    """A redactor that knows what is registered on the stage, and what those exchanges showed."""
    known: list[tuple[str, str]] = []
    for house in stage.houses.values():
        clients = (*house.clients, *await house.desk.store.every(Client))
        users = (*house.users, *await house.desk.store.every(User))
        known += [(client.secret, "client_secret") for client in clients if client.secret is not None]
        known += [(user.password, "password") for user in users]
    made = Redactor(known)
    for exchange in seen:
        made.learn(exchange.as_json())
    return made


async def look(stage: Stage, wanted: Wanted, *, redacted: bool) -> list[tuple[Json, float]]:
    """The exchanges, each with the seconds that it took."""
    chosen = [(exchange.as_json(), exchange.took) for exchange in stage.recorder.select(*wanted)]
    if not redacted:
        return chosen
    reader = await redactor(stage, stage.recorder.select())
    return [(reader.exchange(document), took) for document, took in chosen]


async def wait(stage: Stage, wanted: Wanted, count: int, timeout: float) -> list[Json]:  # noqa: ASYNC109  it is the wish
    """The exchanges, once ``count`` of them have settled."""
    if count < 1 or not 0 <= timeout <= LONGEST_WAIT:
        raise ControlError(f'"count" is a number from 1 up, "timeout" one from 0 to {LONGEST_WAIT}')
    news = asyncio.Event()

    def settled() -> list[Exchange]:
        return [exchange for exchange in stage.recorder.select(*wanted) if exchange.settled]

    with stage.recorder.listening(lambda _: news.set()):
        try:
            async with asyncio.timeout(timeout):
                while len(settled()) < count:
                    if stage.recorder.closed:
                        raise ControlError(f"the stage {stage.id!r} was closed", 404)
                    news.clear()
                    await news.wait()
        except TimeoutError as error:
            sentence = f"after {timeout:g} s there are {len(settled())} such exchanges, not {count}"
            raise ControlError(sentence, 408) from error
    return [exchange.as_json() for exchange in settled()]


async def stream(stage: Stage, wanted: Wanted, *, redacted: bool) -> AsyncGenerator[Json, None]:
    """The exchanges that have ended, then each one when it does."""
    news, coming = asyncio.Event(), deque[Exchange](maxlen=BACKLOG)

    def note(exchange: Exchange | None) -> None:
        if exchange is not None and exchange.ended:
            coming.append(exchange)
        news.set()

    with stage.recorder.listening(note):
        kept = stage.recorder.select(*(() if redacted else wanted))  # a redactor learns from all of them
        coming.extend(exchange for exchange in kept if exchange.ended)
        reader = await redactor(stage, ()) if redacted else None
        while True:
            while coming:
                exchange = coming.popleft()
                if reader is None and not wanted.covers(exchange):
                    continue
                document = exchange.as_json()
                if reader is not None:
                    document = reader.exchange(document)
                if wanted.covers(exchange):
                    yield document
            if stage.recorder.closed:
                return
            news.clear()
            await news.wait()
