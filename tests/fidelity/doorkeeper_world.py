"""Contracts of Rotor tried at a real Doorkeeper; every trial finds an application without tokens."""

# ruff: noqa: D102 - as the protocol says

import asyncio
import json
from dataclasses import dataclass
from typing import Any, ClassVar

from sparring.contracts.place import Call, Given, NotApplicableError
from sparring.mocks.engine.clients import Client
from sparring.mocks.engine.provider import Provider
from tests.fidelity.real import EnginePlace
from tests.fidelity.wire import Answer, Talk

APPLICATIONS_OWN = "x-application"


@dataclass
class DoorkeeperWorld:
    """Places of one running Doorkeeper, which stands for these variants of the provider."""

    base: str
    provider: Provider
    variants: frozenset[str]

    async def open(self, given: Given) -> "DoorkeeperPlace":
        if given.variant not in self.variants:
            raise NotApplicableError(f"this release of the engine does not stand for the variant {given.variant}")
        if given.stage.issuer is not None or given.stage.lifetimes or given.stage.origins:
            raise NotApplicableError("issuer, lifetimes and origins are the application's")
        place = DoorkeeperPlace(self.base, self.provider, self.base)
        clients = self.provider.clients + (self.provider.persona_clients if given.stage.personas else ())
        await asyncio.to_thread(place.begin, clients)
        return place


class DoorkeeperPlace(EnginePlace):
    """The application for one trial."""

    deployment: ClassVar[frozenset[str]] = frozenset(
        {
            "x-frame-options",
            "x-xss-protection",
            "x-content-type-options",
            "x-download-options",
            "x-permitted-cross-domain-policies",
            "referrer-policy",
            "etag",
            "vary",
            "x-request-id",
            "x-runtime",
        }
    )

    def begin(self, clients: tuple[Client, ...]) -> None:
        """Forget what was, and register these."""
        self._govern("reset", {})
        for one in clients:
            if one.enabled:
                self._govern("client", _application(one))

    def accept(self, call: Call, answer: Answer) -> None:
        if answer.header(APPLICATIONS_OWN):
            raise NotApplicableError("the application's own answer, which no Doorkeeper gives")

    async def now(self) -> float:
        return float((await asyncio.to_thread(self._govern, "clock", {"seconds": 0}))["now"])

    def do_advance(self, given: dict[str, Any]) -> None:
        self._govern("clock", {"seconds": given["seconds"]})

    def do_change_client(self, given: dict[str, Any]) -> None:
        if "enabled" in given:
            raise NotApplicableError("Doorkeeper's applications cannot be disabled")
        self._govern("client", given)

    def do_remove_client(self, given: dict[str, Any]) -> None:
        self._govern("remove", given)

    def do_revoke(self, given: dict[str, Any]) -> None:
        named = {name: value for name, value in given.items() if value is not None}
        if set(named) != {"token"}:
            raise NotApplicableError("single tokens are revoked at Doorkeeper, not kinds or sessions")
        self._govern("revoke", named)

    def _govern(self, what: str, given: dict[str, Any]) -> dict[str, Any]:
        headers = [("Content-Type", "application/json")]
        answer = Talk(self._base).send("POST", f"/governed/{what}", headers, json.dumps(given).encode())
        if answer.status != 200:
            raise ValueError(f"the application refused to {what}: {answer.status} {answer.text[:200]}")
        told: dict[str, Any] = json.loads(answer.body)
        return told


def _application(one: Client) -> dict[str, Any]:
    made: dict[str, Any] = {"client_id": one.client_id, "secret": one.secret, "name": one.name}
    made |= {"scopes": list(one.scopes), "grants": sorted(one.grants)}
    if "access_token" in one.lifetimes:
        made["lifetime"] = one.lifetimes["access_token"]
    return made
