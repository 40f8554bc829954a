"""Free ports for redirect URIs, from a range that the system does not hand out by itself."""

import socket
from collections import deque
from contextlib import ExitStack
from itertools import count

_LOWEST, _SPAN = 19000, 9000
_HELD = 64


class Ports:
    """Hands out loopback ports, each once until all were used; ``start`` sets where to begin.

    A client binds its port only when it listens. Until then nobody else may get it, another run on this machine
    included: for the latest 64 the UDP port of the same number is held, which is of no use to anybody.
    """

    def __init__(self, start: int = 0) -> None:
        self._next = count(start)
        self._held: deque[socket.socket] = deque()

    def take(self) -> int:
        """A port on 127.0.0.1 on which nobody listens. OSError where there is none."""
        for _ in range(_SPAN):
            port = _LOWEST + next(self._next) % _SPAN
            with ExitStack() as stack:
                mark = stack.enter_context(socket.socket(type=socket.SOCK_DGRAM))
                probe = stack.enter_context(socket.socket())
                try:
                    mark.bind(("127.0.0.1", port))
                    probe.bind(("127.0.0.1", port))
                except OSError:
                    continue
                stack.pop_all()
            probe.close()
            self._hold(mark)
            return port
        raise OSError("no free port for a redirect URI was found")

    def _hold(self, mark: socket.socket) -> None:
        self._held.append(mark)
        if len(self._held) > _HELD:
            self._held.popleft().close()

    def __del__(self) -> None:
        for mark in self._held:
            mark.close()
