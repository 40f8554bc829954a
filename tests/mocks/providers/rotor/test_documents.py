"""What Rotor's documents show, sent and answered as they show it."""

import base64

from sparring.mocks.engine.messages import Answer, Request
from sparring.mocks.providers.rotor import rules
from sparring.mocks.stage import Stage
from tests.mocks.providers.rotor.asking import CLIENT_ID, NOW, SECRET, ask, orders, read, rotor
from tests.mocks.stages import in_loop

HOST = "api.rotorvideos.com"
FETCH = (("accept", "*/*"), ("user-agent", "node-fetch/1.0 (+https://github.com/bitinn/node-fetch)"))


def _post(path: str, authorization: str, kind: str, body: bytes) -> Request:
    headers = (("content-type", kind), ("authorization", authorization), *FETCH, ("host", HOST))
    return Request(method="POST", scheme="https", host=HOST, path=path, headers=headers, body=body)


async def _authorize(stage: Stage) -> Answer:
    """The first request of the example app."""
    credentials = base64.b64encode(f"{CLIENT_ID}:{SECRET}".encode()).decode()
    kind = "application/x-www-form-urlencoded"
    return await ask(stage, _post("/oauth/token", f"Basic {credentials}", kind, b"grant_type=client_credentials"))


async def _register(stage: Stage, body: str) -> Answer:
    """The second request of the example app, with what the first one brought."""
    document = read(await _authorize(stage))
    authorization = f"{document['token_type']} {document['access_token']}"
    return await ask(stage, _post("/api/partner/v1/register", authorization, "application/json", body.encode()))


@in_loop
async def test_the_example_app_gets_a_users_token() -> None:
    """Authorize, then register with the minimal body; members in the documents' order, integers as integers."""
    stage = await rotor()
    answer = await _authorize(stage)
    token = read(answer)["access_token"]
    expected = (
        f'{{"access_token":"{token}","created_at":{NOW},"token_type":"Bearer","expires_in":7200,"scope":"partner"}}'
    )
    assert answer.body.decode() == expected
    assert answer.rule == rules.ISSUED

    answer = await _register(stage, '{"data":{"type":"user","attributes":{"remote_user_id":"artist-42"}}}')
    token = read(answer)["data"]["attributes"]["access_token"]
    expected = f'{{"data":{{"type":"access_token","attributes":{{"access_token":"{token}","expires_in":259200}}}}}}'
    assert answer.body.decode() == expected
    assert answer.rule == rules.USER_CREATED

    shown = await orders(stage, token)
    assert {order["attributes"]["remote_user_id"] for order in shown} == {"artist-42"}


@in_loop
async def test_the_sample_with_an_address() -> None:
    """The body of the curl sample, spaces and all."""
    body = """{
    "data": {
      "type" : "user",
      "attributes": {
        "remote_user_id": "123456",
        "remote_email": "user@domain.com"
      }
    }
  }"""
    assert (await _register(await rotor(), body)).rule == rules.USER_CREATED


@in_loop
async def test_the_host_name_alone_leads_to_rotor() -> None:
    """A request that bears Rotor's name is Rotor's on any socket of the stage."""
    stage = await rotor()
    credentials = base64.b64encode(f"{CLIENT_ID}:{SECRET}".encode()).decode()
    body = b"grant_type=client_credentials"
    message = _post("/oauth/token", f"Basic {credentials}", "application/x-www-form-urlencoded", body)
    exchange, _ = await stage.respond("decoy", message)
    assert (exchange.provider, exchange.endpoint) == ("rotor", "token")
