"""What was recorded on a stage, read piece by piece while a scenario is played."""

import base64
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from sparring.contracts.openapi import document, has_document
from sparring.contracts.place import Call, Reply
from sparring.harness.evidence import Exchange
from sparring.harness.worlds import World


class StageCrashedError(Exception):
    """A fake broke its own contract; the text is one sentence."""


class Tape:
    """The exchanges of one stage, as far as they have been read."""

    def __init__(self, world: World, stage: str) -> None:
        self._world = world
        self._stage = stage
        self.exchanges: list[Exchange] = []

    async def catch_up(self) -> int:
        """Read what was recorded since; the number that the next exchange will have at least. StageCrashedError."""
        known = self.exchanges[-1].n if self.exchanges else 0
        for recorded in await self._world.recording(self._stage, since=known):
            exchange = read_exchange(recorded)
            if exchange.rule == "sparring/crash":
                raise StageCrashedError(f"the fake crashed at {exchange.method} {exchange.endpoint}")
            broken = undocumented(exchange)
            if broken:
                raise StageCrashedError(f"the fake broke its own contract: {broken[0]}")
            self.exchanges.append(exchange)
        return self.exchanges[-1].n + 1 if self.exchanges else 1

    @property
    def elapsed(self) -> float:
        """The stage's real age in seconds at the newest exchange; 0 where there is none."""
        return self.exchanges[-1].elapsed if self.exchanges else 0.0

    def end_of_newest(self, kind: str) -> float | None:
        """When the newest token of that kind ends, in POSIX seconds; None where none was issued that ends."""
        ends = [
            fact["expires_at"]
            for exchange in self.exchanges
            for fact in exchange.facts.get("issued", ())
            if fact["kind"] == kind and fact.get("expires_at") is not None
        ]
        return float(ends[-1]) if ends else None


def undocumented(exchange: Exchange) -> list[str]:
    """How an answer is not one of those that the provider's OpenAPI document has, a sentence each.

    None where a fault has touched it, where nothing came, or where nobody documents that address or method.
    """
    if exchange.status is None or exchange.facts.get("faults") or not has_document(exchange.provider):
        return []
    described = document(exchange.provider)
    if described.operation(exchange.method, urlsplit(exchange.url).path) is None:
        return []
    call = Call(method=exchange.method, url=exchange.url, headers=exchange.headers, body=exchange.body)
    reply = Reply(status=exchange.status, headers=exchange.response_headers, body=exchange.response_body)
    return described.violations(call, reply)


def read_exchange(document: Mapping[str, Any]) -> Exchange:
    """An exchange from the control port's JSON."""
    return Exchange(
        n=document["n"],
        provider=document["provider"],
        endpoint=document["endpoint"],
        method=document["method"],
        url=document["url"],
        headers=tuple((name, value) for name, value in document["headers"]),
        body=_octets(document["body"]),
        status=document["status"],
        response_headers=tuple((name, value) for name, value in document["response_headers"]),
        response_body=_octets(document["response_body"]),
        rule=document["rule"],
        at=document["at"],
        elapsed=document["elapsed"],
        facts=document["facts"],
    )


def _octets(body: str | Mapping[str, str]) -> bytes:
    return body.encode() if isinstance(body, str) else base64.b64decode(body["base64"])
