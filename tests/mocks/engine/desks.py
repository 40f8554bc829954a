"""A provider's desk for tests of the engine alone: no stage, no provider."""

from typing import TypeVar

from sparring.mocks.engine.clock import Clock
from sparring.mocks.engine.desk import Desk
from sparring.mocks.engine.entropy import Entropy
from sparring.mocks.engine.keys import SigningKey, development_keys
from sparring.mocks.engine.store import Store, Taken
from sparring.mocks.storage.memory import MemoryStore
from tests.mocks.stages import Wall

R = TypeVar("R")


class NotingStore(MemoryStore):
    """A store that notes every key that is asked for, and of every one that is written from when on it may be forgotten
    and whether it is new.
    """

    def __init__(self) -> None:
        super().__init__(Wall())
        self.asked: list[str] = []
        self.written: list[tuple[str, float | None, bool]] = []

    async def get(self, kind: type[R], key: str) -> R | None:
        """Read a record, consumed or not."""
        self.asked.append(key)
        return await super().get(kind, key)

    async def take(self, kind: type[R], key: str) -> Taken[R] | None:
        """Consume a record."""
        self.asked.append(key)
        return await super().take(kind, key)

    async def put(self, key: str, record: object, *, until: float | None = None, new: bool = False) -> None:
        """Write a record, over an older one of its type and key."""
        self.written.append((key, until, new))
        await super().put(key, record, until=until, new=new)


def make_desk(*, seed: int = 0, store: Store | None = None) -> Desk:
    """A desk with a clock that stands still, an empty store and the first development key."""
    clock = Clock(Wall())
    return Desk(
        provider="trainer",
        clock=clock,
        entropy=Entropy(seed),
        store=store or MemoryStore(clock.now),
        keys=[SigningKey("k", development_keys()[0])],
        lifetimes={"access_token": 60, "refresh_token": 600, "code": 30},
    )
