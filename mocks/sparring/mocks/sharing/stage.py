"""The stage that several servers answer for."""

import asyncio
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import Any, ClassVar, TypeVar, cast

import msgspec

from sparring.mocks.engine.clock import Clock
from sparring.mocks.engine.store import Store
from sparring.mocks.faults.scene import asker
from sparring.mocks.recorder.exchange import Exchange
from sparring.mocks.recorder.recorder import LIMIT, ROOM
from sparring.mocks.sharing.echo import Echo
from sparring.mocks.sharing.exchanges import decode, encode
from sparring.mocks.sharing.scene import adopt, capture, digest
from sparring.mocks.stage import House, Stage, StageSpec
from sparring.mocks.storage.promises import StoreError
from sparring.mocks.storage.shared import LastingStore, SharedScene

T = TypeVar("T")
_AT_ONCE = 500
"""Exchanges that are read at a time."""
_MOST_OWED = 1_000
"""Exchanges that are kept here while the storage is away: the last ones."""
_UNKNOWN = b"?"
"""A version that nothing has: what is here may be other than what all share."""


class SharedStage(Stage):
    """Whatever is done to it at one server holds at all of them from the next request on; its recording is the same at
    all. What this server knows of the scene is checked at the beginning of each request, by its version.
    """

    shared: ClassVar[bool] = True

    def __init__(
        self,
        stage_id: str,
        spec: StageSpec,
        *,
        wall: Callable[[], float],
        ticks: Callable[[], float],
        storage: Callable[[Clock], Store],
        scene: SharedScene,
    ) -> None:
        super().__init__(stage_id, spec, wall=wall, ticks=ticks, storage=storage)
        self.scene = scene
        self.faults.counts = scene
        self._wall = wall
        self._opened = wall()
        self._opened_as = ""
        self._founding = False
        self._epoch = 0
        self._echo = Echo(self.clock.now, lambda: wall() - self._opened, self._owe, self._follow)
        self.recorder = self._echo
        self.watchers[0] = self._echo.end
        self._server = 0
        self._version = b""
        self._position = b"0"
        self._owed: deque[tuple[int, bytes]] = deque(maxlen=_MOST_OWED)
        self._changing, self._reading = asyncio.Lock(), asyncio.Lock()
        self._looking: asyncio.Future[None] | None = None
        self._follower: asyncio.Task[None] | None = None

    async def furnish(self) -> None:
        """Write what the stage begins with, or find what has become of it. StoreError."""
        await super().furnish()
        opened_as = digest(self.spec)
        if not self._server:
            self._server = await self.scene.next("servers")
            self.scene.when_back(self._look_soon)
        await self._pull()
        self.founded = self._founding or self._opened_as != opened_as
        if self._opened_as != opened_as:
            await self.change(lambda: self._settle_all(opened_as))

    def _settle_all(self, opened_as: str) -> None:
        """It was opened otherwise before: clock, faults and keys stay, the settings become those of now."""
        self._opened_as = opened_as
        for house in self.houses.values():
            self.settle_anew(house)

    def _captured(self, known: bytes = b"") -> bytes:
        """The scene; ``known``: nobody has one any more, and this is the one that had that version."""
        members = {
            "known": known,
            "opened": self._opened,
            "opened_as": self._opened_as,
            "epoch": self._epoch,
            "cleared": self._echo.cleared,
        }
        return msgspec.msgpack.encode(capture(self) | members)

    def _adopt(self, members: dict[str, Any]) -> None:
        adopt(self, members)
        self._opened, self._opened_as = members["opened"], members["opened_as"]
        if members["cleared"] != self._echo.cleared:
            self._echo.forget(members["cleared"])
        if members["epoch"] != self._epoch:
            self._epoch = members["epoch"]
            for house in self.houses.values():
                if isinstance(house.desk.store, LastingStore):
                    house.desk.store.renew()

    async def _pull(self) -> None:
        """Learn how the stage is set. Where nothing is known of it any more, it is as it is here."""
        while True:
            version, number, scene = await self.scene.look(self._version)
            self._echo.last = max(self._echo.last, number)
            if version and scene is None:
                return
            if scene is not None and self._learn(scene):
                self._version = version
                return
            if self._version:
                await super().furnish()
            self._opened_as = self._opened_as or digest(self.spec)
            known = self._version if self._version.isdigit() else b"0"
            published = await self.scene.publish(version, self._captured(known), self._echo.last)
            if published is not None:
                self._version = published
                self._founding = True
                return

    def _learn(self, scene: bytes) -> bool:
        """Set the stage as that scene has it, unless this server knows better; whether it did. StoreError."""
        try:
            members = msgspec.msgpack.decode(scene)
            if self._knows_better(members):
                return False
            self._adopt(members)
        except (msgspec.MsgspecError, AttributeError, LookupError, TypeError, ValueError) as error:
            why = "another version wrote it; take another database"
            raise StoreError(f"the stage {self.id!r} in the store cannot be read: {why}") from error
        return True

    def _knows_better(self, members: dict[str, Any]) -> bool:
        """Whether that scene comes from a server which, when all was lost, knew less than this one."""
        return bool(members["known"]) and self._version.isdigit() and self._version > members["known"]

    def _look_soon(self) -> None:
        if not self._echo.closed:
            self._looking = asyncio.ensure_future(self._look())

    async def _look(self) -> None:
        with suppress(StoreError):
            await self._pull()

    async def change(self, act: Callable[[], T]) -> T:
        """See ``Stage``: it is done here, and again if another server was quicker. StoreError."""
        async with self._changing:
            while True:
                await self._pull()
                known, self._version = self._version, _UNKNOWN
                outcome = act()
                if await self.scene.publish(known, self._captured(), self._echo.last) is not None:
                    await self._pull()  # a request that began meanwhile has brought back what was before
                    return outcome

    def _begin_anew(self) -> None:
        super()._begin_anew()
        self._epoch += 1

    async def strike(self) -> None:
        """Leave nothing of what the providers keep, nor of the recording. StoreError."""
        await super().strike()
        await self.scene.forget_recording()

    async def close(self) -> None:
        """See ``Stage``."""
        await super().close()
        if self._follower is not None:
            self._follower.cancel()
            await asyncio.gather(self._follower, return_exceptions=True)

    async def forget_recording(self) -> None:
        """See ``Stage``."""
        await self._pull()
        await self.scene.forget_recording()
        await self.change(self._echo.clear)

    async def vanish(self) -> None:
        """Leave nothing at all. StoreError."""
        await self.strike()
        await self.scene.clear()

    async def arrive(self, house: House, exchange: Exchange) -> None:
        """A request begins: it gets its number, and the stage is set as it is for all. StoreError."""
        store = cast("LastingStore", house.desk.store)  # to ask it what it is takes longer than to use it
        version, number = await self.scene.arrive(store, asker(exchange.request))
        if version != self._version:
            await self._pull()
        self._echo.numbered(exchange, number)
        self._pay()

    def _pay(self) -> None:
        while self._owed:
            self.scene.record(*self._owed[0], LIMIT, ROOM)
            self._owed.popleft()

    def leave(self, exchange: Exchange) -> None:
        """Tell of the exchange, with what it has written. StoreError."""
        self._echo.finish(exchange)
        self.scene.record(exchange.n, encode(exchange, self._server), LIMIT, ROOM)

    def _owe(self, exchange: Exchange) -> None:
        self._owed.append((exchange.n, encode(exchange, self._server)))

    async def waited(self, exchange: Exchange) -> None:
        """Wait until the barrier is lifted, wherever that is done. StoreError."""
        waiting = asyncio.ensure_future(self.barrier.lifted())
        try:
            await self.scene.hold(exchange.n)
            self.scene.record(exchange.n, encode(exchange, self._server), LIMIT, ROOM)
            self._follow()
            await waiting
        finally:
            waiting.cancel()
            await self.scene.let_go(exchange.n)

    async def release(self) -> int:
        """Lift the barrier at all servers; how many requests waited there. StoreError."""
        waited = await self.scene.lift()
        await self.change(self.barrier.lift)
        return waited

    async def refresh(self, *, recording: bool = False) -> None:
        """See ``Stage``. StoreError."""
        await self._pull()
        await self.faults.look()
        if not recording:
            return
        async with self._reading:
            self._pay()
            while True:
                found = await self.scene.exchanges(self._position, _AT_ONCE)
                for entry, number, told in found:
                    self._position = entry
                    self._echo.enter(_decoded(number, told))
                if len(found) < _AT_ONCE:
                    return

    def _follow(self) -> None:
        """Hear of what happens for as long as somebody waits for it."""
        if self._follower is None or self._follower.done():
            self._follower = asyncio.create_task(self._run())

    async def _run(self) -> None:
        while self.barrier.waiting or self._echo.heard:
            with suppress(StoreError):
                await self.refresh(recording=True)
            await self.scene.news(self._position)
        await self.scene.hang_up()


def _decoded(number: int, told: bytes) -> Exchange:
    try:
        return decode(number, told)
    except (msgspec.MsgspecError, TypeError, ValueError) as error:
        raise StoreError(f"exchange {number} in the store cannot be read: another version wrote it") from error
