"""A saved scenario: what went wrong in a recording, as a document that puts it on stage again."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sparring.mocks.engine.reading import UnreadableError, read

SCHEMA = 1
"""The version of the document's shape."""


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
    saved = read(Saved, document, "a saved scenario")
    if saved.schema != SCHEMA:
        raise UnreadableError(f'a saved scenario: "schema" is {SCHEMA}, the only one that there is')
    if not saved.id:
        raise UnreadableError('a saved scenario: "id" is empty')
    return saved
