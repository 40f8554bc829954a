"""What the tests of ClickView ask, and what they expect in return."""

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sparring.mocks.engine.clients import Client
from sparring.mocks.engine.keys import SigningKey, development_keys
from sparring.mocks.engine.messages import Answer, Request
from sparring.mocks.engine.rules import Rule
from sparring.mocks.recorder.exchange import Exchange
from sparring.mocks.stage import Stage
from tests.mocks import stages
from tests.mocks.stages import START, open_stage

Headers = tuple[tuple[str, str], ...]

ORIGIN = "http://127.0.0.1:9401"
CLIENT_ID = "partner-1"
SECRET = "2c1f6f0e9b7d4a53"
SCOPE = "smartembed.viewkey"
NOW = int(START)
ENGINE_JSON: Headers = (("Content-Type", "application/json; charset=UTF-8"),)
NO_STORE: Headers = (("Cache-Control", "no-store, no-cache, max-age=0"), ("Pragma", "no-cache"))
TOKEN_HEADERS = ENGINE_JSON + NO_STORE
API_JSON: Headers = (("Content-Type", "application/json; charset=utf-8"),)
PROBLEM: Headers = (("Content-Type", "application/problem+json; charset=utf-8"),)
PAGE: Headers = (("Content-Type", "text/html; charset=utf-8"), ("Cache-Control", "no-store"))


@dataclass(frozen=True, slots=True)
class Case:
    """One rule, the request that meets it, and the whole answer; ``body`` None: looked at elsewhere."""

    rule: Rule
    play: Callable[[Stage], Awaitable[Answer]]
    status: int
    headers: Headers = ()
    body: bytes | None = b""


async def clickview(**wishes: Any) -> Stage:
    """A stage with ClickView alone, at ORIGIN."""
    return await open_stage("clickview", **wishes)


async def exchange(stage: Stage, message: Request) -> Exchange:
    """The exchange that this request becomes."""
    done, wire = await stage.respond("clickview", message)
    assert wire is None
    return done


async def ask(stage: Stage, message: Request) -> Answer:
    """The answer to a request."""
    return await stages.ask(stage, message, "clickview")


def form(**changes: str | None) -> dict[str, str]:
    """The form of the document's sample; None leaves a parameter out."""
    good = {"grant_type": "client_credentials", "client_id": CLIENT_ID, "client_secret": SECRET, "scope": SCOPE}
    return {name: value for name, value in (good | changes).items() if value is not None}


def post(path: str, **changes: str | None) -> Request:
    """That form, posted there."""
    return stages.request("POST", path, form=form(**changes))


def token_request(**changes: str | None) -> Request:
    """The document's sample request, changed."""
    return post("/connect/token", **changes)


def asked_for_token(**changes: str | None) -> Callable[[Stage], Awaitable[Answer]]:
    """A move: the token request, changed."""
    return lambda stage: ask(stage, token_request(**changes))


def got(method: str, target: str, *headers: tuple[str, str]) -> Callable[[Stage], Awaitable[Answer]]:
    """A move: a request without a body."""
    return lambda stage: ask(stage, stages.request(method, target, *headers))


def sent(path: str, **changes: str | None) -> Callable[[Stage], Awaitable[Answer]]:
    """A move: the form, posted there."""
    return lambda stage: ask(stage, post(path, **changes))


async def change_client(stage: Stage, **changes: Any) -> None:
    """Register the client anew, changed."""
    store = stage.houses["clickview"].desk.store
    client = await store.get(Client, CLIENT_ID)
    assert client is not None
    await store.put(CLIENT_ID, replace(client, **changes))


async def new_token(stage: Stage, **changes: str | None) -> str:
    """An access token."""
    answer = await ask(stage, token_request(**changes))
    assert answer.status == 200, answer.body
    return str(read(answer)["access_token"])


def read(answer: Answer) -> dict[str, Any]:
    """The JSON object of an answer."""
    document = json.loads(answer.body)
    assert isinstance(document, dict)
    return document


def bearing(token: str, method: str = "GET", path: str = "/api/v1/example") -> Request:
    """A call with that token."""
    return stages.request(method, path, ("authorization", f"Bearer {token}"))


def claims(**changes: object) -> dict[str, object]:
    """The claims of a good token, changed; None leaves one out."""
    good: dict[str, object] = {
        "nbf": NOW,
        "exp": NOW + 86400,
        "iss": ORIGIN,
        "aud": "smartembed",
        "client_id": CLIENT_ID,
        "jti": "00",
        "iat": NOW,
        "scope": [SCOPE],
    }
    return {name: value for name, value in (good | changes).items() if value is not None}


def forged(
    stage: Stage, members: Mapping[str, object], *, kid: str | None = "", key: int = 0, alg: str = "RS256"
) -> str:
    """A token with these claims, signed with one of the development keys; ``kid`` empty: the stage's own."""
    own = stage.houses["clickview"].desk.keys[0].kid
    header = {"alg": alg, "kid": kid or own, "typ": "at+jwt"}
    if kid is None:
        del header["kid"]
    return SigningKey(own, development_keys()[key]).sign(header, members)


def shown(headers: Headers) -> Headers:
    """The headers of an answer without the two that every answer has."""
    return tuple(pair for pair in headers if pair[0] not in {"Date", "Content-Length"})
