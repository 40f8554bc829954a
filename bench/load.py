"""The client of the measurement, in a process of its own: ``python -m bench.load`` with a JSON object on stdin.

Plain asyncio sockets, one request prepared as bytes, one in flight on each connection; every answer must be a 200.
"""

import asyncio
import json
import ssl
import sys
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode, urlsplit

WARM_UP = 0.3

Following = Callable[[bytes], bytes]
"""The next request, made from the whole of an answer."""


class Asker(asyncio.Protocol):
    """Asks again as soon as the whole answer is there."""

    def __init__(self, request: bytes, ended: asyncio.Future[None], following: Following | None = None) -> None:
        self.count = 0
        self._request = request
        self._following = following
        self._ended = ended
        self._buffer = b""
        self._needed = -1

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for the first time."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        """Count what is whole."""
        self._buffer += data
        if self._needed < 0:
            head, found, _ = self._buffer.partition(b"\r\n\r\n")
            if not found:
                return
            if not head.startswith(b"HTTP/1.1 200 "):
                self._fail(f"not a token: {self._buffer!r}")
                return
            length = head.lower().partition(b"\r\ncontent-length: ")[2].partition(b"\r\n")[0]
            self._needed = len(head) + 4 + int(length)
        if len(self._buffer) >= self._needed:
            if not self.count and b'"access_token"' not in self._buffer:
                self._fail("the answer holds no token")
                return
            self.count += 1
            if self._following is not None:
                self._request = self._following(self._buffer)
            self._buffer, self._needed = b"", -1
            self._transport.write(self._request)

    def connection_lost(self, exc: Exception | None) -> None:
        """Nobody should hang up."""
        self._fail(f"the connection was lost: {exc}")

    def _fail(self, why: str) -> None:
        if not self._ended.done():
            self._ended.set_exception(RuntimeError(why))


def token_request(info: dict[str, Any], refresh_token: str | None = None) -> bytes:
    """A token request to that provider, as a careful client sends it: for itself, or by refresh token."""
    url = urlsplit(info["endpoints"]["token"])
    form = {name: info[name] for name in ("client_id", "client_secret")}
    if refresh_token is None:
        form |= {"grant_type": "client_credentials", "scope": info["scope"]}
    else:
        form |= {"grant_type": "refresh_token", "refresh_token": refresh_token}
    body = urlencode(form).encode()
    head = [
        f"POST {url.path} HTTP/1.1",
        f"Host: {url.netloc}",
        "Content-Type: application/x-www-form-urlencoded",
        f"Content-Length: {len(body)}",
    ]
    return "\r\n".join([*head, "", ""]).encode() + body


async def measure(task: dict[str, Any]) -> dict[str, float]:
    """Tokens a second over so many connections for so long; and what share of a core this client took."""
    loop = asyncio.get_running_loop()
    url = urlsplit(task["info"]["base_url"])
    trust = ssl.create_default_context(cafile=task["ca_file"]) if url.scheme == "https" else None
    refresh_token = task.get("refresh_token")
    request = token_request(task["info"], refresh_token)

    def following(answer: bytes) -> bytes:
        newest = json.loads(answer.partition(b"\r\n\r\n")[2])["refresh_token"]
        return token_request(task["info"], newest)

    def asker() -> Asker:
        return Asker(request, ended, following if refresh_token else None)

    ended: asyncio.Future[None] = loop.create_future()
    askers = []
    for _ in range(task["connections"]):
        _, connected = await loop.create_connection(asker, url.hostname, url.port, ssl=trust)
        askers.append(connected)
    await asyncio.wait([ended], timeout=WARM_UP)
    before, start, busy = sum(each.count for each in askers), time.perf_counter(), time.process_time()
    await asyncio.wait([ended], timeout=task["seconds"])
    took, busy = time.perf_counter() - start, time.process_time() - busy
    count = sum(each.count for each in askers) - before
    if ended.done():
        ended.result()
    ended.cancel()
    total = sum(each.count for each in askers)
    return {"per_second": count / took, "client_core": busy / took, "total": total}


if __name__ == "__main__":
    print(json.dumps(asyncio.run(measure(json.load(sys.stdin)))))
