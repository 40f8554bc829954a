"""Too many requests, and nobody there: in Rotor's words, as its document lists them."""

import json
from typing import Any
from urllib.parse import urlsplit

import pytest

from sparring.contracts.openapi import document
from sparring.contracts.place import Call, Reply
from sparring.mocks.engine.messages import Answer, Request
from sparring.mocks.stage import Stage
from tests.mocks.providers.rotor.asking import ORDERS, REGISTER, ask, bearing, json_request, rotor, token_request, user
from tests.mocks.stages import in_loop, request

WORDS = {"rate-limited": (429, "Too Many Requests"), "unavailable": (503, "Service Unavailable")}
REQUESTS = {
    "token": token_request(),
    "register": json_request(REGISTER, "x", user("a")),
    "api": bearing("x"),
    "token-info": request("GET", "/oauth/token/info"),
    "revoke": request("POST", "/oauth/revoke"),
    "introspect": request("POST", "/oauth/introspect"),
}


async def _asked(stage: Stage, endpoint: str, effect: dict[str, Any]) -> Answer:
    stage.faults.add({"match": {"provider": "rotor", "endpoint": endpoint, "when": "before"}, "effect": effect})
    return await ask(stage, REQUESTS[endpoint])


@pytest.mark.parametrize("endpoint", REQUESTS)
@pytest.mark.parametrize("kind", WORDS)
@in_loop
async def test_an_overload_speaks_as_rotor_does(kind: str, endpoint: str) -> None:
    """The status's meaning from the list of errors, in the form of the API's other errors; Retry-After as wished."""
    status, words = WORDS[kind]
    answer = await _asked(await rotor(), endpoint, {"kind": kind, "retry_after": 7})
    assert answer.status == status
    assert json.loads(answer.body) == {"error": words}
    assert [pair for pair in answer.headers if pair[0] not in {"Date", "Content-Length"}] == [
        ("Content-Type", "application/json; charset=utf-8"),
        ("Cache-Control", "no-cache"),
        ("Retry-After", "7"),
    ]
    assert _undocumented(REQUESTS[endpoint], answer) == []


@in_loop
async def test_rotor_itself_promises_no_time() -> None:
    """Its documents know neither limits nor Retry-After."""
    answer = await _asked(await rotor(), "api", {"kind": "rate-limited", "retry_after": None})
    assert answer.header("Retry-After") is None


def _undocumented(asked: Request, answer: Answer) -> list[str]:
    call = Call(method=asked.method, url=f"http://{asked.host}{asked.path}")
    assert urlsplit(call.url).path in {"/oauth/token", asked.path, ORDERS}
    return document("rotor").violations(call, Reply(status=answer.status, headers=answer.headers, body=answer.body))
