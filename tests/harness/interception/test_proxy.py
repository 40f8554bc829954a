"""The proxy leads to the stage and to this machine, says no to everybody else, and adds nothing of its own."""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest

from sparring.harness.interception import Plan, Route, Stranger
from sparring.harness.interception.proxy import Proxy, open_proxy, proxy_variables
from sparring.harness.interception.tunnel import reset, tunnel
from sparring.harness.worlds.local import local_ca

HELLO = b"\x16\x03\x01 a client hello"
HOST = "login.ingest.io"

Ends = tuple[asyncio.StreamReader, asyncio.StreamWriter]
Listener = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class Served:
    """A listener that keeps what it is sent, and answers to it once."""

    def __init__(self, answer: bytes = b"answered") -> None:
        self.answer = answer
        self.got = b""
        self.port = 0

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Keep what comes first."""
        self.got = await reader.read(1 << 20)
        writer.write(self.answer)
        writer.close()


@asynccontextmanager
async def listening(listener: Listener) -> AsyncIterator[int]:
    """That listener on a free port."""
    server = await asyncio.start_server(listener, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        await settled()


async def settled() -> None:
    """Let connections that were closed just now come to their end: the loop ends next."""
    for _ in range(5):
        await asyncio.sleep(0)


def plan(*routes: Route, known: Sequence[str] = ()) -> Plan:
    """A plan that needs no files."""
    return Plan(routes=routes, ca_file=None, scratch=Path("/nowhere"), known=frozenset(known))


def route(port: int, *, tls: bool = True, side: bool = False) -> Route:
    """A way to a listener under a real name."""
    return Route(name="ingest", hosts=(HOST,), port=port, tls=tls, side=side)


@asynccontextmanager
async def proxy(*routes: Route, known: Sequence[str] = ()) -> AsyncIterator[Proxy]:
    """A proxy with these ways."""
    opened = Proxy(plan(*routes, known=known))
    await opened.listen()
    try:
        yield opened
    finally:
        await opened.close()
        await settled()


async def asked(port: int, *parts: bytes) -> bytes:
    """Everything that comes back: the first part is the request, each other is sent once something has come."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    got = b""
    try:
        for number, part in enumerate(parts):
            got += await reader.read(1 << 16) if number else b""
            writer.write(part)
            await writer.drain()
        async with asyncio.timeout(10):
            got += await reader.read()
    finally:
        writer.close()
    return got


def connect(target: str) -> bytes:
    """A request for a tunnel."""
    return f"CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n\r\n".encode()


ESTABLISHED = b"HTTP/1.1 200 Connection established\r\n\r\n"


@pytest.mark.parametrize("target", [f"{HOST}:443", f"{HOST.upper()}:443", f"{HOST}.:443", f"{HOST}:8443"])
def test_a_tunnel_to_a_real_name_ends_at_its_listener(target: str) -> None:
    """On any port and in any spelling; the bytes are the client's and the server's own."""

    async def run() -> None:
        served = Served()
        async with listening(served) as port, proxy(route(port)) as opened:
            assert await asked(opened.port, connect(target), HELLO) == ESTABLISHED + b"answered"
            assert served.got == HELLO
            assert opened.strangers() == ()

    asyncio.run(run())


def test_the_first_byte_tells_tls_from_plain_http() -> None:
    """Some clients open a tunnel for plain HTTP too, on whatever port."""

    async def run() -> None:
        secure, plain = Served(b"secure"), Served(b"plain")
        async with (
            listening(secure) as one,
            listening(plain) as two,
            proxy(route(one), route(two, tls=False, side=True)) as opened,
        ):
            assert (await asked(opened.port, connect(f"{HOST}:80"), HELLO)).endswith(b"secure")
            assert (await asked(opened.port, connect(f"{HOST}:443"), b"GET / HTTP/1.1\r\n\r\n")).endswith(b"plain")

    asyncio.run(run())


