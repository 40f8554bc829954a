"""The figures of one run, as they are kept in ``bench/results/latest.json``."""

import json
from dataclasses import asdict, dataclass, field
from typing import Any

CONNECTIONS = 16
MEASURES = {
    "signed": "Client credentials, a token signed with RS256",
    "opaque": "Client credentials, an opaque token",
    "code": "Exchange of an authorization code",
    "refresh": "Refresh",
    "jwks": "Keys (JWKS)",
    "api": "A call of the protected API, or of userinfo",
}
"""What is measured over so many connections, by its short name."""


@dataclass(frozen=True)
class Rate:
    """One measure of one subject. Milliseconds; ``limit`` is what openssl signed a second before and after."""

    measure: str
    connections: int
    count: int
    per_second: float
    p50: float
    p99: float
    signatures: int
    server_ms: float
    client_core: float
    limit: float

    @property
    def of_limit(self) -> float:
        """Answers for one signature of openssl."""
        return self.per_second / self.limit

    @property
    def work_of_limit(self) -> float:
        """Signatures made for one of openssl; answers, where an answer needs none."""
        return self.of_limit * max(1, self.signatures)

    @property
    def work_by_processor(self) -> float | None:
        """The same by the processor time of the server, whoever else was busy; None where that is not known."""
        return 1000 * max(1, self.signatures) / (self.server_ms * self.limit) if self.server_ms else None


@dataclass(frozen=True)
class Memory:
    """Resident bytes of the server: after its first token, after all the load, and more for each further request."""

    started: int
    loaded: int
    growth: dict[str, float]
    """By measure."""


@dataclass
class Figures:
    """All that was measured of one subject; ``missing`` says why there is nothing, or not all."""

    name: str
    kind: str
    version: str
    cold_start: float | None = None
    rates: list[Rate] = field(default_factory=list)
    memory: Memory | None = None
    missing: list[str] = field(default_factory=list)

    @property
    def label(self) -> str:
        """The name, and what it is unless it is ours."""
        return self.name if self.kind == "ours" else f"{self.name} ({self.kind})"

    @property
    def rank(self) -> int:
        """Ours stand before the peers, and those before the limits."""
        return ("ours", "peer", "limit").index(self.kind)

    def rate(self, measure: str, connections: int) -> Rate | None:
        """That measure, if there is one."""
        return next((r for r in self.rates if (r.measure, r.connections) == (measure, connections)), None)


@dataclass
class Run:
    """One run of the benchmark."""

    date: str
    machine: dict[str, str]
    subjects: list[Figures] = field(default_factory=list)
    beginnings: list[tuple[str, float, float]] = field(default_factory=list)
    """What was opened, milliseconds to open and to close."""
    tests: list[tuple[str, float, float]] = field(default_factory=list)
    """What pytest did, milliseconds elapsed and of processor time."""
    checks: list[tuple[str, float, int]] = field(default_factory=list)
    """Provider and grant, seconds of a whole ``sparring check``, scenarios in it."""
    busy: bool = False
    """Whether others wanted more than the machine has, when it began."""


def written(run: Run) -> str:
    """The run as JSON."""
    return json.dumps(asdict(run), indent=1) + "\n"


def read(text: str) -> Run:
    """The run that was written so."""
    run = Run(**json.loads(text))
    run.subjects = [_figures(each) for each in json.loads(text)["subjects"]]
    run.beginnings = [(what, opening, closing) for what, opening, closing in run.beginnings]
    run.tests = [(what, took, busy) for what, took, busy in run.tests]
    run.checks = [(what, took, scenarios) for what, took, scenarios in run.checks]
    return run


def _figures(found: dict[str, Any]) -> Figures:
    memory = found.pop("memory")
    rates = [Rate(**rate) for rate in found.pop("rates")]
    return Figures(**found, rates=rates, memory=memory and Memory(**memory))
