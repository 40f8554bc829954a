"""The control port by direct call, on the event loop of the stages."""

import asyncio
import logging
import socket
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import aclosing
from dataclasses import asdict
from pathlib import Path
from typing import Any, Protocol

from sparring.mocks.control import accounts, paging, saving, watching
from sparring.mocks.control.interface import ControlError, Json
from sparring.mocks.control.notes import Notes, NoteWish, OwnNotes, SharedNotes
from sparring.mocks.control.staging import put_on, put_on_saved
from sparring.mocks.control.watching import Wanted
from sparring.mocks.control.wishes import read_any_text, read_spec
from sparring.mocks.engine.clients import Client
from sparring.mocks.engine.clock import YEAR_10000, Clock
from sparring.mocks.engine.store import Store
from sparring.mocks.engine.users import User
from sparring.mocks.faults.schema import About, BadFault, Place
from sparring.mocks.providers import DECOY
from sparring.mocks.recorder.har import har
from sparring.mocks.stage import House, SideDoor, Stage, StageSpec, describe
from sparring.mocks.storage.promises import StoreError
from sparring.mocks.storage.shared import SharedStorage

_log = logging.getLogger("sparring.mocks.control")


class Front(Protocol):
    """What gives stages their sockets."""

    ca_file: Path | None

    async def bind(self, stage: Stage, provider: str, port: int = 0) -> str:
        """Listen, and say the base URL."""
        ...

    async def bind_side(self, stage: Stage, provider: str, side: SideDoor) -> str:
        """Listen for it at a second address, and say the base URL."""
        ...

    async def adopt(self, stage: Stage, provider: str, listener: socket.socket, *, side: bool = False) -> None:
        """Serve a socket that listens already."""
        ...

    async def unbind(self, stage_id: str) -> None:
        """Close the stage's sockets."""
        ...


