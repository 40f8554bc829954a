"""One HTTP request, one bounded answer. Follows nothing, retries nothing, never waits beyond its deadline."""

import http.client
import socket
import ssl
import threading
import time
from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import urlsplit

from tests.clients.good.trouble import Trouble

MOST = 1 << 20
"""The longest body that anything here has a use for, in bytes."""


class Answer(NamedTuple):
    """An HTTP answer; header names are lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Wire:
    """The way to the servers: one TLS context, one connection for each request. ``most`` bytes of a body are read."""

    def __init__(self, ca_file: str, patience: float) -> None:
        self.most = MOST
        self._ca_file = ca_file
        self._patience = patience
        self._context: ssl.SSLContext | None = None
        self._lock = threading.Lock()

    def send(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes | None = None, *, until: float
    ) -> Answer:
        """Send one request; ``until`` is a reading of the monotonic clock. Raises Trouble (transport)."""
        parts = urlsplit(url)
        host = parts.hostname or ""
        seconds = min(until - time.monotonic(), self._patience)
        if seconds <= 0:
            raise Trouble("transport", "no time left")
        deadline = time.monotonic() + seconds
        connection = (
            http.client.HTTPSConnection(host, parts.port, timeout=seconds, context=self._tls())
            if parts.scheme == "https"
            else http.client.HTTPConnection(host, parts.port, timeout=seconds)
        )
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        alarm: threading.Timer | None = None
        try:
            connection.connect()
            # A server that sends one byte now and then would outlive any timeout of a single read.
            alarm = threading.Timer(seconds, _cut, (connection.sock,))
            alarm.daemon = True
            alarm.start()
            connection.request(method, target, body, {**headers, "Connection": "close"})
            response = connection.getresponse()
            data = response.read(self.most + 1)
            whole = response.length in {None, 0}
            answer = Answer(response.status, {k.lower(): v for k, v in response.getheaders()}, data)
        except ssl.SSLError as error:
            raise Trouble("transport", f"TLS failed ({error.reason or type(error).__name__})") from None
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise Trouble("transport", f"no usable HTTP answer ({type(error).__name__})") from None
        finally:
            if alarm is not None:
                alarm.cancel()
            connection.close()
        if time.monotonic() >= deadline:
            raise Trouble("transport", "the answer did not end in time", status=answer.status)
        if len(data) > self.most:
            raise Trouble("protocol", "the answer is unreasonably long", status=answer.status)
        if not whole:
            raise Trouble("transport", "the answer ended too early", status=answer.status)
        return answer

    def _tls(self) -> ssl.SSLContext:
        with self._lock:
            if self._context is None:
                try:
                    self._context = ssl.create_default_context(cafile=self._ca_file or None)
                except OSError:
                    raise Trouble("config", "SPARRING_CA_FILE cannot be used") from None
            return self._context


def _cut(sock: socket.socket) -> None:
    try:
        socket.socket.shutdown(sock, socket.SHUT_RDWR)
    except OSError:
        return
