"""The ASGI face of one provider on one stage: bytes to a request, an answer to bytes."""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from sparring.mocks.engine.messages import Answer, Request
from sparring.mocks.stage import SideDoor, Stage

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

MAX_BODY = 1 << 20
"""Bytes of a request body that are read; a longer one is cut off and answered as it stands."""


class ProviderApp:
    """ASGI 3, HTTP only. ``transport`` and ``connection`` are given by the server; without them wire faults end the
    exchange without an answer, as a closed connection would.
    """

    def __init__(self, stage: Stage, provider: str, side: SideDoor | None = None) -> None:
        self._stage = stage
        self._provider = provider
        self._side = side

    def connected(self) -> None:
        """Somebody has connected; over TLS, no certificate was looked at yet."""
        if self._side is not None:
            self._side.connections += 1

    async def __call__(
        self,
        scope: Scope,
        receive: Receive,
        send: Send,
        transport: asyncio.Transport | None = None,
        connection: int = 0,
    ) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            return
        body = await _read(receive)
        if body is None:
            return
        request = _request(scope, body)
        if self._side is not None:
            request.facts.certificate = self._side.certificate
        exchange, wire = await self._stage.respond(self._provider, request, connection)
        if wire is not None:
            if transport is not None:
                await wire.play(transport, exchange.spoilt)
        elif exchange.answer is not None:
            await _send(send, exchange.answer)


async def _read(receive: Receive) -> bytes | None:
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        if size < MAX_BODY:
            parts.append(message.get("body", b""))
            size += len(parts[-1])
        if not message.get("more_body", False):
            return b"".join(parts)[:MAX_BODY]


def _request(scope: Scope, body: bytes) -> Request:
    headers = tuple((name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in scope["headers"])
    raw = scope.get("raw_path") or scope["path"].encode()
    return Request(
        method=scope["method"],
        scheme=scope.get("scheme", "http"),
        host=next((value for name, value in headers if name == "host"), ""),
        path=raw.decode("latin-1"),
        query=scope["query_string"].decode("latin-1"),
        headers=headers,
        body=body,
    )


async def _send(send: Send, answer: Answer) -> None:
    headers = [(name.encode("latin-1", "replace"), value.encode("utf-8", "replace")) for name, value in answer.headers]
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.body})
