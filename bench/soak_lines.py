"""A client's connection: one request after another over plain asyncio, so that the client costs little."""

import asyncio
from collections.abc import Mapping
from urllib.parse import urlencode, urlsplit

PATIENCE = 30.0
Answer = tuple[int, Mapping[str, str], bytes]


class NoAnswerError(Exception):
    """The connection ended, or nothing came in time."""


class Line:
    """A connection to one origin, made when it is needed and kept alive."""

    def __init__(self, base_url: str) -> None:
        parts = urlsplit(base_url)
        self._host, self._port = parts.hostname or "", parts.port or 80
        self._ends: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(
        self, method: str, url: str, headers: Mapping[str, str] | None = None, form: Mapping[str, str] | None = None
    ) -> Answer:
        """Status, headers with names in lower case, body. NoAnswerError."""
        body = b"" if form is None else urlencode(form).encode()
        parts = urlsplit(url)
        target = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
        head = [f"{method} {target} HTTP/1.1", f"Host: {parts.netloc}"]
        head += [f"{name}: {value}" for name, value in (headers or {}).items()]
        if form is not None:
            head += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"]
        try:
            async with asyncio.timeout(PATIENCE):
                reader, writer = self._ends = self._ends or await asyncio.open_connection(self._host, self._port)
                writer.write("\r\n".join([*head, "", ""]).encode() + body)
                answer = await _answer(reader)
        except (OSError, EOFError, TimeoutError) as error:
            self.close()
            raise NoAnswerError(f"{type(error).__name__} {error}") from error
        if answer[1].get("connection") == "close":
            self.close()
        return answer

    def close(self) -> None:
        """Hang up."""
        if self._ends is not None:
            self._ends[1].close()
            self._ends = None


async def _answer(reader: asyncio.StreamReader) -> Answer:
    first, *rows = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (row.partition(":") for row in rows if row)}
    if "chunked" in headers.get("transfer-encoding", ""):
        return int(first.split(" ")[1]), headers, await _chunks(reader)
    return int(first.split(" ")[1]), headers, await reader.readexactly(int(headers.get("content-length", "0")))


async def _chunks(reader: asyncio.StreamReader) -> bytes:
    parts = []
    while size := int(await reader.readuntil(b"\r\n"), 16):
        parts.append((await reader.readexactly(size + 2))[:-2])
    await reader.readexactly(2)
    return b"".join(parts)
