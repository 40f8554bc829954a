"""Storage that outlives a stage, or that several servers open at the same place."""

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

from sparring.mocks.engine.clock import Clock
from sparring.mocks.engine.store import Store


@runtime_checkable
class LastingStore(Store, Protocol):
    """A store whose records do not go with the object."""

    async def furnish(self, records: Sequence[tuple[str, object]]) -> None:
        """Write what it begins with, by key, unless these very records were written already."""
        ...

    async def clear(self) -> None:
        """Forget everything."""
        ...


@runtime_checkable
class SharedStorage(Protocol):
    """Makes stores that may hold something already; ``__call__`` makes an empty one for this process alone."""

    def __call__(self, clock: Clock) -> Store:
        """An empty store, for a stage of this process."""
        ...

    def at(self, stage: str, provider: str, clock: Clock) -> Store:
        """The store of that provider on that stage, with what it holds."""
        ...
