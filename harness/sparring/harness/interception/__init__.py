"""The ways by which a client that knows only the providers' real names comes to the fakes: sandbox, proxy, host map."""

import socket
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Protocol

from sparring.harness.evidence import Stranger

__all__ = ["MODES", "Adopt", "Interception", "InterceptionError", "Mode", "Plan", "Route", "Stranger"]

Mode = Literal["none", "env", "proxy", "sandbox"]
MODES: tuple[Mode, ...] = ("none", "env", "proxy", "sandbox")


class InterceptionError(Exception):
    """A mode that does not work on this machine; the text is one sentence, with what would help or works instead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One listener of a stage on this machine. ``hosts`` are the real names that belong to it, none for a listener that
    is only known by its own address; ``port`` is where it listens on 127.0.0.1. ``name`` is the provider's, or decoy.

    ``side``: it is the provider's second address. A provider that has one is met there, under its real names, by an
    unmodified client: the certificate is faulty, or there is no TLS at all.
    """

    name: str
    hosts: tuple[str, ...]
    port: int
    tls: bool
    side: bool = False


Adopt = Callable[[str, socket.socket, bool], Awaitable[None]]
"""Has the stage serve a socket that listens already, as it serves its own listener of that name (and side)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What an interception is opened for: one client, one stage. ``ca_file`` is the CA's certificate (PEM), None over
    plain HTTP; ``scratch`` the client's folder, in which the interception may keep files of its own.
    """

    routes: Sequence[Route]
    ca_file: Path | None
    scratch: Path
    known: frozenset[str] = field(default_factory=frozenset)
    """Names that are no strangers though nobody answers to them."""
    adopt: Adopt | None = None
    """None where the stage takes no sockets from others."""


class Interception(Protocol):
    """The way from one client to one stage, from before the client's start until after its end."""

    @property
    def variables(self) -> Mapping[str, str]:
        """What the client's environment needs; joined to what is there where a variable is a list (LD_PRELOAD,
        NODE_OPTIONS, JAVA_TOOL_OPTIONS, PYTHONPATH, PATH).
        """
        ...

    def wrapped(self, command: Sequence[str]) -> tuple[str, ...]:
        """The command that starts the client there."""
        ...

    async def connect(self, host: str, port: int) -> socket.socket:
        """A connection, as the client's own machine would make it, to something that the client listens on: the user
        agent brings callbacks by it. OSError.
        """
        ...

    def strangers(self) -> tuple[Stranger, ...]:
        """The other hosts so far, each once, in the order of their first try."""
        ...

    async def close(self) -> None:
        """Undo everything. Safe to call twice."""
        ...
