"""The redirect URI of a program on one's own machine: waits for one callback, then it is gone."""

import queue
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from urllib.parse import parse_qsl, urlsplit

from tests.clients.good.trouble import Trouble

Params = list[tuple[str, str]]
Reader = Callable[[Params], str]
"""Takes the callback's parameters; answers with the code, or raises Trouble."""

LONGEST_HEAD = 16384
PAGE = (
    "HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {length}\r\n"
    "Cache-Control: no-store\r\nReferrer-Policy: no-referrer\r\nConnection: close\r\n\r\n{page}"
)


class Listener:
    """Listens on 127.0.0.1 from the moment it is made until it is closed. Takes ``most`` callbacks: one."""

    def __init__(self, redirect_uri: str, reader: Reader, *, most: int = 1) -> None:
        parts = urlsplit(redirect_uri)
        if parts.scheme != "http" or parts.hostname not in {"127.0.0.1", "localhost"} or not parts.port:
            raise Trouble("config", "SPARRING_REDIRECT_URI is no http URL with a port on this machine")
        self._path = parts.path or "/"
        self._reader = reader
        self._arrived: queue.SimpleQueue[str | Trouble] = queue.SimpleQueue()
        self._once = threading.Lock()
        self._left = most
        try:
            self._socket = socket.create_server(("127.0.0.1", parts.port), backlog=16)
        except OSError:
            raise Trouble("config", "cannot listen on the port of SPARRING_REDIRECT_URI") from None
        threading.Thread(target=self._accept, daemon=True).start()

    def wait(self, until: float) -> str:
        """The code that the callback brought; raises Trouble where it brought none, or never came."""
        try:
            arrived = self._arrived.get(timeout=max(until - time.monotonic(), 0))
        except queue.Empty:
            raise Trouble("transport", "nobody came back from the sign-in page in time") from None
        if isinstance(arrived, Trouble):
            raise arrived
        return arrived

    def close(self) -> None:
        """Stop listening."""
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)  # wakes the thread that accepts
        self._socket.close()

    def _accept(self) -> None:
        while True:
            try:
                connection, _address = self._socket.accept()
            except OSError:
                return
            # One thread each: a browser may open a connection early and say nothing on it.
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with connection:
            connection.settimeout(5)
            arrived: str | Trouble | None = None
            with suppress(OSError):
                target = _request_target(connection)
                if target is not None:
                    status, arrived = self._answer(target)
                    _reply(connection, status)
        if arrived is not None:
            self._arrived.put(arrived)

    def _answer(self, target: str) -> tuple[str, str | Trouble | None]:
        path, _, query = target.partition("?")
        if path != self._path:
            return "404 Not Found", None
        with self._once:
            if self._left == 0:
                return "404 Not Found", None
            self._left -= 1
        try:
            return "200 OK", self._reader(parse_qsl(query, keep_blank_values=True, max_num_fields=50))
        except Trouble as trouble:
            return ("200 OK" if trouble.outcome == "denied" else "400 Bad Request"), trouble
        except ValueError:
            return "400 Bad Request", Trouble("protocol", "the callback's parameters cannot be read")


def _request_target(connection: socket.socket) -> str | None:
    """The target of a GET; None for whatever is not one, or says nothing."""
    head = b""
    while b"\r\n\r\n" not in head:
        piece = connection.recv(4096)
        head += piece
        if not piece or len(head) > LONGEST_HEAD:
            return None
    words = head.split(b"\r\n", 1)[0].decode("latin-1").split(" ")
    return words[1] if len(words) == 3 and words[0] == "GET" else None


def _reply(connection: socket.socket, status: str) -> None:
    page = "<!doctype html><title>Sign-in</title><p>You may close this window.</p>"
    if not status.startswith("200"):
        page = "<!doctype html><title>Sign-in</title><p>This request was not expected.</p>"
    connection.sendall(PAGE.format(status=status, length=len(page), page=page).encode())
