"""Addresses at which nobody answers."""

import socket
from urllib.parse import urlsplit

import pytest

from sparring.harness.nowhere import nowhere
from sparring.harness.scenario import NOWHERE
from sparring.harness.scenarios import ALL


def _port(url: str) -> int:
    return urlsplit(url).port or 0


def test_the_silent_one_takes_connections_and_says_nothing() -> None:
    """As many as come, and the same address each time."""
    url = nowhere("https")["silent"]
    assert nowhere("https")["silent"] == url
    for _ in range(3):
        with socket.create_connection(("127.0.0.1", _port(url)), timeout=5) as connection:
            connection.sendall(b"GET / HTTP/1.1\r\n\r\n")
            connection.settimeout(0.05)
            with pytest.raises(TimeoutError):
                connection.recv(1)


def test_the_closed_one_refuses() -> None:
    """At once."""
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", _port(nowhere("http")["closed"])), timeout=5)


def test_each_has_the_scheme_of_the_provider_and_a_scenario() -> None:
    """Three of them lead nowhere, and no other does."""
    assert set(nowhere("http")) == set(NOWHERE)
    assert {urlsplit(url).scheme for url in nowhere("http").values()} == {"http"}
    assert {one.id for one in ALL if one.leads_nowhere} == {
        "token-hang-connected",
        "token-connection-refused-closed",
        "token-connection-refused-unnamed",
    }
