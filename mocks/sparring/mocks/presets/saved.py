"""A saved scenario: what went wrong in a recording, as a document that puts it on stage again."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sparring.mocks.engine.reading import UnreadableError, read

SCHEMA = 1
"""The version of the document's shape."""


LARGEST = 1_000_000
"""Values that a document may have, each counted as often as it is referred to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedClock:
    """What the clock showed when the first request came (POSIX seconds), and whether it stood still."""

    start: float
    frozen: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """``stage`` is how the stage is opened, ``faults`` what goes wrong on it, in the one fault schema; ``recorded`` is
    what came of it when it was saved, a line for each exchange, for people and for comparing.
    """

    schema: int
    id: str
    title: str = ""
    stage: Mapping[str, Any] = field(default_factory=dict)
    clock: SavedClock | None = None
    faults: tuple[dict[str, Any], ...] = ()
    recorded: tuple[dict[str, Any], ...] = ()


def read_saved(document: Mapping[str, Any]) -> Saved:
    """The scenario that a document holds. UnreadableError."""
    if _written_out(document) > LARGEST:
        raise UnreadableError("a saved scenario is too large, or refers to parts of itself again and again")
    saved = read(Saved, document, "a saved scenario")
    if saved.schema != SCHEMA:
        raise UnreadableError(f'a saved scenario: "schema" is {SCHEMA}, the only one that there is')
    if not saved.id:
        raise UnreadableError('a saved scenario: "id" is empty')
    return saved


def _written_out(document: object) -> int:
    """How many values there are if every reference of YAML is written out; too many where one holds itself."""
    sizes: dict[int, int] = {}
    waiting: list[tuple[object, bool]] = [(document, False)]
    while waiting:
        value, inside_known = waiting.pop()
        parts = (
            list(value.values()) if isinstance(value, Mapping) else value if isinstance(value, (list, tuple)) else ()
        )
        if inside_known:
            sizes[id(value)] = 1 + sum(sizes[id(part)] for part in parts)
        elif id(value) not in sizes:
            sizes[id(value)] = LARGEST + 1  # until it is known: who refers to it in the meantime is inside of it
            waiting += [(value, True), *((part, False) for part in parts)]
    return sizes[id(document)]
