"""The words a scenario is written in: what the stage does, what the client is told, which checks are at stake."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from sparring.harness.evidence import Evidence
from sparring.harness.verdict import Finding

NOWHERE = ("silent", "closed", "unnamed")
"""Places in a :class:`Setting` at which a client gets no answer, whatever it sends."""

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
    """One instruction to the client, as in the client protocol. ``remote_user_id`` belongs to ``register`` alone.

    ``user`` and ``provider`` are given only where a scenario has several: the user by number (the provider's first one
    is 0, who signs in where none is named), the provider by name.
    """

    do: Literal["authenticate", "call_api", "register"]
    times: int = 1
    parallel: bool = False
    fresh: bool = False
    remote_user_id: str | None = None
    user: int | None = None
    provider: str | None = None


@dataclass(frozen=True, slots=True)
class PassLifetime:
    """Time passes until ``beyond`` seconds after the end of the newest token of that kind; negative: before it."""

    kind: Literal["access_token", "refresh_token"] = "access_token"
    beyond: float = 1.0


@dataclass(frozen=True, slots=True)
class Advance:
    """So many seconds pass, for provider and client alike."""

    seconds: float


@dataclass(frozen=True, slots=True)
class StageAhead:
    """The provider's clock alone goes so many seconds forward (or back): it and the client disagree from now on."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Restart:
    """The client is killed and started again, with what it kept in its scratch folder."""


@dataclass(frozen=True, slots=True)
class RotateKeys:
    """The provider signs with another key from now on. ``keep_old``: the one before it stays published."""

    keep_old: bool = False


@dataclass(frozen=True, slots=True)
class Revoke:
    """The provider withdraws every live token of that kind, and tells nobody."""

    kind: Literal["access_token", "refresh_token"]


@dataclass(frozen=True, slots=True)
class ChangeSecret:
    """The client's secret is replaced at the provider, and nobody tells the client."""


Move = Do | PassLifetime | Advance | StageAhead | Restart | RotateKeys | Revoke | ChangeSecret


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """How the stage is arranged before the client starts, where the usual way will not do.

    ``stage``: members of the control port's wish for a stage, beside the provider (``lifetimes``, ``certificates``).
    ``others``: further providers of that stage, which the client is told of in ``providers``. ``client``: members of
    the registered client that are changed; a changed ``secret`` is the one that the client is told. ``context``: what
    the client is told instead of the usual, by field of the context; ``{base}``, ``{decoy}`` and ``{dead}`` stand for
    the provider's base URL, the other origin's, and a path of the provider's that nobody serves, ``{silent}``,
    ``{closed}`` and ``{unnamed}`` for addresses without an answer. ``login_query``:
    parameters, of the same form, with which a web application's login is opened. ``certificate``: what is wrong with
    the certificate of the provider's second address, where the client is told to find everything that it asks itself
    (the person's browser goes to the first); with ``none``, which is plain HTTP, only faults lead there.
    """

    stage: Mapping[str, Any] = field(default_factory=dict)
    others: tuple[str, ...] = ()
    client: Mapping[str, Any] = field(default_factory=dict)
    context: Mapping[str, str] = field(default_factory=dict)
    login_query: Mapping[str, str] = field(default_factory=dict)
    certificate: str | None = None


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
    are the always-on checks whose subject is judged by a check here, so that they do not judge it twice. ``tls``: it
    means nothing over plain HTTP. ``drivers``: the only ones that can play it, where not all can. ``quiet``: so many
    real seconds after the last instruction still belong to it (fewer where the client has ended by then), for what a
    client does of its own accord. ``pace``: the client is told, and given, that part of the run's timeout for an
    instruction, where every one that is careful waits for its end.
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
    setting: Setting = field(default_factory=Setting)
    tls: bool = False
    quiet: float = 0.0
    pace: float = 1.0
    drivers: frozenset[str] = frozenset()

    def is_in_the_callback(self, *, pasted: Literal["url", "code"]) -> bool:
        """Whether its faults are in a part of the callback that does not reach a client into which so much of it is
        pasted.
        """
        at_the_browser = any(fault.get("match", {}).get("endpoint") == "callback" for fault in self.faults)
        changed = any(fault["effect"]["kind"] == "authorization-response" for fault in self.faults)
        return at_the_browser or (pasted == "code" and changed)

    @property
    def leads_nowhere(self) -> bool:
        """Whether the client is told of an address at which it gets no answer."""
        return any(f"{{{place}}}" in url for place in NOWHERE for url in self.setting.context.values())

    @property
    def passes_time(self) -> bool:
        """Whether time passes for provider and client."""
        return any(isinstance(move, (PassLifetime, Advance)) for move in self.plan)

    @property
    def needs_a_moved_clock(self) -> bool:
        """Whether short real lifetimes cannot stand in for time that passes."""
        return any(
            isinstance(move, Advance)
            or (isinstance(move, PassLifetime) and (move.beyond < 0 or move.kind == "refresh_token"))
            for move in self.plan
        )

    @property
    def one_run(self) -> bool:
        """Whether a command that is run once, for one token and one call, can play it.

        Of several logins it shows the first; what only the others would show is not judged then.
        """
        moves = [move for move in self.plan if not isinstance(move, (ChangeSecret, StageAhead))]
        asked = [move for move in moves if isinstance(move, Do)]
        calls = sum(move.times for move in asked if move.do == "call_api")
        return len(asked) == len(moves) and calls <= 1 and not any(move.do == "register" for move in asked)
