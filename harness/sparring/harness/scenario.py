"""The words a scenario is written in: what the stage does, what the client is told, which checks are at stake."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from sparring.harness.evidence import Evidence
from sparring.harness.verdict import Finding

Profile = Literal["core", "security", "resilience", "oidc", "provider", "robustness"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One decidable statement about the evidence. ``sources`` are clause ids of ``sparring.contracts``.

    ``why`` says in a sentence what goes wrong in production when the statement does not hold, ``mend`` what to do.
    """

    id: str
    title: str
    why: str
    mend: str
    sources: tuple[str, ...]
    judge: Callable[[Evidence], Finding]


@dataclass(frozen=True, slots=True)
class Do:
    """One instruction to the client, as in the client protocol. ``remote_user_id`` belongs to ``register`` alone."""

    do: Literal["authenticate", "call_api", "register"]
    times: int = 1
    parallel: bool = False
    fresh: bool = False
    remote_user_id: str | None = None


@dataclass(frozen=True, slots=True)
class PassLifetime:
    """Time passes until just beyond the life of the newest token of that kind."""

    kind: Literal["access_token", "refresh_token"] = "access_token"


@dataclass(frozen=True, slots=True)
class Revoke:
    """The provider withdraws every live token of that kind, and tells nobody."""

    kind: Literal["access_token", "refresh_token"]


@dataclass(frozen=True, slots=True)
class ChangeSecret:
    """The client's secret is replaced at the provider, and nobody tells the client."""


Move = Do | PassLifetime | Revoke | ChangeSecret


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """The most requests that a careful client needs in a scenario."""

    token: int = 3
    api: int = 5
    jwks: int = 3
    discovery: int = 3
    register: int = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """One trial. ``faults`` are data in the one fault schema; their ids appear in ``Evidence.fired``.

    ``needs`` are capabilities (``--supports``) without which the scenario is skipped. ``variants`` names, by provider,
    the variant that it needs, ``scope`` the scope that the client is told where it is not the provider's own. ``owns``
    are the always-on checks whose subject is judged by a check here, so that they do not judge it twice.
    """

    id: str
    title: str
    profile: Profile
    providers: frozenset[str]
    grants: frozenset[str]
    severity: Literal["MUST", "SHOULD", "robustness"]
    plan: tuple[Move, ...]
    checks: tuple[Check, ...]
    faults: tuple[Mapping[str, Any], ...] = ()
    needs: frozenset[str] = frozenset()
    budget: Budget = field(default_factory=Budget)
    variants: Mapping[str, str] = field(default_factory=dict)
    scope: str | None = None
    owns: frozenset[str] = frozenset()

    @property
    def one_run(self) -> bool:
        """Whether a command that is run once, for one token and one call, can play it.

        Of several logins it shows the first; what only the others would show is not judged then.
        """
        moves = [move for move in self.plan if not isinstance(move, ChangeSecret)]
        asked = [move for move in moves if isinstance(move, Do)]
        calls = sum(move.times for move in asked if move.do == "call_api")
        return len(asked) == len(moves) and calls <= 1 and not any(move.do == "register" for move in asked)
