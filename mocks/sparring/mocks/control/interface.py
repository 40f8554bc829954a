"""What can be done to stages. Every shape is JSON, so both transports say the same."""

from collections.abc import Mapping
from typing import Any, Protocol

Json = dict[str, Any]


class ControlError(Exception):
    """A wish that cannot be granted: ``status`` as HTTP has it (400 bad wish, 404 nothing of that name, 409 taken)."""

    def __init__(self, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.status = status


class Control(Protocol):
    """The control port. Every method raises ControlError with one sentence where it cannot do as asked."""

    async def open_stage(self, spec: Mapping[str, Any]) -> Json:
        """Open a stage. Members of ``spec``, all optional but the first: ``providers`` (names), ``id``, ``seed``,
        ``variants``, ``lifetimes`` (seconds by provider and kind), ``redirect_uris``, ``origins``, ``issuer``,
        ``seeded_secrets``, ``fresh_keys``, ``ports`` (by provider). The answer has ``id``, ``ca_file``, ``decoy_url``
        and, by name, each provider's base URL, credentials, users and endpoints.
        """
        ...

    async def stages(self) -> list[Json]:
        """Every open stage, as ``open_stage`` described it."""
        ...

    async def close_stage(self, stage: str) -> None:
        """Close its sockets and forget it."""
        ...

    async def reset(self, stage: str) -> None:
        """Back to the beginning: no state, no faults, no recording, clock with the wall clock."""
        ...

    async def clock(self, stage: str) -> Json:
        """``{"now": POSIX seconds, "frozen": bool}``."""
        ...

    async def move_clock(self, stage: str, how: str, seconds: float | None = None) -> Json:
        """``advance`` by seconds, ``set`` to POSIX seconds, ``freeze``, ``resume``; the clock afterwards."""
        ...

    async def faults(self, stage: str) -> list[Json]:
        """The faults on stage, with how often each fired."""
        ...

    async def add_fault(self, stage: str, fault: Mapping[str, Any]) -> Json:
        """Put a fault on stage; it comes back with its id."""
        ...

    async def remove_faults(self, stage: str, fault: str | None = None) -> None:
        """Take one fault off, or all."""
        ...

    async def fire(self, stage: str, provider: str, endpoint: str) -> list[Json]:
        """Faults of place ``agent`` that fire at this moment of the user agent's; each firing counts."""
        ...

    async def recording(
        self, stage: str, provider: str | None = None, endpoint: str | None = None, since: int = 0
    ) -> list[Json]:
        """The exchanges, raw."""
        ...

    async def clear_recording(self, stage: str) -> None:
        """Forget the exchanges."""
        ...

    async def clients(self, stage: str, provider: str) -> list[Json]:
        """The provider's registered clients, secrets included."""
        ...

    async def change_client(self, stage: str, provider: str, client_id: str, changes: Mapping[str, Any]) -> Json:
        """Change ``secret``, ``redirect_uris``, ``scopes``, ``grants``, ``enabled``; a new id registers a client."""
        ...

    async def revoke(self, stage: str, provider: str, kind: str | None = None) -> int:
        """Withdraw every live token of that kind (``access_token``, ``refresh_token``; None: both); how many."""
        ...
