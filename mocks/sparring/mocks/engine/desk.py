"""What a stage lends a provider: its time, randomness, memory, keys and addresses."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from sparring.mocks.engine.clock import Clock
from sparring.mocks.engine.entropy import Entropy
from sparring.mocks.engine.keys import SigningKey
from sparring.mocks.engine.messages import Params, Request
from sparring.mocks.engine.store import Store


class FaultHook(Protocol):
    """Where faults of place ``answer`` reach into a provider's answer while it is being made."""

    def alter(self, request: Request, point: str, params: Params) -> Params:
        """The parameters that go out at that point (``authorization-response``), changed if a fault says so."""
        ...


class NoFaults:
    """A hook under which everything goes right."""

    def alter(self, request: Request, point: str, params: Params) -> Params:  # noqa: ARG002
        """The parameters as they are."""
        return params


@dataclass(slots=True, kw_only=True)
class Desk:
    """One provider's working desk on one stage. ``lifetimes`` are seconds by kind (access_token, code, ...).

    ``base_url`` is where the provider listens; ``media_url`` is another origin on which its media lie. ``issuer``
    overrides what it calls itself; ``origins`` are web origins that its CORS rules allow besides its own.
    """

    provider: str
    clock: Clock
    entropy: Entropy
    store: Store
    keys: list[SigningKey]
    lifetimes: Mapping[str, int]
    hook: FaultHook = field(default_factory=NoFaults)
    base_url: str = "http://127.0.0.1"
    media_url: str = "https://media.example"
    issuer: str | None = None
    variant: str = "default"
    origins: tuple[str, ...] = ()

    def seconds(self) -> int:
        """The stage's time in whole POSIX seconds."""
        return int(self.clock.now())

    async def serial(self, *label: str | int) -> tuple[str | int, ...]:
        """The label with this provider before it and a number of its own behind it: a key for one draw of entropy."""
        name = "/".join(map(str, label))
        return (self.provider, *label, await self.store.number(name))
