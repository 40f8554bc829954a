"""Free ports for redirect URIs, from a range that the system does not hand out by itself."""

import socket
from itertools import count

_LOWEST, _SPAN = 19000, 9000


class Ports:
    """Hands out loopback ports, each once until all were used; ``start`` sets where to begin."""

    def __init__(self, start: int = 0) -> None:
        self._next = count(start)

    def take(self) -> int:
        """A port on 127.0.0.1 on which nobody listens. OSError where there is none."""
        for _ in range(_SPAN):
            port = _LOWEST + next(self._next) % _SPAN
            with socket.socket() as probe:
                try:
                    probe.bind(("127.0.0.1", port))
                except OSError:
                    continue
            return port
        raise OSError("no free port for a redirect URI was found")