class DirectControl:
    """Implements ``Control``. ``wall`` and ``ticks`` are the machine's clocks, ``storage`` makes an empty store."""

    def __init__(
        self,
        front: Front,
        *,
        wall: Callable[[], float],
        ticks: Callable[[], float],
        storage: Callable[[Clock], Store],
    ) -> None:
        self._front = front
        self._wall = wall
        self._ticks = ticks
        self._storage = storage
        self._stages: dict[str, Stage] = {}
        self._notes: dict[str, Notes] = {}
        self._opened = 0
        self._left: set[asyncio.Task[None]] = set()

    def stage(self, stage_id: str) -> Stage:
        """The open stage of that id."""
        if stage_id not in self._stages:
            raise ControlError(f"there is no stage {stage_id!r}", 404)
        return self._stages[stage_id]

    async def _fresh(self, stage_id: str, *, recording: bool = False) -> Stage:
        """The same, as it is now for all who share it."""
        stage = self.stage(stage_id)
        await stage.refresh(recording=recording)
        return stage

    def _house(self, stage_id: str, provider: str) -> House:
        houses = self.stage(stage_id).houses
        if provider not in houses:
            raise ControlError(f"stage {stage_id!r} has no provider {provider!r}", 404)
        return houses[provider]

    async def open_stage(self, spec: Mapping[str, Any]) -> Json:
        """See ``Control``."""
        wanted, place, saved = read_spec(spec)
        if wanted.certificates and self._front.ca_file is None:
            raise ControlError("certificates can be faulty only where stages speak TLS")
        stage_id = place.id or self._free_id()
        if stage_id in self._stages:
            raise ControlError(f"a stage {stage_id!r} is open already", 409)
        stage, self._notes[stage_id] = self._make(stage_id, wanted)
        self._stages[stage_id] = stage
        try:
            await stage.furnish()
            if saved is not None and stage.founded:
                await stage.change(lambda: put_on_saved(stage, saved))
            for name, house in stage.houses.items():
                url = await self._front.bind(stage, name, (place.ports or {}).get(name, 0))
                house.desk.base_url = (place.urls or {}).get(name, url)
                if house.side is not None:
                    house.side.url = await self._front.bind_side(stage, name, house.side)
        except OSError as error:
            await self._drop(stage_id)
            raise ControlError(str(error), 409) from error
        except (ControlError, StoreError):
            await self._drop(stage_id)
            raise
        for house in stage.houses.values():
            house.desk.media_url = stage.houses[DECOY].desk.base_url
        return self._describe(stage)

    def _make(self, stage_id: str, spec: StageSpec) -> tuple[Stage, Notes]:
        if isinstance(self._storage, SharedStorage) and (scene := self._storage.scene(stage_id)) is not None:
            from sparring.mocks.sharing.stage import SharedStage  # noqa: PLC0415  few stages are shared

            times = {"wall": self._wall, "ticks": self._ticks}
            return SharedStage(stage_id, spec, **times, storage=self._storage, scene=scene), SharedNotes(scene)
        return Stage(stage_id, spec, wall=self._wall, ticks=self._ticks, storage=self._storage), OwnNotes()

    def _free_id(self) -> str:
        while True:
            self._opened += 1
            if (made := f"s{self._opened}") not in self._stages:
                return made

    def _describe(self, stage: Stage) -> Json:
        ca_file = self._front.ca_file
        return describe(stage) | {"ca_file": None if ca_file is None else str(ca_file)}

    async def stages(self) -> list[Json]:
        """See ``Control``."""
        for stage in list(self._stages.values()):
            await stage.refresh()
        return [self._describe(stage) for stage in self._stages.values()]

    async def describe(self, stage: str) -> Json:
        """See ``Control``."""
        return self._describe(await self._fresh(stage))

    async def adopt(self, stage: str, provider: str, listener: socket.socket, *, side: bool = False) -> None:
        """Serve a socket that listens already as that provider's own one is served, or as that of its second address.

        Only by direct call: no socket goes through the control port. ControlError 404 where there is no such provider.
        """
        try:
            await self._front.adopt(self.stage(stage), provider, listener, side=side)
        except KeyError as error:
            raise ControlError(f"stage {stage!r} has no provider {provider!r}", 404) from error

    async def settle(self, stage: str, provider: str, settings: Mapping[str, Any]) -> Json:
        """See ``Control``."""
        house = self._house(stage, provider)
        return await self.stage(stage).change(lambda: accounts.settle(house, settings))

    async def close_stage(self, stage: str) -> None:
        """See ``Control``."""
        gone = await self._drop(stage)
        await gone.vanish()

    async def _drop(self, stage: str) -> Stage:
        """Forget the stage, and leave alone what it shares with others."""
        gone = self.stage(stage)
        del self._notes[stage], self._stages[stage]  # before anything is awaited: who closes it as well finds it gone
        await gone.close()
        await self._front.unbind(stage)
        return gone

    async def reset(self, stage: str) -> None:
        """See ``Control``."""
        at, notes = self.stage(stage), self._notes[stage]
        await at.reset()
        notes.clear()

    async def clock(self, stage: str) -> Json:
        """See ``Control``."""
        clock = (await self._fresh(stage)).clock
        return {"now": clock.now(), "frozen": clock.frozen}

    async def move_clock(self, stage: str, how: str, seconds: float | None = None) -> Json:
        """See ``Control``."""
        moved = self.stage(stage)
        await moved.change(lambda: self._move(moved, how, seconds))
        return await self.clock(stage)

    @staticmethod
    def _move(stage: Stage, how: str, seconds: float | None) -> None:
        clock = stage.clock
        if how in {"advance", "set"}:
            if isinstance(seconds, bool) or not isinstance(seconds, (int, float)):
                raise ControlError('"seconds" is a number')
            start = clock.now() if how == "advance" else 0
            if not -start <= seconds < YEAR_10000 - start:
                raise ControlError("a clock shows times from 1970 to 9999")
            before = clock.now()
            clock.set(start + seconds)
            stage.note(None, kind="time-passes", seconds=round(clock.now() - before, 3))
        elif how == "freeze":
            clock.freeze()
        elif how == "resume":
            clock.resume()
        else:
            raise ControlError(f"a clock can advance, set, freeze and resume, not {how!r}", 404)

    async def faults(self, stage: str) -> list[Json]:
        """See ``Control``."""
        return (await self._fresh(stage)).faults.as_json()

    async def add_fault(self, stage: str, fault: Mapping[str, Any]) -> Json:
        """See ``Control``."""
        try:
            book = self.stage(stage).faults
            return await self.stage(stage).change(lambda: book.add(fault).as_json())
        except BadFault as error:
            raise ControlError(str(error)) from error

    async def remove_faults(self, stage: str, fault: str | None = None) -> None:
        """See ``Control``."""
        book = self.stage(stage).faults
        if not await self.stage(stage).change(lambda: book.remove(fault)) and fault is not None:
            raise ControlError(f"there is no fault {fault!r} on stage", 404)

    async def fire(self, stage: str, provider: str, endpoint: str) -> list[Json]:
        """See ``Control``."""
        about = About(provider=provider, endpoint=endpoint)
        return [fault.as_json() for fault in await (await self._fresh(stage)).faults.fire(Place.AGENT, about)]

    async def put_on(self, stage: str, scenario: str, provider: str | None = None) -> Json:
        """See ``Control``."""
        if provider is not None:
            self._house(stage, provider)
        return await put_on(self.stage(stage), scenario, provider)

    async def saved(self, stage: str) -> Json:
        """See ``Control``."""
        return await saving.saved(await self._fresh(stage, recording=True))

    async def recording(
        self,
        stage: str,
        provider: str | None = None,
        endpoint: str | None = None,
        since: int = 0,
        *,
        redacted: bool = False,
    ) -> list[Json]:
        """See ``Control``."""
        shown = await self._fresh(stage, recording=True)
        found = await watching.look(shown, Wanted(provider, endpoint, since), redacted=redacted)
        return [document for document, _ in found]

    async def page(self, stage: str, **wanted: Any) -> Json:
        """See ``Control``."""
        return paging.page(await self._fresh(stage, recording=True), paging.Page(**wanted))

    async def notes(self, stage: str, since: int = 0) -> list[Json]:
        """See ``Control``."""
        self.stage(stage)
        return await self._notes[stage].since(since)

    async def note(self, stage: str, note: Mapping[str, Any]) -> Json:
        """See ``Control``."""
        self.stage(stage)
        return await self._notes[stage].add(read_any_text(NoteWish, note, "a remark"))

    def leave(self, stage: str, note: Mapping[str, Any]) -> None:
        """The same, for those who do not wait."""
        task = asyncio.ensure_future(self._leave(stage, note))
        self._left.add(task)
        task.add_done_callback(self._left.discard)

    async def _leave(self, stage: str, note: Mapping[str, Any]) -> None:
        try:
            await self.note(stage, note)
        except (ControlError, StoreError) as error:
            _log.warning("a remark was lost: %s", error)

    async def wait(
        self,
        stage: str,
        provider: str | None = None,
        endpoint: str | None = None,
        since: int = 0,
        *,
        count: int = 1,
        timeout: float = 10,  # noqa: ASYNC109  it is the wish
    ) -> list[Json]:
        """See ``Control``."""
        watched = await self._fresh(stage, recording=True)
        return await watching.wait(watched, Wanted(provider, endpoint, since), count, timeout)

    async def stream(
        self,
        stage: str,
        provider: str | None = None,
        endpoint: str | None = None,
        since: int = 0,
        *,
        redacted: bool = False,
    ) -> AsyncGenerator[Json, None]:
        """See ``Control``."""
        told = await self._fresh(stage, recording=True)
        found = watching.stream(told, Wanted(provider, endpoint, since), redacted=redacted)
        async with aclosing(found) as exchanges:
            async for exchange in exchanges:
                yield exchange

    async def har(self, stage: str, provider: str | None = None, endpoint: str | None = None, since: int = 0) -> Json:
        """See ``Control``."""
        shown = await self._fresh(stage, recording=True)
        return har(await watching.look(shown, Wanted(provider, endpoint, since), redacted=True))

    async def clear_recording(self, stage: str) -> None:
        """See ``Control``."""
        at, notes = self.stage(stage), self._notes[stage]
        await at.forget_recording()
        notes.clear()

    async def clients(self, stage: str, provider: str) -> list[Json]:
        """See ``Control``."""
        found = await self._house(stage, provider).desk.store.every(Client)
        return [accounts.client_as_json(client) for client in found]

    async def change_client(self, stage: str, provider: str, client_id: str, changes: Mapping[str, Any]) -> Json:
        """See ``Control``."""
        return await accounts.change_client(self._house(stage, provider), client_id, changes)

    async def remove_client(self, stage: str, provider: str, client_id: str) -> None:
        """See ``Control``."""
        await accounts.remove_client(self._house(stage, provider), client_id)

    async def users(self, stage: str, provider: str) -> list[Json]:
        """See ``Control``."""
        return [asdict(user) for user in await self._house(stage, provider).desk.store.every(User)]

    async def change_user(self, stage: str, provider: str, username: str, changes: Mapping[str, Any]) -> Json:
        """See ``Control``."""
        return await accounts.change_user(self._house(stage, provider), username, changes)

    async def remove_user(self, stage: str, provider: str, username: str) -> None:
        """See ``Control``."""
        await accounts.remove_user(self._house(stage, provider), username)

    async def tokens(self, stage: str, provider: str) -> list[Json]:
        """See ``Control``."""
        return await accounts.live_tokens(self._house(stage, provider))

    async def mint(self, stage: str, provider: str, wish: Mapping[str, Any]) -> Json:
        """See ``Control``."""
        return await accounts.mint(self._house(stage, provider), wish)

    async def revoke(
        self,
        stage: str,
        provider: str,
        kind: str | None = None,
        *,
        token: str | None = None,
        user: str | None = None,
        session: str | None = None,
        fingerprint: str | None = None,
    ) -> int:
        """See ``Control``."""
        wish = {"kind": kind, "token": token, "user": user, "session": session, "fingerprint": fingerprint}
        revoked = await accounts.revoke(self._house(stage, provider), wish)
        of = "presented" if token or fingerprint else "user" if user else "grant" if session else "all"
        at = self.stage(stage)
        await at.change(lambda: at.note(provider, kind="revoke", token=kind, of=of))
        return revoked

    async def rotate_keys(self, stage: str, provider: str, *, keep_old: bool = True) -> list[Json]:
        """See ``Control``."""
        at, house = self.stage(stage), self._house(stage, provider)

        def rotate() -> list[Json]:
            keys = accounts.rotate_keys(house, keep_old=keep_old, fresh=at.spec.fresh_keys)
            at.note(provider, kind="rotate-keys", keep_old=keep_old)
            return keys

        return await at.change(rotate)

    async def hold(self, stage: str, match: Mapping[str, Any]) -> None:
        """See ``Control``."""
        try:
            barrier = self.stage(stage).barrier
            await self.stage(stage).change(lambda: barrier.put_up(match))
        except BadFault as error:
            raise ControlError(str(error)) from error

    async def release(self, stage: str) -> int:
        """See ``Control``."""
        return await self.stage(stage).release()

    async def close(self) -> None:
        """Close every stage."""
        await asyncio.gather(*(self.close_stage(stage) for stage in list(self._stages)))
