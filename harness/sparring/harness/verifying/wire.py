"""Requests sent byte for byte as a contract has them, one connection each: no client library's idea of good manners."""

import asyncio
import ssl
from urllib.parse import urlsplit

import httptools

from sparring.contracts.place import Call, Reply

_TIMEOUT = 20.0
_LARGEST = 4 * 1024 * 1024


class Wire:
    """``context`` is for https; ``agent`` is a User-Agent for requests that have none."""

    def __init__(self, context: ssl.SSLContext | None = None, agent: str = "") -> None:
        self._context = context
        self._agent = agent

    async def send(self, call: Call) -> Reply:
        """The answer, with header names as they came. ConnectionError says in a few words why there is none."""
        where = urlsplit(call.url)
        tls = self._context if where.scheme == "https" else None
        port = where.port or (443 if where.scheme == "https" else 80)
        writer: asyncio.StreamWriter | None = None
        try:
            async with asyncio.timeout(_TIMEOUT):
                reader, writer = await asyncio.open_connection(where.hostname, port, ssl=tls)
                writer.write(self._message(call))
                await writer.drain()
                return await _answer(reader, call.method)
        except TimeoutError as error:
            raise ConnectionError(f"{where.netloc} did not answer within {_TIMEOUT:g} s") from error
        except (OSError, httptools.HttpParserError) as error:
            raise ConnectionError(f"{where.netloc}: {error or type(error).__name__}") from error
        finally:
            if writer is not None:
                writer.close()

    def _message(self, call: Call) -> bytes:
        where = urlsplit(call.url)
        target = (where.path or "/") + (f"?{where.query}" if where.query else "")
        headers = list(call.headers)
        if call.header("host") is None:
            headers.insert(0, ("Host", where.netloc))
        if self._agent and call.header("user-agent") is None:
            headers.append(("User-Agent", self._agent))
        if call.header("content-length") is None and (call.body or call.method in {"POST", "PUT", "PATCH"}):
            headers.append(("Content-Length", str(len(call.body))))
        lines = [f"{call.method} {target} HTTP/1.1", *(f"{name}: {value}" for name, value in headers)]
        return "\r\n".join([*lines, "Connection: close", "", ""]).encode("utf-8", "replace") + call.body


class _Answer:
    """What the parser has seen."""

    def __init__(self) -> None:
        self.headers: list[tuple[str, str]] = []
        self.body = bytearray()
        self.begun = False
        self.complete = False

    def on_header(self, name: bytes, value: bytes) -> None:
        self.headers.append((name.decode("latin-1"), value.decode("latin-1")))

    def on_headers_complete(self) -> None:
        self.begun = True

    def on_body(self, part: bytes) -> None:
        self.body += part

    def on_message_complete(self) -> None:
        self.complete = True


async def _answer(reader: asyncio.StreamReader, method: str) -> Reply:
    seen = _Answer()
    parser = httptools.HttpResponseParser(seen)
    while not seen.complete and not (seen.begun and method == "HEAD") and len(seen.body) < _LARGEST:
        part = await reader.read(65536)
        if not part:
            break
        parser.feed_data(part)
    if not seen.begun:
        raise ConnectionResetError("the connection ended without an answer")
    return Reply(status=parser.get_status_code(), headers=tuple(seen.headers), body=bytes(seen.body))
