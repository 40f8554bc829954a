"""The user agent: a browser over HTTP, and the person in front of it."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Fire = Callable[[str], Awaitable[Sequence[Mapping[str, Any]]]]
"""Asked with the name of an endpoint before the person acts there; returns the effects of the faults that fire."""


@dataclass(frozen=True, slots=True)
class Person:
    """Who signs in."""

    username: str
    password: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Hop:
    """One request of the user agent and its answer. ``status`` is None where there was none."""

    method: str
    url: str
    status: int | None = None
    title: str = ""