def test_a_second_address_is_met_instead_of_the_first() -> None:
    """There the certificate is faulty, and an unmodified client has only the name to go by."""

    async def run() -> None:
        first, second = Served(b"first"), Served(b"second")
        async with (
            listening(first) as one,
            listening(second) as two,
            proxy(route(one), route(two, side=True)) as opened,
        ):
            assert (await asked(opened.port, connect(f"{HOST}:443"), HELLO)).endswith(b"second")

    asyncio.run(run())


@pytest.mark.parametrize(
    "parts",
    [
        (connect(f"{HOST}:80"), b"GET / HTTP/1.1\r\nHost: login.ingest.io\r\n\r\n"),
        (f"GET http://{HOST}/token HTTP/1.1\r\nHost: {HOST}\r\n\r\n".encode(),),
        (f"GET /token HTTP/1.1\r\nHost: {HOST}\r\n\r\n".encode(),),
    ],
    ids=["tunnel", "absolute", "origin"],
)
def test_plain_http_where_there_is_only_tls_is_refused_in_words(parts: tuple[bytes, ...]) -> None:
    """It is a mistake of the client's, and no other host."""

    async def run() -> None:
        served = Served()
        async with listening(served) as port, proxy(route(port)) as opened:
            answer = await asked(opened.port, *parts)
            assert b"HTTP/1.1 403 Forbidden\r\n" in answer
            assert answer.endswith(f"sparring: {HOST} is served over TLS only: ask for https://{HOST}\n".encode())
            assert served.got == b""
            assert opened.strangers() == ()

    asyncio.run(run())


@pytest.mark.parametrize(
    ("target", "path"), [("", "/"), ("?a=b", "/?a=b"), ("/x%20y?c#d", "/x%20y?c"), ("/a//b", "/a//b")]
)
def test_the_path_is_passed_on_as_it_was_written(target: str, path: str) -> None:
    """But for the slash that a URL without a path has left out."""

    async def run() -> None:
        served = Served()
        async with listening(served) as port, proxy(route(port, tls=False)) as opened:
            await asked(opened.port, f"GET http://{HOST}{target} HTTP/1.0\r\n\r\n".encode())
        assert served.got == f"GET {path} HTTP/1.0\r\nconnection: close\r\n\r\n".encode()

    asyncio.run(run())


def test_a_request_with_an_absolute_url_is_passed_on_as_its_server_wants_it() -> None:
    """The path alone, the body, and no header that was for the proxy."""

    async def run() -> None:
        served = Served(b"HTTP/1.1 204 No Content\r\n\r\n")
        request = (
            f"POST http://{HOST}:8080/token?a=b HTTP/1.1\r\nHost: {HOST}:8080\r\nProxy-Connection: keep-alive\r\n"
            "Proxy-Authorization: Basic eA==\r\nConnection: keep-alive\r\nContent-Length: 4\r\n\r\nbody"
        )
        async with listening(served) as port, proxy(route(port, tls=False)) as opened:
            assert await asked(opened.port, request.encode()) == served.answer
        assert served.got == (
            b"POST /token?a=b HTTP/1.1\r\nHost: login.ingest.io:8080\r\nContent-Length: 4\r\nconnection: close\r\n"
            b"\r\nbody"
        )

    asyncio.run(run())


@pytest.mark.parametrize(
    ("request_", "who"),
    [
        (connect("collector.example:443"), Stranger("collector.example", 443, "name")),
        (connect("203.0.113.9:8443"), Stranger("203.0.113.9", 8443, "address")),
        (connect("[2001:db8::1]:443"), Stranger("2001:db8::1", 443, "address")),
        (b"GET http://collector.example/ HTTP/1.1\r\n\r\n", Stranger("collector.example", 80, "name")),
        (b"GET ftp://collector.example/ HTTP/1.1\r\n\r\n", Stranger("collector.example", 80, "name")),
        (b"POST http://192.0.2.1:81/x HTTP/1.1\r\nContent-Length: 4\r\n\r\nbody", Stranger("192.0.2.1", 81, "address")),
    ],
)
def test_another_host_is_refused_and_reported_once(request_: bytes, who: Stranger) -> None:
    """However often it is tried."""

    async def run() -> None:
        async with proxy() as opened:
            for _ in range(2):
                answer = await asked(opened.port, request_)
                assert answer.startswith(b"HTTP/1.1 403 Forbidden\r\n")
                assert f"sparring: {who.host} is none of the fakes".encode() in answer
            assert opened.strangers() == (who,)

    asyncio.run(run())


