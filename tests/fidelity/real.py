"""A real engine as a place where contracts are tried: asked over a socket, governed by its own administration."""

# ruff: noqa: D102 - as the protocol says

import asyncio
from collections.abc import Mapping
from typing import Any, ClassVar
from urllib.parse import urlsplit

from sparring.contracts.place import Call, NotApplicableError, Reply
from sparring.mocks.engine.provider import Provider
from tests.fidelity.wire import Answer, Talk


class EnginePlace:
    """One engine for one trial; what differs between engines is in its subclasses."""

    exact = True
    deployment: ClassVar[frozenset[str]] = frozenset()
    """Headers (lower case) of what stands around the engine, left out before anything is compared."""

    def __init__(self, base: str, provider: Provider, issuer: str) -> None:
        client = provider.clients[0]
        self._talk = Talk(base)
        self._base = base
        self.endpoints: Mapping[str, str] = {name: base + path for name, path in provider.endpoints.items()}
        self.values: Mapping[str, Any] = {
            "base": base,
            "host": urlsplit(base).netloc,
            "issuer": issuer,
            "client_id": client.client_id,
            "client_secret": client.secret,
            "redirect_uri": client.redirect_uris[0] if client.redirect_uris else "",
            "scope": provider.scope,
            **(
                {"username": provider.users[0].username, "password": provider.users[0].password}
                if provider.users
                else {}
            ),
        }

    async def send(self, call: Call) -> Reply:
        path = self._talk.local(call.url)
        self.admit(call, path)
        body = call.body if call.body or call.method in {"POST", "PUT", "PATCH", "DELETE"} else None
        answer = await asyncio.to_thread(self._talk.send, call.method, path, call.headers, body)
        self.accept(call, answer)
        headers = tuple(pair for pair in answer.headers if pair[0].lower() not in self.deployment)
        return Reply(status=answer.status, headers=headers, body=answer.body)

    def admit(self, call: Call, path: str) -> None:
        """NotApplicableError where the request is not meant for the engine."""

    def accept(self, call: Call, answer: Answer) -> None:
        """NotApplicableError where it was not the engine that answered."""

    async def control(self, verb: str, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
        govern = getattr(self, f"do_{verb}", None)
        if govern is None:
            raise NotApplicableError(f"the real engine cannot be told to {verb.replace('_', ' ')}")
        try:
            told = await asyncio.to_thread(govern, dict(arguments))
        except (RuntimeError, KeyError) as error:
            raise ValueError(f"the engine's administration: {error}") from error
        return told or {}

    async def now(self) -> float:
        raise NotImplementedError

    async def rule(self) -> str | None:
        return None

    async def close(self) -> None:
        pass
