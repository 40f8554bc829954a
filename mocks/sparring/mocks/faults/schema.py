"""The one schema of faults: what it matches, what it does, how often."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, ClassVar, Literal

from sparring.mocks.engine.reading import UnreadableError, nearest, only, read

DEEPEST = 100
"""Objects and lists within each other in an effect."""


class Place(StrEnum):
    """Where a fault is executed."""

    ANSWER = "answer"
    HTTP = "http"
    WIRE = "wire"
    AGENT = "agent"


class BadFault(ValueError):
    """A fault that cannot be read; the message is one sentence for the person who wrote it."""


@dataclass(frozen=True)
class Effect:
    """What goes wrong. Each kind is a frozen dataclass whose fields are the members of its JSON.

    ``when`` is its own moment where the match names none, ``moments`` are those that make sense. ``point``: the moment
    in the making of a provider's answer at which an effect of place ``answer`` is executed.
    """

    kind: ClassVar[str]
    place: ClassVar[Place]
    when: ClassVar[str] = "before"
    moments: ClassVar[tuple[str, ...]] = ("before", "after")
    point: ClassVar[str] = ""

    def as_json(self) -> dict[str, Any]:
        """The effect as JSON members."""
        return {"kind": self.kind, **asdict(self)}


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What a fault can be matched with: where a request went, from whom, for which grant_type."""

    provider: str
    endpoint: str
    client: str | None = None
    grant: str | None = None
    family: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """Which requests a fault is meant for; a member left out matches everything.

    ``attempt`` counts the matching requests from 1; with ``per`` = ``grant`` it counts them for each grant by itself
    ("the second refresh of this grant"), and a request that belongs to no grant does not match. ``when``: ``before``
    the provider's state changes, or ``after``.
    """

    provider: str | None = None
    endpoint: str | None = None
    client: str | None = None
    grant: str | None = None
    attempt: int | None = None
    per: Literal["grant"] | None = None
    when: str | None = None

    def covers(self, about: About) -> bool:
        """Whether the request is meant, its number apart."""
        pairs = (
            (self.provider, about.provider),
            (self.endpoint, about.endpoint),
            (self.client, about.client),
            (self.grant, about.grant),
        )
        if self.per is not None and about.family is None:
            return False
        return all(wanted is None or wanted == actual for wanted, actual in pairs)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing that goes wrong. ``times`` None: whenever it matches."""

    id: str
    match: Match
    effect: Effect
    times: int | None = 1

    @property
    def when(self) -> str:
        """``before`` or ``after``: the match's word, else the effect's own."""
        return self.match.when or self.effect.when

    def as_json(self) -> dict[str, Any]:
        """The fault in the schema it was read from."""
        match = {name: value for name, value in asdict(self.match).items() if value is not None}
        return {"id": self.id, "match": match, "effect": self.effect.as_json(), "times": self.times}


def read_fault(document: Mapping[str, Any], fallback_id: str, kinds: tuple[type[Effect], ...]) -> Fault:
    """The fault that a JSON object describes. BadFault with one sentence where it does not."""
    try:
        return _read(document, fallback_id, kinds)
    except UnreadableError as error:
        raise BadFault(str(error)) from error


def _read(document: Mapping[str, Any], fallback_id: str, kinds: tuple[type[Effect], ...]) -> Fault:
    if not isinstance(document, Mapping):
        raise BadFault("a fault is a JSON object")
    only(document, ("id", "match", "effect", "times"), "a fault")
    effect = document.get("effect")
    if not isinstance(effect, Mapping) or not isinstance(effect.get("kind"), str):
        raise BadFault('a fault needs an "effect" object with a "kind"')
    by_kind = {kind.kind: kind for kind in kinds}
    if effect["kind"] not in by_kind:
        raise BadFault(f"unknown effect kind {effect['kind']!r}; {nearest(effect['kind'], by_kind)}")
    members = {name: value for name, value in effect.items() if name != "kind"}
    if _deeper(members, DEEPEST):
        raise BadFault(f"the effect {effect['kind']!r} is nested more than {DEEPEST} deep")
    times = document.get("times", 1)
    if times is not None and (not isinstance(times, int) or isinstance(times, bool) or times < 1):
        raise BadFault('"times" of a fault is a number from 1 up, or null for always')
    fault = Fault(
        id=_id(document.get("id")) or fallback_id,
        match=read(Match, document.get("match", {}), "the match of a fault"),
        effect=read(by_kind[effect["kind"]], members, f"the effect {effect['kind']!r}"),
        times=times,
    )
    if fault.when not in {"before", "after"}:
        raise BadFault('"when" of a match is "before" or "after"')
    if fault.match.attempt is not None and fault.match.attempt < 1:
        raise BadFault('"attempt" of a match is a number from 1 up')
    if fault.match.per is not None and fault.match.attempt is None:
        raise BadFault('"per" of a match says what "attempt" counts, so it needs an "attempt"')
    if fault.when not in fault.effect.moments:
        does = "changes an answer" if fault.effect.moments == ("after",) else "comes before there is an answer"
        raise BadFault(f'the effect {effect["kind"]!r} {does}, so its "when" is "{fault.effect.when}"')
    return fault


def _deeper(value: object, levels: int) -> bool:
    inner = value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ()
    return levels < 0 or any(_deeper(each, levels - 1) for each in inner)


def _id(given: object) -> str:
    if not isinstance(given, str | None):
        raise BadFault('"id" of a fault is text')
    try:
        (given or "").encode()
    except UnicodeEncodeError as error:
        raise BadFault('"id" of a fault holds half a surrogate pair, which UTF-8 cannot carry') from error
    return given or ""


def within(name: str, value: float, least: float, most: float) -> None:
    """Refuse a number out of bounds."""
    if isinstance(value, bool) or not least <= value <= most:
        raise ValueError(f"{name} is a number from {least} to {most}")
