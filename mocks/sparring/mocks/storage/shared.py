"""Storage that outlives a stage, or that several servers open at the same place."""

from collections.abc import Callable, Sequence
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

    def renew(self) -> None:
        """Somebody else has cleared it: what was known of it here holds no longer."""
        ...

    async def arrive(self, scene: bytes, client_id: str | None) -> tuple[bytes, int]:
        """A request begins: the version of the scene at that place, and the request's number. Its client is read on the
        way, so that it is there when it is asked for.
        """
        ...


class SharedScene(Protocol):
    """What the servers of one stage share besides records. ``scene`` and exchanges are bytes that they understand; a
    version is empty where nothing was published yet. Every operation raises StoreError where the storage is away.
    """

    async def arrive(self, store: LastingStore, client: str | None) -> tuple[bytes, int]:
        """A request begins at a provider with that store: version and number."""
        ...

    async def look(self, known: bytes) -> tuple[bytes, int, bytes | None]:
        """The version, the number of the last request, and the scene unless its version is the one that is known."""
        ...

    async def publish(self, known: bytes, scene: bytes, number: int) -> bytes | None:
        """Put it in place of the one of that version; the new version, None where there is another one by now. Requests
        are numbered beyond ``number`` from now on.
        """
        ...

    async def clear(self) -> None:
        """Forget everything, the scene too."""
        ...

    def record(self, number: int, exchange: bytes, limit: int, room: int) -> None:
        """Tell of an exchange, with what the request writes; 0: it has no number yet. About the last ``limit`` of them
        are kept, and of those what fits into ``room`` bytes.
        """
        ...

    async def exchanges(self, after: bytes, most: int) -> list[tuple[bytes, int, bytes]]:
        """The oldest exchanges told of after that entry: the entry, the number, and what was told."""
        ...

    async def forget_recording(self) -> None:
        """Forget all exchanges and remarks, and who waits."""
        ...

    async def hold(self, number: int) -> None:
        """That request waits at the barrier."""
        ...

    async def let_go(self, number: int) -> None:
        """It waits no longer."""
        ...

    async def lift(self) -> int:
        """Nobody waits any more; how many did."""
        ...

    async def remark(self, note: bytes, most: int) -> int:
        """Keep a remark, of the last so many; its number."""
        ...

    async def remarks(self) -> tuple[int, list[bytes]]:
        """The number of the last, and all that are kept."""
        ...

    async def next(self, name: str) -> int:
        """Add one to a counter, and say the new value."""
        ...

    async def next_below(self, name: str, limit: int | None) -> int | None:
        """Add one, unless the limit is reached: then None."""
        ...

    async def take_back(self, name: str) -> None:
        """Take one off, where there is one."""
        ...

    async def values(self, names: list[str]) -> list[int]:
        """What those counters stand at."""
        ...

    async def news(self, recorded: bytes) -> None:
        """Wait until the scene has changed or an exchange was told of after that entry; a second at most. For one
        caller at a time.
        """
        ...

    def when_back(self, tell: Callable[[], None]) -> None:
        """Call that whenever the storage can be reached again."""
        ...

    async def hang_up(self) -> None:
        """Nobody waits for news any more."""
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

    def scene(self, stage: str) -> SharedScene | None:
        """What the servers of that stage share besides; None where it is this server's own."""
        ...
