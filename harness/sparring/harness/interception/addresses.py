"""Whom a name or an address belongs to: a listener of the stage, this machine itself, or somebody else."""

import socket
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address

from sparring.harness.interception import Route, Stranger

OWN_NAMES = ("127.0.0.1", "localhost", "::1")
"""What a client calls its own machine: none of it goes through a proxy."""


def plain_name(host: str) -> str:
    """A host as it is compared: lower case, without brackets, zone or the final dot."""
    return host.strip("[]").partition("%")[0].rstrip(".").lower()


def address(host: str) -> IPv4Address | IPv6Address | None:
    """The address that a host is; None for a name."""
    try:
        return ip_address(host)
    except ValueError:
        return None


def is_own(host: str) -> bool:
    """Whether a host, as ``plain_name`` leaves it, is this machine itself."""
    found = address(host)
    if isinstance(found, IPv6Address):
        found = found.ipv4_mapped or found
    if found is not None:
        return found.is_loopback or found.is_unspecified
    return host == "localhost" or host.endswith(".localhost") or host == socket.gethostname().lower()


def route_to(routes: Sequence[Route], host: str, *, tls: bool) -> Route | None:
    """The listener that an unmodified client meets under that real name, None where the name is nobody's.

    One that speaks as the client does, TLS or not, comes before one that does not; of two that do, or of two that do
    not, the second address comes before the first.
    """
    named = [route for route in routes if host in route.hosts]
    return max(named, key=lambda route: (route.tls == tls, route.side), default=None)


def stranger(host: str, port: int) -> Stranger:
    """Somebody else, named as the client named it."""
    return Stranger(host, port, "name" if address(host) is None else "address")
