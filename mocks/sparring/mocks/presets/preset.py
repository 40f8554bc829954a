"""What a preset is: a scenario's part of the stage, as data."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Fault = Mapping[str, Any]

ALWAYS: None = None
"""The ``times`` of a preset's fault: again and again, until it is taken off."""

SHORT_LIFE = 30
"""Seconds that access tokens live where a scenario is about what happens after that."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """What one scenario puts on stage. ``faults`` are in the one fault schema.

    ``providers``: on a stage with others as well it concerns these alone; None: all. ``variants`` by provider;
    ``lifetimes`` in seconds by kind. ``new_secret``: the default client's secret is replaced, and nobody tells the
    client. ``hint`` says in a sentence what is left to do by hand; empty where nothing is.
    """

    id: str
    title: str
    faults: tuple[Fault, ...] = ()
    providers: frozenset[str] | None = None
    variants: Mapping[str, str] = field(default_factory=dict)
    lifetimes: Mapping[str, int] = field(default_factory=dict)
    new_secret: bool = False
    hint: str = ""

    def concerns(self, provider: str) -> bool:
        """Whether it changes anything at that provider."""
        return self.providers is None or provider in self.providers

    def staged(self) -> tuple[Fault, ...]:
        """The faults as they go on a stage that may hold other providers too."""
        if self.providers is None or len(self.providers) > 1:
            return self.faults
        (only,) = self.providers
        return tuple({**fault, "match": {"provider": only, **fault["match"]}} for fault in self.faults)
