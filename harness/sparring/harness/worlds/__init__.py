"""Where the fakes run: on this machine or elsewhere, always reached through the control port's interface."""

import socket
from collections.abc import Mapping
from typing import Any, Protocol

Json = dict[str, Any]


class World(Protocol):
    """What the harness asks of a control port. Shapes are those of the control API."""

    async def open_stage(self, spec: Mapping[str, Any]) -> Json:
        """Open a stage and say what is where on it."""
        ...

    async def describe(self, stage: str) -> Json:
        """What is where on it, as it is now."""
        ...

    async def adopt(self, stage: str, provider: str, listener: socket.socket, *, side: bool = False) -> None:
        """Serve a socket that listens already as that provider's own one is served, or as its second address's."""
        ...

    async def close_stage(self, stage: str) -> None:
        """Close it."""
        ...

    async def clock(self, stage: str) -> Json:
        """``{"now": POSIX seconds, "frozen": bool}``."""
        ...

    async def move_clock(self, stage: str, how: str, seconds: float | None = None) -> Json:
        """Advance, set, freeze or resume the stage's clock."""
        ...

    async def add_fault(self, stage: str, fault: Mapping[str, Any]) -> Json:
        """Put a fault on stage."""
        ...

    async def put_on(self, stage: str, scenario: str, provider: str | None = None) -> Json:
        """Put what goes wrong in that scenario on stage: ``id``, ``title``, ``hint``, ``faults``."""
        ...

    async def fire(self, stage: str, provider: str, endpoint: str) -> list[Json]:
        """Faults of the user agent's that fire now."""
        ...

    async def recording(
        self, stage: str, provider: str | None = None, endpoint: str | None = None, since: int = 0
    ) -> list[Json]:
        """The exchanges with numbers beyond ``since``."""
        ...

    async def clients(self, stage: str, provider: str) -> list[Json]:
        """The registered clients, secrets included."""
        ...

    async def change_client(self, stage: str, provider: str, client_id: str, changes: Mapping[str, Any]) -> Json:
        """Change a registered client."""
        ...

    async def rotate_keys(self, stage: str, provider: str, *, keep_old: bool = True) -> list[Json]:
        """Sign with a new key from now on."""
        ...

    async def revoke(self, stage: str, provider: str, kind: str | None = None) -> int:
        """Withdraw every live token of that kind."""
        ...
