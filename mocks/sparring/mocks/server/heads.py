"""Heads of requests that were read before: a client sends the same octets again and again."""

from dataclasses import dataclass

from sparring.mocks.engine.messages import Request

_MOST = 64
_LONGEST = 2_048
_TELLING = frozenset({"transfer-encoding", "expect", "upgrade"})
"""What makes more of a request than its head and the octets behind it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What a parser has made of a head, all limits kept; ``length`` octets of body follow it."""

    method: str
    scheme: str
    host: str
    path: str
    query: str
    headers: tuple[tuple[str, str], ...]
    length: int

    def request(self, body: bytes) -> Request:
        """The request with that body."""
        return Request(
            method=self.method,
            scheme=self.scheme,
            host=self.host,
            path=self.path,
            query=self.query,
            headers=self.headers,
            body=body,
        )


class Heads:
    """The last few heads behind which the connection lasts, octet for octet: what has been found out about one of them
    is true of its twin. They are those of one socket, whose limits and scheme are always the same.
    """

    def __init__(self) -> None:
        self._known: dict[bytes, Head] = {}
        self.get = self._known.get

    def learn(self, data: bytes, head: Head) -> None:
        """Those octets were one request with that head, from the first to the last of them; else it is passed over."""
        end = len(data) - head.length
        simple = data.startswith(head.method.encode()) and data.find(b"\r\n\r\n") + 4 == end
        if not simple or end > _LONGEST or any(name in _TELLING for name, _ in head.headers):
            return
        if len(self._known) >= _MOST:
            self._known.clear()
        self._known[data[:end]] = head
