"""Drivers: how the harness runs one kind of client. They report what happened and never know what is right."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from sparring.harness.evidence import Ending, LogFile

DRIVERS = ("oneshot", "session", "webapp", "callable")
"""Every driver, by the name that ``--driver`` takes; the scene makes the one that is wanted."""

VisitHandler = Callable[[str, bool], Awaitable[str | None]]
"""Visits a URL as a person would. The flag says whether the callback goes to the client over HTTP; where it does not,
the callback URL is returned, to be handed to the client on stdin."""

CLIENT_OUTCOMES = frozenset({"ok", "denied", "reauth", "retry-later", "config", "protocol", "transport"})
"""The outcomes that a client may report of itself."""


class CommandNotFoundError(Exception):
    """The client's command cannot be started at all; the text is one sentence for the user."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Launch:
    """How to start a client. ``cwd`` None is the caller's working folder; ``run`` is the value of SPARRING_RUN.

    ``start_timeout`` bounds the wait for ``ready``, ``timeout`` one instruction, ``quit_timeout`` the end after
    ``quit``, ``wall`` the whole life of the process, ``visit_grace`` what is left of a visit when its instruction has
    ended. ``output_cap`` is the most that is kept of stdout, and of stderr. ``wrap`` makes of the command the one that
    starts it where it belongs.
    """

    command: tuple[str, ...]
    environment: Mapping[str, str]
    scratch: Path
    run: str
    cwd: Path | None = None
    start_timeout: float = 20.0
    timeout: float = 20.0
    quit_timeout: float = 2.0
    wall: float = 600.0
    visit_grace: float = 2.0
    output_cap: int = 4 * 1024 * 1024
    wrap: Callable[[Sequence[str]], tuple[str, ...]] = tuple


@dataclass(frozen=True, slots=True)
class Instruction:
    """One instruction of the client protocol. ``remote_user_id`` belongs to ``register`` alone.

    ``browser`` is the number of the user whose browser is at hand; it is no part of the message.
    """

    id: int
    do: str
    times: int = 1
    parallel: bool = False
    fresh: bool = False
    user: str | None = None
    provider: str | None = None
    remote_user_id: str | None = None
    browser: int = 0

    def message(self) -> dict[str, Any]:
        """The JSON object that goes to the client: only what belongs to this instruction."""
        said: dict[str, Any] = {"id": self.id, "do": self.do}
        if self.do == "authenticate":
            said["fresh"] = self.fresh
        if self.do == "call_api":
            said |= {"times": self.times, "parallel": self.parallel}
        for name in ("user", "provider", "remote_user_id"):
            value = getattr(self, name)
            if value is not None:
                said[name] = value
        return said


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """How an instruction ended. ``outcome`` is the client's own class, or ``timeout``, ``crash``, ``error``.

    ``said`` is the client's own object, as it came; ``detail`` the client's words, or ours where it had none.
    """

    outcome: str
    status: int | None = None
    detail: str = ""
    calls: tuple[str, ...] = ()
    said: Mapping[str, Any] = field(default_factory=dict)


class Driver(Protocol):
    """One kind of client, from its start to its end. Used once."""

    @property
    def pid(self) -> int | None:
        """The client's first process, while there is one."""
        ...

    async def start(self) -> Reply:
        """Start the client and wait until it takes instructions: ``ok``, or how that failed.

        Raises CommandNotFoundError where there is nothing to start.
        """
        ...

    async def do(self, instruction: Instruction) -> Reply:
        """Give one instruction and wait for its end."""
        ...

    async def linger(self, seconds: float) -> None:
        """Leave the client to itself for so many real seconds, or until it has ended."""
        ...

    async def stop(self, *, at_once: bool = False) -> Ending:
        """End the client, by force if need be, with everything that it started. Safe to call at any time, and again.

        ``at_once``: it is killed, without a word before.
        """
        ...

    def logs(self) -> tuple[LogFile, ...]:
        """Everything that the client wrote: stdout, stderr, and the readable files in its scratch folder."""
        ...
