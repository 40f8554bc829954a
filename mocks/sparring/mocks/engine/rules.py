"""Rules: one behaviour of a provider each, with an id, a mark and a source."""

from dataclasses import dataclass
from enum import StrEnum


class Mark(StrEnum):
    """How we know: the provider's document, its engine's source, a client that talked to it, or analogy."""

    DOC = "doc"
    ENGINE = "engine"
    CLIENT = "client"
    ASSUMED = "assumed"


@dataclass(frozen=True, slots=True)
class Rule:
    """One behaviour. ``mend`` says in a sentence what a developer who meets it should do (empty for a success)."""

    id: str
    mark: Mark
    source: str
    mend: str = ""
