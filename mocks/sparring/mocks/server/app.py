"""The ASGI face of one provider on one stage: bytes to a request, an answer to bytes."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from sparring.mocks.engine.messages import Answer, Request
from sparring.mocks.server.limits import USUAL, RefusedError
from sparring.mocks.stage import Stage

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


class ProviderApp:
    """ASGI 3, HTTP only, for those who have no socket: a wire fault ends the exchange without an answer."""

    def __init__(self, stage: Stage, provider: str) -> None:
        self._stage = stage
        self._provider = provider

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            return
        try:
            body = await _read(receive)
        except RefusedError as refused:
            await _send(send, refused.answer)
            return
        if body is None:
            return
        exchange, wire = await self._stage.respond(self._provider, _request(scope, body))
        if wire is None and exchange.answer is not None:
            await _send(send, exchange.answer)


async def _read(receive: Receive) -> bytes | None:
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        size += len(message.get("body", b""))
        if size <= USUAL.body:
            parts.append(message.get("body", b""))
        if not message.get("more_body", False):
            if size > USUAL.body:
                raise RefusedError(413)
            return b"".join(parts)


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
