"""A provider's desk for tests of the engine alone: no stage, no provider."""

from sparring.mocks.engine.clock import Clock
from sparring.mocks.engine.desk import Desk
from sparring.mocks.engine.entropy import Entropy
from sparring.mocks.engine.keys import SigningKey, development_keys
from sparring.mocks.engine.store import Store
from sparring.mocks.storage.memory import MemoryStore
from tests.mocks.stages import Wall


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
