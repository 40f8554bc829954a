"""The browser's own network: real names at the stage's ports, everything else by the client's machine."""

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable

import httpx2
import pytest

from sparring.harness.agent.wires import Places, Transport

Served = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answers that say which host was asked for."""
    try:
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            host = next(line for line in head.split(b"\r\n") if line.lower().startswith(b"host:"))
            writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n%s" % (len(host), host))
            await writer.drain()
    except asyncio.IncompleteReadError:
        pass
    finally:
        writer.close()


async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """No answer at all."""
    await reader.readuntil(b"\r\n\r\n")
    writer.close()


def ask(url: str, served: Served, *, own: str = "", refuses: Exception | None = None) -> tuple[str, list[str]]:
    """What a browser is told at that URL, and which connections the client's machine was asked for."""
    asked: list[str] = []

    async def play() -> str:
        server = await asyncio.start_server(served, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]

        async def connect(host: str, wanted: int) -> socket.socket:
            asked.append(f"{host}:{wanted}")
            if refuses is not None:
                raise refuses
            made = socket.create_connection(("127.0.0.1", port))
            made.setblocking(False)
            return made

        places = Places(connect, {(own, 80): port} if own else {}, frozenset({port}))
        transport = Transport(places, ssl.create_default_context())
        async with server, httpx2.AsyncClient(transport=transport, trust_env=False, timeout=5) as client:
            for _ in range(2):
                said = (await client.get(url.replace("PORT", str(port)))).text
        return said

    return asyncio.run(play()), asked


def test_a_real_name_and_the_stages_own_address_are_on_this_machine() -> None:
    """The Host header is the name that was asked for; the client's machine is not asked."""
    assert ask("http://auth.example/x", answer, own="auth.example") == ("Host: auth.example", [])
    said, asked = ask("http://127.0.0.1:PORT/x", answer)
    assert said.startswith("Host: 127.0.0.1:")
    assert asked == []


def test_everything_else_is_the_clients() -> None:
    """One connection for two requests."""
    assert ask("http://localhost:9127/redirect", answer) == ("Host: localhost:9127", ["localhost:9127"])


@pytest.mark.parametrize(
    ("trouble", "error"),
    [(ConnectionRefusedError(111, "refused"), httpx2.ConnectError), (TimeoutError(), httpx2.ConnectTimeout)],
)
def test_trouble_is_the_librarys_own(trouble: Exception, error: type[Exception]) -> None:
    """Whoever asks knows one kind of error for a closed port, wherever it is."""
    with pytest.raises(error):
        ask("http://localhost:9127/redirect", answer, refuses=trouble)


def test_a_connection_that_ends_early_is_an_error_of_the_protocol() -> None:
    """As with any other connection."""
    with pytest.raises(httpx2.RemoteProtocolError):
        ask("http://localhost:9127/redirect", hang_up)
