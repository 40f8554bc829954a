"""Somebody who uses a provider as its documents say, and knows what a good request is at any moment."""

import base64
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar, TypeVar

from sparring.contracts.place import Call, Reply
from tests.contracts_fuzz.dressing import Right
from tests.contracts_fuzz.fake import ORIGIN, Fake

T = TypeVar("T")
Way = Callable[[int], Right]
PREFLIGHT = Right(
    headers={
        "Origin": ORIGIN,
        "Access-Control-Request-Method": "GET",
        "Access-Control-Request-Headers": "authorization",
    }
)


class Actor:
    """The right request for each operation: ``ways`` by operationId; a number chooses among several that are right."""

    weights: ClassVar[Mapping[str, int]] = {}

    def __init__(self, fake: Fake) -> None:
        self.fake = fake
        self.ways: dict[str, Way] = {}

    def right(self, name: str, pick: int) -> Right:
        """A good request for that operation, for which whatever it needs has just been fetched."""
        way = self.ways.get(name)
        if way is not None:
            return way(pick)
        return PREFLIGHT if name.endswith("options") else Right()

    def learn(self, name: str, call: Call, reply: Reply) -> None:
        """Take what the answer to a generated request brings."""

    def turned_away(self, call: Call, reply: Reply) -> bool:
        """Whether the answer says that whoever asked is not known."""
        return reply.status == 401 or b'"invalid_client"' in reply.body


def read(reply: Reply) -> Any:
    """The JSON document of an answer that must have gone well."""
    assert 200 <= reply.status < 300, reply
    return json.loads(reply.body)


def bearer(token: str) -> dict[str, str]:
    """The header that bears a token."""
    return {"Authorization": f"Bearer {token}"}


def basic(client_id: str, secret: str) -> dict[str, str]:
    """The header with a client's id and secret, as they are."""
    return {"Authorization": "Basic " + base64.b64encode(f"{client_id}:{secret}".encode()).decode()}


def one(choice: Sequence[T], pick: int) -> T:
    """One of several, the latest for 0."""
    return choice[-1 - pick % len(choice)]


def remember(known: list[T], value: T, most: int = 4) -> None:
    """Put it behind the others, of which only the latest stay."""
    known.append(value)
    del known[:-most]
