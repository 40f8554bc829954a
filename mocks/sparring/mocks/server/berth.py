"""A worker's place among the others that serve the same sockets."""

import socket
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from sparring.mocks.server.theatre import PortTakenError

CONTROL = "the control port"


@dataclass(frozen=True, slots=True, kw_only=True)
class Berth:
    """``number``: from 1. ``listeners`` are bound already, by what they are for. The first worker alone answers at the
    control port, so that the stages opened there are found again; ``lifeline`` is a pipe at whose end the server ends,
    and ``ready`` is told when every socket accepts.
    """

    number: int
    listeners: Mapping[str, socket.socket]
    lifeline: int
    ready: Callable[[dict[str, Any]], None] = field(default=lambda _: None)

    @property
    def first(self) -> bool:
        """Whether it answers at the control port."""
        return self.number == 1


def bind(host: str, ports: Mapping[str, int], many: int) -> list[dict[str, socket.socket]]:
    """Sockets for so many workers, by what they are for; 0: any free port. PortTakenError.

    Where the system spreads connections evenly over sockets of the same port (Linux), each worker has its own, else all
    share one. The control port has one.
    """
    bound: list[dict[str, socket.socket]] = [{} for _ in range(many)]
    try:
        for name, port in ports.items():
            first = _bound(host, port, probe=True)
            bound[0][name] = first
            for worker in bound[1:] if name != CONTROL else ():
                worker[name] = _bound(host, first.getsockname()[1]) if _spreading() is not None else first.dup()
    except OSError as error:
        close(bound)
        raise PortTakenError(f"cannot listen on {host}:{port}: {error.strerror or error}") from error
    return bound


def close(bound: Sequence[Mapping[str, socket.socket]]) -> None:
    """Close them all."""
    for each in bound:
        for listener in each.values():
            listener.close()


def _spreading() -> int | None:
    """The option by which sockets of one port share its connections evenly, where there is one: FreeBSD's, Linux's."""
    if (evenly := getattr(socket, "SO_REUSEPORT_LB", None)) is not None:
        return int(evenly)
    return socket.SO_REUSEPORT if hasattr(socket, "SO_INCOMING_CPU") else None


def _bound(host: str, port: int, *, probe: bool = False) -> socket.socket:
    family, kind, protocol, _, address = socket.getaddrinfo(
        host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )[0]
    if probe and port:  # somebody else's workers would let us in
        with socket.socket(family, kind, protocol) as alone:
            alone.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            alone.bind(address)
    listener = socket.socket(family, kind, protocol)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if (option := _spreading()) is not None:
            listener.setsockopt(socket.SOL_SOCKET, option, 1)
        if family == socket.AF_INET6:
            with suppress(AttributeError):
                listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        listener.bind(address)
    except OSError:
        listener.close()
        raise
    listener.setblocking(False)
    return listener
