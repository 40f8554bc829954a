"""Remarks on a recording, from whoever judges it: kept beside the exchanges, never part of them."""

from collections import deque
from dataclasses import asdict, dataclass
from typing import Annotated, Literal

import msgspec

from sparring.mocks.control.interface import Json

KEPT = 2_000
"""Remarks that are kept: the newest."""


@dataclass(frozen=True, slots=True)
class NoteWish:
    """A remark, on the exchange of that number or on none. ``verdict``: how bad it is; ``check``: what was tried."""

    text: Annotated[str, msgspec.Meta(min_length=1, max_length=4_000)]
    exchange: Annotated[int, msgspec.Meta(ge=1)] | None = None
    verdict: Literal["FAIL", "WARN", "NOTE"] = "NOTE"
    check: Annotated[str, msgspec.Meta(max_length=200)] = ""


class Notes:
    """The remarks on one stage, numbered from 1 in the order in which they came."""

    def __init__(self) -> None:
        self._notes: deque[Json] = deque(maxlen=KEPT)
        self._count = 0

    def add(self, wish: NoteWish) -> Json:
        """Keep it; the remark with its number ``n``."""
        self._count += 1
        note = {"n": self._count, **asdict(wish)}
        self._notes.append(note)
        return note

    def since(self, number: int) -> list[Json]:
        """The remarks with a number beyond that."""
        return [note for note in self._notes if note["n"] > number]

    def clear(self) -> None:
        """Forget them; numbers go on."""
        self._notes.clear()
