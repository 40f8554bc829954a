"""How the browser's connections are made where the client lives on a machine of its own, or knows real names only."""

# ruff: noqa: ASYNC109 - the timeouts are parameters of the pool's own interface

import asyncio
import socket
import ssl
from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import httpcore2
import httpx2

Connect = Callable[[str, int], Awaitable[socket.socket]]
"""Makes a connection to something that the client listens on. OSError."""


@dataclass(frozen=True, slots=True)
class Places:
    """Where the browser finds what: ``ports`` are those on this machine's loopback by real name and port, ``direct``
    those of the stage's listeners under their own address; everything else is the client's, and ``connect`` leads
    there.
    """

    connect: Connect
    ports: Mapping[tuple[str, int], int] = field(default_factory=dict)
    direct: frozenset[int] = frozenset()


class Transport(httpx2.AsyncBaseTransport):
    """The transport of a browser for those places."""

    def __init__(self, places: Places, verify: ssl.SSLContext) -> None:
        self._pool = httpcore2.AsyncConnectionPool(ssl_context=verify, network_backend=_Wires(places))

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send a request; its URL, Host header and server name are as they were."""
        asked = httpcore2.Request(
            method=request.method,
            url=httpcore2.URL(
                scheme=request.url.raw_scheme,
                host=request.url.raw_host,
                port=request.url.port,
                target=request.url.raw_path,
            ),
            headers=request.headers.raw,
            content=request.stream,
            extensions=request.extensions,
        )
        with _as_the_library_says():
            answer = await self._pool.handle_async_request(asked)
        return httpx2.Response(
            status_code=answer.status, headers=answer.headers, stream=_Body(answer), extensions=answer.extensions
        )

    async def aclose(self) -> None:
        """Close every connection."""
        await self._pool.aclose()


class _Body(httpx2.AsyncByteStream):
    def __init__(self, answer: httpcore2.Response) -> None:
        self._answer = answer

    async def __aiter__(self) -> AsyncIterator[bytes]:
        assert isinstance(self._answer.stream, AsyncIterable)
        with _as_the_library_says():
            async for chunk in self._answer.stream:
                yield chunk

    async def aclose(self) -> None:
        await self._answer.aclose()


@contextmanager
def _as_the_library_says() -> Any:
    """An error of the connection pool as the library's own of that name."""
    try:
        yield
    except Exception as trouble:
        names = (kind.__name__ for kind in type(trouble).__mro__ if kind.__module__.startswith("httpcore2"))
        mine = next((getattr(httpx2, name) for name in names if hasattr(httpx2, name)), None)
        if mine is None:
            raise
        raise mine(str(trouble)) from trouble


class _Wires(httpcore2.AsyncNetworkBackend):
    def __init__(self, places: Places) -> None:
        self._places = places
        self._usual = httpcore2.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        there = self._places.ports.get((host.lower(), port))
        if there is not None or port in self._places.direct:
            return await self._usual.connect_tcp("127.0.0.1", there or port, timeout, local_address, socket_options)
        try:
            async with asyncio.timeout(timeout):
                made = await self._places.connect(host, port)
                reader, writer = await asyncio.open_connection(sock=made)
        except TimeoutError as trouble:
            raise httpcore2.ConnectTimeout(str(trouble)) from trouble
        except OSError as trouble:
            raise httpcore2.ConnectError(trouble.strerror or str(trouble)) from trouble
        return _Stream(reader, writer)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


class _Stream(httpcore2.AsyncNetworkStream):
    """A connection that was made elsewhere."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        with _as_the_pool_says(httpcore2.ReadTimeout, httpcore2.ReadError):
            async with asyncio.timeout(timeout):
                return await self._reader.read(max_bytes)

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        with _as_the_pool_says(httpcore2.WriteTimeout, httpcore2.WriteError):
            async with asyncio.timeout(timeout):
                self._writer.write(buffer)
                await self._writer.drain()

    async def aclose(self) -> None:
        self._writer.close()
        with suppress(OSError):
            await self._writer.wait_closed()

    async def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.AsyncNetworkStream:
        with _as_the_pool_says(httpcore2.ConnectTimeout, httpcore2.ConnectError):
            async with asyncio.timeout(timeout):
                await self._writer.start_tls(ssl_context, server_hostname=server_hostname)
        return self

    def get_extra_info(self, info: str) -> Any:
        if info == "is_readable":
            return self._reader.at_eof()
        return self._writer.get_extra_info({"ssl_object": "ssl_object", "socket": "socket"}.get(info, info))


@contextmanager
def _as_the_pool_says(late: type[Exception], broken: type[Exception]) -> Any:
    try:
        yield
    except TimeoutError as trouble:
        raise late(str(trouble)) from trouble
    except OSError as trouble:
        raise broken(str(trouble)) from trouble
