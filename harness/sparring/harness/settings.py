"""What a run was asked for."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


class UnusableError(Exception):
    """Settings that only show in use that they cannot be; the text is one sentence for the user."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientSettings:
    """How the client is driven, and what it claims. ``supports`` None: what calibration shows counts."""

    command: tuple[str, ...]
    driver: str = "oneshot"
    supports: frozenset[str] | None = None
    public: bool = False
    as_documented: bool = False
    monotonic_lifetimes: bool = False
    env: Mapping[str, str] = field(default_factory=dict)
    pass_env: tuple[str, ...] = ()
    cwd: str | None = None
    timeout: float = 20.0
    exit_codes: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSettings:
    """Which scenarios are run, for which provider and grant."""

    provider: str
    grant: str
    client: ClientSettings
    profile: str = "core"
    scenarios: tuple[str, ...] = ()
    variant: str = "default"
    seed: int = 0
    jobs: int = 1
    tls: bool = True

    def working_folder(self, scratch: Path) -> Path | None:
        """The client's working folder; None is the caller's."""
        if self.client.cwd is None:
            return None
        return scratch if self.client.cwd == "scratch" else Path(self.client.cwd)
