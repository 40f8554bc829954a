"""The proxy: a client that heeds HTTPS_PROXY and its kin meets the fakes under the providers' real names."""

import asyncio
import contextlib
import re
import socket
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urlsplit

from sparring.harness.drivers.scratch import own_folder
from sparring.harness.interception import Interception, InterceptionError, Plan, Stranger
from sparring.harness.interception.addresses import OWN_NAMES, is_own, plain_name, route_to, stranger
from sparring.harness.interception.trust import trust_variables
from sparring.harness.interception.tunnel import reset, tunnel

_LARGEST_HEAD = 64 * 1024
_HEAD_SECONDS = 30.0
_IDLE_SECONDS = 600.0
_LAST_WORDS_SECONDS = 2.0
_TURNS = 10  # of the event loop, from a connection's arrival to its first line, and from its abort to its end
_TLS = 0x16

Ends = tuple[asyncio.StreamReader, asyncio.StreamWriter]


async def open_proxy(plan: Plan) -> Interception:
    """A proxy on a free port of 127.0.0.1, for one client. InterceptionError."""
    proxy = Proxy(plan)
    try:
        await proxy.listen()
        variables = {**proxy_variables(proxy.port), **_curl(plan.scratch)}
        if plan.ca_file is not None:
            trust = trust_variables(plan.ca_file, plan.scratch)
            variables["JAVA_TOOL_OPTIONS"] += f" {trust.pop('JAVA_TOOL_OPTIONS')}"
            variables |= trust
    except (OSError, ValueError) as error:
        await proxy.close()
        raise InterceptionError(f"the proxy cannot be set up: {error}") from error
    return ByProxy(proxy, variables)


class ByProxy:
    """An interception by a proxy of its own."""

    def __init__(self, proxy: "Proxy", variables: Mapping[str, str]) -> None:
        self.variables = variables
        self._proxy = proxy

    def wrapped(self, command: Sequence[str]) -> tuple[str, ...]:
        """The command as it is: the environment alone brings it here."""
        return tuple(command)

    async def connect(self, host: str, port: int) -> socket.socket:
        """A connection to what the client listens on. OSError."""
        return await connect_here(host, port)

    def strangers(self) -> tuple[Stranger, ...]:
        """The other hosts that were asked for."""
        return self._proxy.strangers()

    async def close(self) -> None:
        """Stop listening and cut every tunnel."""
        await self._proxy.close()


