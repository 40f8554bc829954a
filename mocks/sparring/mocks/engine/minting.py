"""Tokens made out of turn: what is wished for, and how a provider takes it."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from sparring.mocks.engine.clients import Client
from sparring.mocks.engine.desk import Desk
from sparring.mocks.engine.grants import Grant
from sparring.mocks.engine.messages import Request
from sparring.mocks.engine.users import User


@dataclass(frozen=True, slots=True, kw_only=True)
class Special:
    """How a token differs from those that the provider gives out by itself. ``lifetime`` in seconds, None: the usual
    one. ``claims`` stand over the token's own; one that is None is left out.
    """

    lifetime: int | None = None
    claims: Mapping[str, Any] = field(default_factory=dict)

    def seconds(self, usual: int) -> int:
        """The token's life."""
        return usual if self.lifetime is None else self.lifetime

    def over(self, claims: Mapping[str, Any]) -> dict[str, Any]:
        """The claims that the token bears."""
        if not self.claims:
            return {name: value for name, value in claims.items() if value is not None}
        return {name: value for name, value in {**claims, **self.claims}.items() if value is not None}


USUAL = Special()
"""No difference at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One access token, please: for that client, for that user (None: for the client itself), with those scopes."""

    client: Client
    user: User | None
    scopes: tuple[str, ...]
    special: Special = USUAL


@dataclass(frozen=True, slots=True, kw_only=True)
class Minted:
    """The token's value, and the grant that was opened for it."""

    value: str
    grant: Grant


Mint = Callable[[Desk, Order], Awaitable[Minted]]


def request_at(desk: Desk) -> Request:
    """A request as if it had come to the provider's own address, for what is named after the address asked."""
    parts = urlsplit(desk.base_url)
    return Request(method="POST", scheme=parts.scheme, host=parts.netloc, path="/")
