"""HTTP as it is: every header line in order and no redirect followed."""

import http.client
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

Headers = list[tuple[str, str]]


@dataclass
class Answer:
    """What came back: status, header lines in order, body."""

    status: int
    headers: Headers
    body: bytes

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode("utf-8", "replace")

    def header(self, name: str) -> str:
        """That header's value, of several lines the first; empty if it has none."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), "")


@dataclass
class Talk:
    """A talk with one server."""

    base: str

    def send(
        self, method: str, path: str, headers: Sequence[tuple[str, str]] = (), body: bytes | None = None
    ) -> Answer:
        """The answer to that request; nothing is sent that is not told here, but Host and Content-Length."""
        parts = urlsplit(self.base)
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=60)
        try:
            own_host = any(name.lower() == "host" for name, _ in headers)
            connection.putrequest(method, path, skip_host=own_host, skip_accept_encoding=True)
            for name, value in headers:
                connection.putheader(name, value)
            if body is not None:
                connection.putheader("Content-Length", str(len(body)))
            connection.endheaders(body)
            response = connection.getresponse()
            answer = Answer(response.status, response.getheaders(), response.read())
        finally:
            connection.close()
        return answer

    def local(self, address: str) -> str:
        """Path and query of that address, read against the base."""
        parts = urlsplit(urljoin(self.base, address))
        return parts.path + (f"?{parts.query}" if parts.query else "")
