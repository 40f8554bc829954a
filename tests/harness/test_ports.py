"""Ports for redirect URIs: nobody else gets one that was handed out."""

import socket
import subprocess
import sys

import pytest

from sparring.harness import ports
from sparring.harness.ports import Ports

START = 4711
NEXT_DOOR = f"from sparring.harness.ports import Ports; print(Ports({START}).take())"


def test_two_runs_that_begin_alike_share_no_port() -> None:
    """Neither in one process nor in two."""
    mine, yours = Ports(START), Ports(START)
    taken = [mine.take(), yours.take(), mine.take(), yours.take()]
    done = subprocess.run([sys.executable, "-c", NEXT_DOOR], capture_output=True, text=True, timeout=60, check=True)
    assert len({*taken, int(done.stdout)}) == 5


def test_a_client_can_listen_on_what_it_was_given() -> None:
    """Only other runs are kept off."""
    given = Ports(START)
    with socket.create_server(("127.0.0.1", given.take())) as server:
        assert Ports(START).take() != server.getsockname()[1]


def test_a_run_that_has_ended_holds_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor one that goes on, beyond its latest ports."""
    run = Ports(START)
    first = run.take()
    del run
    longer = Ports(START)
    assert longer.take() == first
    monkeypatch.setattr(ports, "_HELD", 2)
    later = [longer.take() for _ in range(2)]
    again = Ports(START)
    assert again.take() == first
    assert not {again.take() for _ in range(2)} & set(later)


def test_no_port_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where all are taken."""
    monkeypatch.setattr(ports, "_SPAN", 1)
    held = Ports(START)
    held.take()
    with pytest.raises(OSError, match="no free port"):
        Ports(START).take()