def test_the_answer_arrives_before_the_end_even_if_a_long_body_was_not_wanted() -> None:
    """Closing a socket with unread data would reset the connection, and the sentence would be lost."""

    async def run() -> None:
        body = b"x" * 300_000
        async with proxy() as opened:
            head = f"POST http://collector.example/ HTTP/1.1\r\nContent-Length: {len(body)}\r\n\r\n".encode()
            reader, writer = await asyncio.open_connection("127.0.0.1", opened.port)
            writer.write(head + body)
            writer.write_eof()
            assert (await reader.read()).startswith(b"HTTP/1.1 403")
            writer.close()
            await settled()

    asyncio.run(run())


def test_a_known_name_without_a_server_is_no_stranger() -> None:
    """The scenario has named it."""

    async def run() -> None:
        async with proxy(known=["login.elsewhere.example"]) as opened:
            answer = await asked(opened.port, connect("login.elsewhere.example:443"))
            assert answer.startswith(b"HTTP/1.1 502 Bad Gateway\r\n")
            assert opened.strangers() == ()

    asyncio.run(run())


def test_the_clients_own_machine_is_reached() -> None:
    """Some stacks send loopback to the proxy, whatever NO_PROXY says."""

    async def run() -> None:
        served = Served()
        async with listening(served) as port, proxy() as opened:
            assert await asked(opened.port, connect(f"localhost:{port}"), b"hello") == ESTABLISHED + b"answered"
            request = f"GET http://127.0.0.1:{port}/callback HTTP/1.1\r\n\r\n".encode()
            assert await asked(opened.port, request) == b"answered"
            assert served.got.startswith(b"GET /callback HTTP/1.1\r\n")
            assert opened.strangers() == ()
        async with proxy() as opened:
            assert (await asked(opened.port, connect(f"127.0.0.1:{port}"))).startswith(b"HTTP/1.1 502")

    asyncio.run(run())


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (b"hello\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\n\r\n", 400),
        (b"CONNECT :443 HTTP/1.1\r\n\r\n", 400),
        (b"CONNECT host:port HTTP/1.1\r\n\r\n", 400),
        (f"GET https://{HOST}/ HTTP/1.1\r\n\r\n".encode(), 501),
        (b"GET http://[/ HTTP/1.1\r\n\r\n", 400),
        (b"\xff\xfe / HTTP/1.1\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nx: " + b"x" * 70_000 + b"\r\n\r\n", 431),
    ],
)
def test_what_is_no_request_is_told_so(request_: bytes, status: int) -> None:
    """No silence, and no traceback."""

    async def run() -> None:
        async with proxy(route(1)) as opened:
            assert (await asked(opened.port, request_)).startswith(f"HTTP/1.1 {status} ".encode())
            assert opened.strangers() == ()

    asyncio.run(run())


