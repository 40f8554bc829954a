"""Talking to the fakes below HTTP: bytes out, bytes in, and how the connection ended."""

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import httpx2
import pytest

from sparring.mocks.control.direct import DirectControl
from sparring.mocks.server.theatre import Theatre

Info = dict[str, Any]
LOOPS = [
    pytest.param(("asyncio", {"use_uvloop": False}), id="asyncio"),
    pytest.param(
        ("asyncio", {"use_uvloop": True}),
        id="uvloop",
        marks=pytest.mark.skipif(find_spec("uvloop") is None, reason="there is no uvloop here"),
    ),
]
"""The event loops on which stages live: that of most tests, and that of ``sparring serve``."""

API = "application/vnd.ingest.v1+json"


@dataclass(frozen=True)
class House:
    """Stages, their sockets, and the certificate that a client must trust (None: plain http)."""

    control: DirectControl
    theatre: Theatre
    ca_file: Path | None

    async def open(self, *providers: str, **wishes: object) -> Info:
        """A stage with these providers."""
        return await self.control.open_stage({"providers": list(providers), **wishes})

    def trust(self) -> ssl.SSLContext | None:
        """What a client believes in."""
        return None if self.ca_file is None else ssl.create_default_context(cafile=self.ca_file)

    @asynccontextmanager
    async def browser(self) -> AsyncIterator[httpx2.AsyncClient]:
        """An HTTP client that trusts the CA file and nobody else."""
        async with httpx2.AsyncClient(verify=self.trust() or True, trust_env=False, timeout=10) as client:
            yield client

    @asynccontextmanager
    async def line(self, url: str) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
        """A connection, as streams."""
        reader, writer = await asyncio.open_connection("127.0.0.1", urlsplit(url).port, ssl=self.trust())
        try:
            yield reader, writer
        finally:
            writer.transport.abort()

    async def send(self, url: str, data: bytes, seconds: float = 10) -> tuple[bytes, str]:
        """Everything that comes back, and how it ended: closed, cut, reset, or open after so many seconds."""
        return await asyncio.to_thread(_exchange, urlsplit(url).port or 0, self.trust(), data, seconds)


def _exchange(port: int, trust: ssl.SSLContext | None, data: bytes, seconds: float) -> tuple[bytes, str]:
    with socket.create_connection(("127.0.0.1", port), timeout=10) as sock:
        tunnel = None if trust is None else _Tunnel(trust, sock)
        sock.sendall(data if tunnel is None else tunnel.wrapped(data))
        sock.settimeout(seconds)
        received = b""
        try:
            while part := sock.recv(65536):
                received += part if tunnel is None else tunnel.unwrapped(part)
                if tunnel is not None and tunnel.ended:
                    return received, "closed"
        except TimeoutError:
            return received, "open"
        except ConnectionResetError:
            return received, "reset"
    return received, "closed" if tunnel is None else "cut"


class _Tunnel:
    """TLS beside the socket: an SSLSocket calls a reset an end of file where OpenSSL has lost the errno."""

    def __init__(self, trust: ssl.SSLContext, sock: socket.socket) -> None:
        self.ended = False
        self._inbound, self._outbound = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._tls = trust.wrap_bio(self._inbound, self._outbound, server_hostname="127.0.0.1")
        while True:
            try:
                self._tls.do_handshake()
                return
            except ssl.SSLWantReadError:
                sock.sendall(self._outbound.read())
                self._inbound.write(sock.recv(65536))

    def wrapped(self, data: bytes) -> bytes:
        """What goes over the wire for these bytes."""
        self._tls.write(data)
        return self._outbound.read()

    def unwrapped(self, raw: bytes) -> bytes:
        """What is meant by the bytes that came over the wire; ``ended`` tells whether it has said its last."""
        self._inbound.write(raw)
        received = b""
        try:
            while part := self._tls.read(65536):
                received += part
        except ssl.SSLWantReadError:
            return received
        except ssl.SSLZeroReturnError:
            pass
        self.ended = True
        return received


async def until(true: Callable[[], bool], seconds: float = 5) -> None:
    """Wait for something that nobody announces."""
    async with asyncio.timeout(seconds):
        while not true():  # noqa: ASYNC110
            await asyncio.sleep(0.005)


def request(target: str, *headers: str, method: str = "GET", host: str = "127.0.0.1", body: bytes = b"") -> bytes:
    """One HTTP/1.1 request."""
    length = [f"Content-Length: {len(body)}"] if body else []
    return "\r\n".join([f"{method} {target} HTTP/1.1", f"Host: {host}", *length, *headers, "", ""]).encode() + body


def token_form(stage: Info, provider: str = "ingest") -> dict[str, str]:
    """A client credentials request that succeeds."""
    info = stage["providers"][provider]
    given = {name: info[name] for name in ("client_id", "client_secret", "scope")}
    return {"grant_type": "client_credentials", **given}


def token_request(stage: Info, *headers: str, provider: str = "ingest") -> bytes:
    """The same as bytes."""
    path = urlsplit(stage["providers"][provider]["endpoints"]["token"]).path
    kind = "Content-Type: application/x-www-form-urlencoded"
    return request(path, kind, *headers, method="POST", body=urlencode(token_form(stage, provider)).encode())


async def answer(reader: asyncio.StreamReader, *, head_only: bool = False) -> tuple[int, Mapping[str, str], bytes]:
    """The next answer on a connection: status, headers (lower case), body."""
    lines = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:] if line)}
    body = b"" if head_only else await reader.readexactly(int(headers.get("content-length", "0")))
    return int(lines[0].split(" ")[1]), headers, body
