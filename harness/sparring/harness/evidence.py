"""What a run left behind: the exchanges, the client's own words, and the stage's facts. Immutable."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Literal
from urllib.parse import parse_qsl, urlsplit

ERROR_OUTCOMES = frozenset(
    {"denied", "reauth", "retry-later", "config", "protocol", "transport", "error", "crash", "timeout"}
)
"""Every outcome but ``ok``. ``error`` is an error of unknown class; ``crash`` and ``timeout`` are the harness's."""


@lru_cache(maxsize=4096)
def _pairs(text: str) -> tuple[tuple[str, str], ...]:
    """The parameters of a query or a form, decoded, in order, blank ones kept. A run asks for the same ones often."""
    return tuple(parse_qsl(text, keep_blank_values=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One request to a fake and what it answered. Header names are lower case, in wire order.

    ``url`` is absolute, as the client asked. ``status`` is None where the fake never answered (a wire fault).
    ``at`` is the stage's clock (POSIX seconds), ``elapsed`` real seconds since the stage opened.
    ``rule`` is the provider's rule that decided the answer.
    ``facts`` has, where they apply: ``faults`` (ids fired on this exchange), ``issued`` and ``presented`` (lists of
    token facts: ``kind``, ``fp``, ``family``, ``generation``, ``valid``, ``reason``, ``where``), ``client``, ``grant``,
    ``user``, ``notes`` (what a stricter server would have refused), ``certificate`` (what is wrong with that of the
    socket that it came in by).
    """

    n: int
    provider: str
    endpoint: str
    method: str
    url: str
    headers: tuple[tuple[str, str], ...]
    body: bytes = b""
    status: int | None = None
    response_headers: tuple[tuple[str, str], ...] = ()
    response_body: bytes = b""
    rule: str = ""
    at: float = 0.0
    elapsed: float = 0.0
    facts: Mapping[str, Any] = field(default_factory=dict)

    def header(self, name: str) -> str | None:
        """The first request header of that name (lower case), or None."""
        return next((value for key, value in self.headers if key == name), None)

    def header_values(self, name: str) -> list[str]:
        """Every request header of that name (lower case)."""
        return [value for key, value in self.headers if key == name]

    def response_header(self, name: str) -> str | None:
        """The first response header of that name (lower case), or None."""
        return next((value for key, value in self.response_headers if key == name), None)

    @property
    def query(self) -> list[tuple[str, str]]:
        """The parameters of the request line, decoded, in order, blank ones kept."""
        return list(_pairs(urlsplit(self.url).query))

    @property
    def form(self) -> list[tuple[str, str]]:
        """The parameters of a form-encoded body, decoded, in order; empty for any other body."""
        kind = (self.header("content-type") or "").partition(";")[0].strip().lower()
        if kind != "application/x-www-form-urlencoded":
            return []
        return list(_pairs(self.body.decode("utf-8", "replace")))

    @property
    def params(self) -> list[tuple[str, str]]:
        """Query parameters, then form parameters."""
        return self.query + self.form

    def param(self, name: str) -> str | None:
        """The first parameter of that name in query or form, or None."""
        return next((value for key, value in self.params if key == name), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One instruction and how it ended. ``outcome`` is the client's own class, or timeout, crash, error.

    ``first`` and ``last`` bound the exchanges recorded while it ran: ``first <= n < last``. ``elapsed`` is the stage's
    real age in seconds when the instruction was given. ``remote_user_id`` is whom a ``register`` was told to register,
    ``user`` the number of the user where the instruction named one.
    """

    id: int
    do: str
    outcome: str
    status: int | None = None
    detail: str = ""
    calls: tuple[str, ...] = ()
    first: int = 0
    last: int = 0
    elapsed: float = 0.0
    said: Mapping[str, Any] = field(default_factory=dict)
    remote_user_id: str | None = None
    user: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One URL that the client sent a person to, and the callback URL that the user agent delivered (if any).

    ``callback_status`` is the client's HTTP answer to the callback, ``callback_body`` its page; ``problem`` says in a
    sentence why nothing could be delivered (empty where it was). ``replayed``: the browser delivered it a second time;
    ``replay_status`` is the client's answer to that, None where nobody listened any more.
    """

    url: str
    step: int
    callback: str | None = None
    callback_status: int | None = None
    callback_body: str = ""
    problem: str = ""
    replayed: bool = False
    replay_status: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """How the client's process ended: exit code, or signal; ``problems`` are sentences (did not end, left a child)."""

    exit_code: int | None = None
    signal: int | None = None
    seconds: float = 0.0
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Secret:
    """A value that must stay private, and of which ``kind`` it is: client_secret, access_token, code, and so on."""

    kind: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LogFile:
    """A piece of the client's output: ``stdout``, ``stderr``, or a file in its scratch folder, with its mode."""

    name: str
    text: str
    mode: int | None = None


@dataclass(frozen=True, slots=True, order=True)
class Stranger:
    """Another host that the client tried to reach, and did not. ``host`` is its name, or an address that was no name's;
    ``port`` 0: only the name was looked up. ``means``: ``name`` or ``address``.
    """

    host: str
    port: int
    means: Literal["name", "address"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Everything that the checks of one scenario may look at."""

    scenario: str
    provider: str
    grant: str
    driver: str
    context: Mapping[str, Any]
    exchanges: tuple[Exchange, ...] = ()
    steps: tuple[Step, ...] = ()
    visits: tuple[Visit, ...] = ()
    ending: Ending = field(default_factory=Ending)
    logs: tuple[LogFile, ...] = ()
    secrets: tuple[Secret, ...] = ()
    fired: tuple[str, ...] = ()
    """Ids of the faults that fired, wherever they were executed, once for each firing; ``certificate-`` and what is
    wrong with it for each connection to a provider's second address.
    """
    supports: frozenset[str] = frozenset()
    as_documented: bool = False
    public: bool = False
    tls: bool = True
    strict: bool = False
    strangers: tuple[Stranger, ...] | None = None
    """The other hosts that the client tried to reach; None where nobody could see that."""

    def at(self, *endpoints: str) -> tuple[Exchange, ...]:
        """The exchanges with the provider at these endpoints, in order."""
        return tuple(e for e in self.exchanges if e.provider == self.provider and e.endpoint in endpoints)

    @property
    def decoy(self) -> tuple[Exchange, ...]:
        """What reached the other origin, which must see nothing."""
        return tuple(e for e in self.exchanges if e.provider == "decoy")

    def during(self, step: Step, *endpoints: str) -> tuple[Exchange, ...]:
        """The exchanges at these endpoints while that instruction ran."""
        return tuple(e for e in self.at(*endpoints) if step.first <= e.n < step.last)

    def doing(self, do: str) -> Iterator[Step]:
        """The steps of one instruction (``authenticate``, ``call_api``, ...)."""
        return (step for step in self.steps if step.do == do)

    @property
    def outcome(self) -> str:
        """The outcome of the last instruction that was not ``quit``; ``crash`` where there was none."""
        said = [step.outcome for step in self.steps if step.do != "quit"]
        return said[-1] if said else "crash"