class Proxy:
    """An HTTP proxy (RFC 9110, section 9.3.6; RFC 9112, section 3.2.2) that leads to the stage's listeners and to this
    machine, and nowhere else.
    """

    def __init__(self, plan: Plan) -> None:
        self._routes = plan.routes
        self._known = plan.known
        self._strangers: dict[Stranger, None] = {}
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.Task[None]] = set()
        self._closed = False
        self.port = 0

    async def listen(self) -> None:
        """Listen on a free port of 127.0.0.1. OSError."""
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0, limit=_LARGEST_HEAD)
        self.port = self._server.sockets[0].getsockname()[1]

    def strangers(self) -> tuple[Stranger, ...]:
        """The hosts that were asked for and are nobody's here, in the order of their first try."""
        return tuple(self._strangers)

    async def close(self) -> None:
        """Stop listening and cut every tunnel."""
        if self._server is not None:
            self._server.close()
        self._closed = True
        for _ in range(_TURNS):
            for task in self._open:
                task.cancel()
            await asyncio.gather(*self._open, return_exceptions=True)
            await asyncio.sleep(0)

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._closed:
            writer.transport.abort()
            return
        task = asyncio.get_running_loop().create_task(self._serve((reader, writer)))
        self._open.add(task)
        task.add_done_callback(self._open.discard)

    async def _serve(self, client: Ends) -> None:
        reader, writer = client
        try:
            async with asyncio.timeout(_HEAD_SECONDS):
                head = await reader.readuntil(b"\r\n\r\n")
            await self._answer(client, head)
        except asyncio.LimitOverrunError:
            await _refuse(client, 431, f"the header section is longer than {_LARGEST_HEAD} bytes")
        except TimeoutError:
            await _refuse(client, 408, f"no whole request came within {_HEAD_SECONDS:g} s")
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            if not writer.is_closing():
                writer.close()

    async def _answer(self, client: Ends, head: bytes) -> None:
        line, _, rest = head.partition(b"\r\n")
        try:
            method, target, version = line.decode("ascii").split(" ")
        except ValueError:
            await _refuse(client, 400, "this is an HTTP proxy, and that was no request")
            return
        if method == "CONNECT":
            await self._connect(client, target)
        elif "://" in target:
            await self._forward(client, method, target, version, rest)
        else:
            # asked as if it were the server: by a host map that leads plain HTTP here
            host = next((value for name, value in _fields(rest) if name == "host"), "")
            await self._forward(client, method, f"http://{host}{target}", version, rest)

    async def _connect(self, client: Ends, target: str) -> None:
        """Open a tunnel; which listener it leads to shows in the first byte that the client sends."""
        reader, writer = client
        place = _host_and_port(f"//{target}", 443)
        if place is None:
            await _refuse(client, 400, f"CONNECT wants host:port, not {target!r}")
            return
        host, port = place
        if is_own(host):
            server = await self._own(client, host, port)
            if server is not None:
                try:
                    await _established(writer)
                    await tunnel(client, server, idle=_IDLE_SECONDS)
                finally:
                    server[1].close()
            return
        if route_to(self._routes, host, tls=True) is None:
            await self._turn_away(client, host, port)
            return
        await _established(writer)
        async with asyncio.timeout(_IDLE_SECONDS):
            first = await reader.read(1)
        route = route_to(self._routes, host, tls=first == bytes([_TLS]))
        if route is None or not first:
            return
        if route.tls and first[0] != _TLS:
            await _refuse(client, 403, _only_tls(host))
            return
        try:
            server = await asyncio.open_connection("127.0.0.1", route.port)
        except OSError:
            reset(writer)
            return
        server[1].write(first)
        await tunnel(client, server, idle=_IDLE_SECONDS)

    async def _forward(self, client: Ends, method: str, target: str, version: str, rest: bytes) -> None:
        """Pass on one request over plain HTTP; the connection ends with its answer."""
        scheme, _, after = target.partition("://")
        netloc = re.split("[/?#]", after, maxsplit=1)[0]
        path = after[len(netloc) :].partition("#")[0]
        place = _host_and_port(f"//{netloc}", 80)
        if place is None:
            await _refuse(client, 400, f"{target!r} is no absolute URL")
            return
        host, port = place
        route = None if is_own(host) else route_to(self._routes, host, tls=False)
        if route is None and not is_own(host):
            await self._turn_away(client, host, port)
        elif scheme.lower() != "http":
            await _refuse(client, 501, f"ask for {scheme} URLs by CONNECT")
        elif route is not None and route.tls:
            await _refuse(client, 403, _only_tls(host))
        else:
            server = await (self._own(client, host, port) if route is None else _open(client, "127.0.0.1", route.port))
            if server is not None:
                server[1].write(_request(method, path if path.startswith("/") else f"/{path}", version, rest))
                await tunnel(client, server, idle=_IDLE_SECONDS)

    async def _own(self, client: Ends, host: str, port: int) -> Ends | None:
        """A connection to something else on this machine; the proxy would ask itself for ever."""
        if port == self.port:
            await _refuse(client, 400, f"{host}:{port} is this proxy itself")
            return None
        return await _open(client, host, port)

    async def _turn_away(self, client: Ends, host: str, port: int) -> None:
        if host in self._known:
            await _refuse(client, 502, f"nobody answers as {host} here")
            return
        self._strangers.setdefault(stranger(host, port))
        await _refuse(client, 403, f"{host} is none of the fakes, and no way leads out of here; the try was reported")


