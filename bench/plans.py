"""What is asked of a subject: each measure that its endpoints allow for."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from bench.clients import SLOT, Client, answered, getting, posted, posting, signatures
from bench.figures import CONNECTIONS
from bench.subjects.subject import first_token
from bench.visiting import Visitor, exchange
from bench.wrk import Task

SPARE = 4
"""Refresh tokens beyond one for each connection: wrk looks at a request before it sends the first."""


@dataclass(frozen=True)
class Plan:
    """One measure: its name, how many signatures an answer holds, and a fresh task for each load."""

    measure: str
    signatures: int
    task: Callable[[], Task]
    once: bool = False

    @property
    def credentials(self) -> bool:
        """Whether it is the client credentials grant."""
        return self.measure in {"signed", "opaque"}


def every_plan(client: Client, codes: int) -> Iterator[Plan]:
    """All that this client can do, one after the other; the second is made when the first is over."""
    yield from _by_credentials(client)
    if client.authorize:
        visitor = Visitor(client)
        try:
            yield from _by_code(client, visitor, codes)
            bearers = [_by_login(client, visitor)["access_token"] for _ in range(client.bearers)]
        finally:
            visitor.close()
    elif client.api:
        bearers = [_registered(client, first_token(client))]
    if client.jwks:
        keys = getting(client, client.jwks, {})
        yield Plan("jwks", 0, lambda: keys)
    if client.api:
        headers = {"Authorization": f"Bearer {SLOT}", **client.api_headers}
        calls = getting(client, client.api, headers, tuple(bearers))
        yield Plan("api", 0, lambda: calls)


def _by_credentials(client: Client) -> Iterator[Plan]:
    for measure, granted in (("signed", client.signed), ("opaque", client.opaque)):
        if granted is not None:
            form = client.form("client_credentials", **granted)
            yield Plan(measure, signatures(answered(client, form)), partial(posting, client, form))


def _by_code(client: Client, visitor: Visitor, codes: int) -> Iterator[Plan]:
    answer = _by_login(client, visitor)
    if "refresh_token" in answer:
        refreshing = client.form("refresh_token", refresh_token=SLOT)
        renewed = answered(client, refreshing | {"refresh_token": answer["refresh_token"]})

        def refresh_tokens() -> Task:
            tokens = tuple(_by_login(client, visitor)["refresh_token"] for _ in range(CONNECTIONS + SPARE))
            return posting(client, refreshing, tokens, "chain" if "refresh_token" in renewed else "cycle")

        yield Plan("refresh", signatures(renewed), refresh_tokens)

    def fresh_codes() -> Task:
        return posting(client, exchange(client, SLOT), tuple(visitor.code() for _ in range(codes)), "once")

    yield Plan("code", signatures(answer), fresh_codes, once=True)


def _by_login(client: Client, visitor: Visitor) -> dict[str, Any]:
    """The answer to a fresh code."""
    return answered(client, exchange(client, visitor.code()))


def _registered(client: Client, token: str) -> str:
    """The token that the API wants."""
    if not client.register:
        return token
    document = json.dumps({"data": {"type": "user", "attributes": {"remote_user_id": "bench"}}})
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json", **client.api_headers}
    answer = posted(client, client.register, document, {"Accept": "application/json", **headers})
    return str(answer["data"]["attributes"]["access_token"])
