"""What schemathesis made up, and what is right at this moment, made into one request."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from schemathesis import Case

MANNERS = ("right", "right", "right", "right", "nearly", "nearly", "nearly", "known", "known", "alone")
"""How much of a request is right: all of it; all but one part; who asks, and no more; what chance made right."""


@dataclass(slots=True, kw_only=True)
class Right:
    """A request that would be granted: its parts by name. ``keys`` are those that say who asks; whatever was made up
    for the names in ``free`` may stay beside them.
    """

    path: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    cookies: Mapping[str, str] = field(default_factory=dict)
    form: Mapping[str, Any] | None = None
    json: Any = None
    keys: frozenset[str] = frozenset({"Authorization", "client_id", "client_secret"})
    free: frozenset[str] = frozenset()


def dress(case: Case[Any], right: Right, manner: str, spoilt: int) -> None:
    """Put what is right into what was made up, as the manner says; ``spoilt`` chooses the part that is left out."""
    if manner == "alone":
        return
    parts = {"path": right.path, "query": right.query, "headers": right.headers, "form": right.form or {}}
    names = [(part, name) for part, values in parts.items() for name in values if name not in right.keys]
    bad = names[spoilt % len(names)] if manner == "nearly" and names else None
    kept = {
        part: {
            name: value
            for name, value in values.items()
            if (part, name) != bad and (manner != "known" or name in right.keys)
        }
        for part, values in parts.items()
    }
    free = right.free if manner == "right" else None
    case.path_parameters = {**(case.path_parameters or {}), **kept["path"]}
    case.query = _merged(case.query, kept["query"], free)
    if manner == "right":
        case.headers.clear()
        case.cookies.clear()
    case.headers.update(kept["headers"])
    case.cookies = {**(case.cookies or {}), **right.cookies}
    if right.form is not None and (isinstance(case.body, dict) or manner == "right"):
        case.body = _merged(case.body, kept["form"], free)
    elif right.json is not None and manner == "right":
        case.body = right.json


def _merged(made_up: Any, right: Mapping[str, Any], free: frozenset[str] | None) -> dict[str, Any]:
    """Both, the right ones on top; of what was made up only what is free, where that is known."""
    given = made_up if isinstance(made_up, dict) else {}
    return {name: value for name, value in given.items() if free is None or name in free} | dict(right)
