"""Addresses at which a client gets no answer, whatever it sends: for scenarios that tell it of them."""

import atexit
import socket
from collections.abc import Mapping
from functools import cache

_BACKLOG = 1024


def nowhere(scheme: str) -> Mapping[str, str]:
    """``silent`` takes connections and never reads from one, ``closed`` refuses them, ``unnamed`` is a host that no
    name server may know (RFC 6761 section 6.4).
    """
    return {
        "silent": f"{scheme}://127.0.0.1:{_silent_port()}",
        "closed": f"{scheme}://127.0.0.1:1",
        "unnamed": f"{scheme}://nobody.invalid",
    }


@cache
def _silent_port() -> int:
    """A port on which the system completes connections, for as long as this process lives, and nobody takes them."""
    listening = socket.create_server(("127.0.0.1", 0), backlog=_BACKLOG)
    atexit.register(listening.close)
    return int(listening.getsockname()[1])
