"""Remarks on a recording, from whoever judges it: kept beside the exchanges, never part of them."""

import json
from collections import deque
from dataclasses import asdict, dataclass
from typing import Annotated, Literal, Protocol

import msgspec

from sparring.mocks.control.interface import Json
from sparring.mocks.storage.shared import SharedScene

KEPT = 2_000
"""Remarks that are kept: the newest."""


@dataclass(frozen=True, slots=True)
class NoteWish:
    """A remark, on the exchange of that number or on none. ``verdict``: how bad it is; ``check``: what was tried."""

    text: Annotated[str, msgspec.Meta(min_length=1, max_length=4_000)]
    exchange: Annotated[int, msgspec.Meta(ge=1)] | None = None
    verdict: Literal["FAIL", "WARN", "NOTE"] = "NOTE"
    check: Annotated[str, msgspec.Meta(max_length=200)] = ""


class Notes(Protocol):
    """The remarks on one stage, numbered from 1 in the order in which they came."""

    async def add(self, wish: NoteWish) -> Json:
        """Keep it; the remark with its number ``n``."""
        ...

    async def since(self, number: int) -> list[Json]:
        """The remarks with a number beyond that."""
        ...

    def clear(self) -> None:
        """Forget them; numbers go on."""
        ...


class OwnNotes:
    """Those of a stage that one server has to itself."""

    def __init__(self) -> None:
        self._notes: deque[Json] = deque(maxlen=KEPT)
        self._count = 0

    async def add(self, wish: NoteWish) -> Json:
        """See ``Notes``."""
        self._count += 1
        note = {"n": self._count, **asdict(wish)}
        self._notes.append(note)
        return note

    async def since(self, number: int) -> list[Json]:
        """See ``Notes``."""
        return [note for note in self._notes if note["n"] > number]

    def clear(self) -> None:
        """See ``Notes``."""
        self._notes.clear()


class SharedNotes:
    """Those of a stage that several servers share: they go with its recording. StoreError."""

    def __init__(self, scene: SharedScene) -> None:
        self._scene = scene

    async def add(self, wish: NoteWish) -> Json:
        """See ``Notes``."""
        note = asdict(wish)
        return {"n": await self._scene.remark(json.dumps(note).encode("ascii"), KEPT), **note}

    async def since(self, number: int) -> list[Json]:
        """See ``Notes``."""
        last, kept = await self._scene.remarks()
        notes = enumerate(map(json.loads, kept), start=last - len(kept) + 1)
        return [{"n": n, **note} for n, note in notes if n > number]

    def clear(self) -> None:
        """Nothing is left to do: see ``SharedScene.forget_recording``."""