def test_a_reset_passes_through_as_a_reset_both_ways() -> None:
    """A fault of the network is the fakes' to play, and the client's to bear."""

    async def run() -> None:
        ends: asyncio.Queue[Ends] = asyncio.Queue()

        async def keep(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await ends.put((reader, writer))

        async with listening(keep) as port, proxy(route(port)) as opened:
            for server_resets in (True, False):
                reader, writer = await asyncio.open_connection("127.0.0.1", opened.port)
                writer.write(connect(f"{HOST}:443"))
                await reader.readuntil(b"\r\n\r\n")
                writer.write(HELLO)
                server_reader, server_writer = await ends.get()
                assert await server_reader.readexactly(len(HELLO)) == HELLO
                reset(server_writer if server_resets else writer)
                with pytest.raises(ConnectionResetError):
                    await (reader if server_resets else server_reader).read()
                writer.close()
                server_writer.close()

    asyncio.run(run())


def test_an_end_passes_through_while_the_other_way_goes_on() -> None:
    """Half-closed connections are real ones."""

    async def run() -> None:
        served = Served(b"all of it")  # answers only when the request has ended
        async with listening(served) as port, proxy(route(port)) as opened:
            reader, writer = await asyncio.open_connection("127.0.0.1", opened.port)
            writer.write(connect(f"{HOST}:443"))
            await reader.readuntil(b"\r\n\r\n")
            writer.write(HELLO)
            writer.write_eof()
            assert await reader.read() == b"all of it"
            writer.close()

    asyncio.run(run())


def test_a_tunnel_on_which_nothing_moves_is_reset() -> None:
    """Both ends of it."""

    async def run() -> None:
        pairs = [socket.socketpair(), socket.socketpair()]
        mine, theirs = [await asyncio.open_connection(sock=pair[0]) for pair in pairs]
        await asyncio.wait_for(tunnel(mine, theirs, idle=0.01), 10)
        for _, far in pairs:
            far.settimeout(5)
            assert far.recv(1) == b""
            far.close()

    asyncio.run(run())


def test_nobody_at_the_listener_is_a_reset_connection() -> None:
    """The tunnel was open already, and no answer in words could be told from the server's."""

    async def run() -> None:
        with socket.socket() as unused:
            unused.bind(("127.0.0.1", 0))
            async with proxy(route(unused.getsockname()[1])) as opened:
                with pytest.raises(ConnectionResetError):
                    await asked(opened.port, connect(f"{HOST}:443"), HELLO)

    asyncio.run(run())


def test_closing_cuts_what_is_open_and_may_be_done_twice(tmp_path: Path) -> None:
    """A client that hangs does not hold the harness up."""

    async def run() -> None:
        interception = await open_proxy(Plan(routes=(), ca_file=local_ca(tmp_path / "ca"), scratch=tmp_path))
        port = int(interception.variables["HTTPS_PROXY"].rpartition(":")[2])
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"CONN")
        await asyncio.sleep(0)
        with await interception.connect("127.0.0.1", port) as other:
            assert other.getpeername() == ("127.0.0.1", port)
            await settled()
        await interception.close()
        await interception.close()
        with suppress(ConnectionResetError):
            assert await reader.read() == b""
        with pytest.raises(OSError, match="Connect"):
            await interception.connect("127.0.0.1", port)
        writer.close()
        await settled()

    asyncio.run(run())


def test_the_variables_say_the_same_in_either_case_and_spare_loopback(tmp_path: Path) -> None:
    """Lower case wins in most stacks, upper in some; Java looks at neither."""
    variables = proxy_variables(8123)
    for name in ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "FTP_PROXY"):
        assert variables[name] == variables[name.lower()] == "http://127.0.0.1:8123"
    assert variables["NO_PROXY"] == variables["no_proxy"] == "127.0.0.1,localhost,::1"
    assert "-Dhttps.proxyHost=127.0.0.1 -Dhttps.proxyPort=8123" in variables["JAVA_TOOL_OPTIONS"]

    async def run() -> None:
        interception = await open_proxy(Plan(routes=(), ca_file=local_ca(tmp_path / "ca"), scratch=tmp_path))
        options = interception.variables["JAVA_TOOL_OPTIONS"]
        assert "-Dhttps.proxyPort=" in options
        assert "-Djavax.net.ssl.trustStore=" in options
        assert interception.wrapped(["curl", "x"]) == ("curl", "x")
        assert interception.variables["CURL_HOME"] == str(tmp_path / ".sparring/proxy")
        await interception.close()

    asyncio.run(run())
    assert (tmp_path / ".sparring/proxy/.curlrc").read_text() == "suppress-connect-headers\n"