async def connect_here(host: str, port: int) -> socket.socket:
    """A connection to something on this machine. OSError."""
    reached = await asyncio.to_thread(socket.create_connection, (host, port), 5.0)
    reached.setblocking(False)
    return reached


def proxy_variables(port: int) -> dict[str, str]:
    """The variables by which the common HTTP stacks find a proxy on that port of 127.0.0.1."""
    url, own = f"http://127.0.0.1:{port}", ",".join(OWN_NAMES)
    variables = dict.fromkeys(("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "FTP_PROXY"), url) | {"NO_PROXY": own}
    variables |= {name.lower(): value for name, value in variables.items()}
    variables |= {"NODE_USE_ENV_PROXY": "1", "GLOBAL_AGENT_HTTP_PROXY": url, "GLOBAL_AGENT_NO_PROXY": own}
    java = {"http.nonProxyHosts": "localhost|127.*|[::1]"}
    for scheme in ("http", "https"):
        java |= {f"{scheme}.proxyHost": "127.0.0.1", f"{scheme}.proxyPort": str(port)}
    return variables | {"JAVA_TOOL_OPTIONS": " ".join(f"-D{name}={value}" for name, value in java.items())}


def _curl(scratch: Path) -> dict[str, str]:
    """With ``-i`` curl shows the proxy's answer to CONNECT among the server's headers, where no real server has one."""
    folder = own_folder(scratch) / "proxy"
    folder.mkdir(exist_ok=True)
    (folder / ".curlrc").write_text("suppress-connect-headers\n", encoding="utf-8")
    return {"CURL_HOME": str(folder)}


def _only_tls(host: str) -> str:
    return f"{host} is served over TLS only: ask for https://{host}"


def _host_and_port(target: str, port: int) -> tuple[str, int] | None:
    try:
        parts = urlsplit(target)
        host = plain_name(parts.hostname or "")
        return (host, port if parts.port is None else parts.port) if host else None
    except ValueError:
        return None


def _fields(head: bytes) -> list[tuple[str, str]]:
    """Names in lower case, and values, of a header section."""
    lines = (line.partition(":") for line in head.decode("latin-1").split("\r\n") if line)
    return [(name.strip().lower(), value.strip()) for name, _, value in lines]


def _request(method: str, path: str, version: str, rest: bytes) -> bytes:
    """The request as the server wants it: its path alone, nothing that was for the proxy."""
    lines = [line for line in rest.split(b"\r\n") if line]
    kept = [line for line in lines if not line.lower().startswith((b"proxy-", b"connection:", b"keep-alive:"))]
    return b"\r\n".join([f"{method} {path} {version}".encode("latin-1"), *kept, b"connection: close", b"", b""])


async def _open(client: Ends, host: str, port: int) -> Ends | None:
    """A connection on this machine; None, and the client is told, where nobody listens."""
    try:
        return await asyncio.open_connection(host, port)
    except UnicodeError:
        await _refuse(client, 400, f"{host!r} is no name of a host")
    except OSError as error:
        await _refuse(client, 502, f"nobody listens on {host}:{port} ({error.strerror or error})")
    return None


async def _established(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
    await writer.drain()


async def _refuse(client: Ends, status: int, why: str) -> None:
    """Answer with a sentence, and end when the client has had its say: a reset would overtake the answer."""
    reader, writer = client
    body = f"sparring: {why}\n".encode()
    head = (
        f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\ncontent-type: text/plain; charset=utf-8\r\n"
        f"content-length: {len(body)}\r\nconnection: close\r\n\r\n"
    )
    with contextlib.suppress(OSError, TimeoutError):
        writer.write(head.encode() + body)
        writer.write_eof()
        async with asyncio.timeout(_LAST_WORDS_SECONDS):
            while await reader.read(_LARGEST_HEAD):
                pass
