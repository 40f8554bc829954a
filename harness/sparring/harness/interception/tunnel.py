"""Bytes both ways between two connections, so that either end meets just what the other one did."""

import asyncio
import contextlib
import socket
import struct

_AT_ONCE = 64 * 1024


async def tunnel(
    client: tuple[asyncio.StreamReader, asyncio.StreamWriter],
    server: tuple[asyncio.StreamReader, asyncio.StreamWriter],
    *,
    idle: float,
) -> None:
    """Carry bytes until both ends have closed, or one was reset: then the other is reset too. A connection on which
    nothing moves for ``idle`` seconds is reset at both ends.
    """
    (from_client, to_client), (from_server, to_server) = client, server
    loop = asyncio.get_running_loop()

    async def carry(source: asyncio.StreamReader, sink: asyncio.StreamWriter, quiet: asyncio.Timeout) -> None:
        while data := await source.read(_AT_ONCE):
            quiet.reschedule(loop.time() + idle)
            sink.write(data)
            await sink.drain()
        if sink.can_write_eof():
            sink.write_eof()

    try:
        async with asyncio.timeout(idle) as quiet, asyncio.TaskGroup() as ways:
            ways.create_task(carry(from_client, to_server, quiet))
            ways.create_task(carry(from_server, to_client, quiet))
    except* OSError:
        reset(to_client)
        reset(to_server)
    finally:
        to_client.close()
        to_server.close()


def reset(writer: asyncio.StreamWriter) -> None:
    """End a connection so that its peer meets a reset, not an end."""
    raw = writer.get_extra_info("socket")
    if raw is not None:
        with contextlib.suppress(OSError):
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()
