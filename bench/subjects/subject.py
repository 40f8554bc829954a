"""A subject of the measurements: a server that hands out tokens, ours or another's."""

import socket
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from bench.clients import Client, answered
from bench.installing import UnavailableError
from bench.processes import Server, free_port, pinned, running
from bench.visiting import Visitor, exchange

Kind = Literal["ours", "peer", "limit"]
STARTING_SECONDS = 30.0
PAUSE = 0.002


@dataclass(frozen=True)
class Subject:
    """How a server is started and what its client then knows.

    ``command`` and ``client`` are given a free port and an empty folder; ``client`` says None until it can be known.
    ``needs`` brings what the command needs, or raises UnavailableError. ``warm_up``: seconds until its compiler rests.
    """

    name: str
    kind: Kind
    version: str
    command: Callable[[int, Path], list[str]]
    client: Callable[[int, Path], Client | None]
    environment: Callable[[int, Path], Mapping[str, str]] = lambda _port, _folder: {}
    needs: Callable[[], Sequence[object]] = tuple
    warm_up: int = 1


@contextmanager
def started(subject: Subject, *, apart: bool = True) -> Iterator[tuple[Client, Server]]:
    """The subject, from when it listens until the block ends; ``apart``: on the server's core alone.

    Raises:
        UnavailableError: it did not listen in time.
    """
    with tempfile.TemporaryDirectory(prefix="sparring-bench-") as name:
        folder, port = Path(name), free_port()
        command = subject.command(port, folder)
        if apart:
            command = pinned(command, "server")
        with running(command, subject.environment(port, folder)) as server:
            deadline = time.monotonic() + STARTING_SECONDS
            while not (client := subject.client(port, folder)) or not _listens(client):
                if words := server.last_words():
                    raise UnavailableError(words)
                if time.monotonic() > deadline:
                    raise UnavailableError(f"it did not listen within {STARTING_SECONDS:.0f} s")
                time.sleep(PAUSE)
            yield client, server


def cold_start(subject: Subject) -> float:
    """Seconds from the command to the first token, on whatever core is free."""
    start = time.perf_counter()
    with started(subject, apart=False) as (client, _):
        first_token(client)
        return time.perf_counter() - start


def first_token(client: Client) -> str:
    """An access token: by client credentials where that is possible, else by a login."""
    granted = client.signed if client.signed is not None else client.opaque
    if granted is not None:
        return str(answered(client, client.form("client_credentials", **granted))["access_token"])
    visitor = Visitor(client)
    try:
        return str(answered(client, exchange(client, visitor.code()))["access_token"])
    finally:
        visitor.close()


def _listens(client: Client) -> bool:
    where = urlsplit(client.base_url)
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((where.hostname, where.port)) == 0
