"""What the tests of Rotor ask, and what they expect in return."""

import base64
import json
from dataclasses import replace
from typing import Any

from sparring.mocks.engine.clients import Client
from sparring.mocks.engine.messages import Answer, Request
from sparring.mocks.stage import Stage
from tests.mocks import stages
from tests.mocks.stages import START, open_stage

NOW = int(START)
CLIENT_ID = "kXv1ZtPq8yG3rUeN0sLbW5mCfJ7hDa2oTi9RxQ4wYzE"
SECRET = "Vb6nMq2LxT9cKz0aJfR4uYhG8eWs1PdO5iXrC3tBvQk"
TOKEN = "/oauth/token"
REGISTER = "/api/partner/v1/register"
ORDERS = "/api/partner/v1/orders"
GRANT = {"grant_type": "client_credentials"}
IN_BODY = {"client_id": CLIENT_ID, "client_secret": SECRET}
BARE = ("accept", "*/*")
"""Instead of an Authorization header: one that says nothing."""


async def rotor(variant: str = "default", **wishes: Any) -> Stage:
    """A stage with Rotor alone; its clock stands still."""
    return await open_stage("rotor", variants={"rotor": variant}, **wishes)


async def ask(stage: Stage, message: Request) -> Answer:
    """The answer to a request."""
    return await stages.ask(stage, message, "rotor")


def basic(client_id: str = CLIENT_ID, secret: str = SECRET) -> tuple[str, str]:
    """The header of the document's sample."""
    return "authorization", "Basic " + base64.b64encode(f"{client_id}:{secret}".encode()).decode()


def token_request(*headers: tuple[str, str], target: str = TOKEN, **form: str) -> Request:
    """A token request with these headers (Basic, if there are none); the grant is asked for unless told otherwise."""
    return stages.request("POST", target, *(headers or (basic(),)), form=GRANT | form)


def json_request(target: str, token: str, document: object) -> Request:
    """A call with a token and a JSON body."""
    headers = (("authorization", f"Bearer {token}"), ("content-type", "application/json"))
    return stages.request("POST", target, *headers, body=json.dumps(document).encode())


def user(remote_user_id: object, **attributes: object) -> dict[str, object]:
    """The body that registers somebody."""
    return {"data": {"type": "user", "attributes": {"remote_user_id": remote_user_id, **attributes}}}


def bearing(token: str, target: str = ORDERS, method: str = "GET", *headers: tuple[str, str]) -> Request:
    """A call with a token and no body."""
    return stages.request(method, target, ("authorization", f"Bearer {token}"), *headers)


def read(answer: Answer) -> Any:
    """The JSON document of an answer that went well."""
    assert answer.status == 200, (answer.status, answer.rule.id, answer.body)
    return json.loads(answer.body)


async def partner_token(stage: Stage) -> str:
    """A partner's token."""
    return str(read(await ask(stage, token_request()))["access_token"])


async def register(stage: Stage, document: object, token: str | None = None) -> Answer:
    """The answer to that body at register, with a good partner's token unless another one is given."""
    return await ask(stage, json_request(REGISTER, token or await partner_token(stage), document))


async def user_token(stage: Stage, remote_user_id: str = "artist-42") -> str:
    """A user's token."""
    return str(read(await register(stage, user(remote_user_id)))["data"]["attributes"]["access_token"])


async def orders(stage: Stage, token: str) -> list[dict[str, Any]]:
    """The orders that this token sees."""
    found = read(await ask(stage, bearing(token)))["data"]
    assert isinstance(found, list)
    return found


async def change_client(stage: Stage, **changes: Any) -> None:
    """Register the client anew, changed."""
    store = stage.houses["rotor"].desk.store
    client = await store.get(Client, CLIENT_ID)
    assert client is not None
    await store.put(CLIENT_ID, replace(client, **changes))


async def notes(stage: Stage, message: Request) -> list[str]:
    """What the recording notes beside a request."""
    await ask(stage, message)
    return message.facts.notes
