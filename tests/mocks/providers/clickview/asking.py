"""What the tests of ClickView ask, and what they expect in return."""

import json
from collections.abc import Mapping
from typing import Any

from sparring.mocks.engine.keys import SigningKey, development_keys
from sparring.mocks.engine.messages import Answer, Request
from sparring.mocks.recorder.exchange import Exchange
from sparring.mocks.stage import Stage
from tests.mocks import stages
from tests.mocks.stages import START, open_stage

ORIGIN = "http://127.0.0.1:9401"
CLIENT_ID = "partner-1"
SECRET = "2c1f6f0e9b7d4a53"
SCOPE = "smartembed.viewkey"
NOW = int(START)


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


def token_request(**changes: str | None) -> Request:
    """The document's sample request, changed."""
    return stages.request("POST", "/connect/token", form=form(**changes))


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


def forged(stage: Stage, members: Mapping[str, object], *, kid: str | None = "", key: int = 0) -> str:
    """A token with these claims, signed with one of the development keys; ``kid`` empty: the stage's own."""
    own = stage.houses["clickview"].desk.keys[0].kid
    header = {"alg": "RS256", "kid": kid or own, "typ": "at+jwt"}
    if kid is None:
        del header["kid"]
    return SigningKey(own, development_keys()[key]).sign(header, members)
