"""A client and its provider in a few lines: the faults of a scenario done to an answer, and what flaws make of it."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import jsonpatch
import jsonpointer

from sparring.harness.evidence import Evidence, Exchange, Step
from sparring.harness.scenario import Scenario
from tests.harness.checks.builder import api, token

Json = dict[str, Any]
Flaw = Callable[[int, bytes], str | None]
"""From status and body of the answer to an outcome, ``token:...`` for a token that is used, or None: it is careful."""


def answered(faults: tuple[Any, ...]) -> tuple[int, bytes, list[str]]:
    """Status and body of the token endpoint's answer, and which faults have touched it."""
    status, body = 200, json.dumps({"access_token": "good-token-1", "token_type": "Bearer", "expires_in": 60}).encode()
    fired = []
    for fault in faults:
        effect = fault["effect"]
        if fault["match"].get("endpoint") != "token":
            continue
        before = status, body
        if effect["kind"] == "json-patch":
            try:
                body = json.dumps(jsonpatch.apply_patch(json.loads(body), effect["ops"])).encode()
            except (ValueError, jsonpatch.JsonPatchException, jsonpointer.JsonPointerException):
                continue
        elif effect["kind"] == "body" and "text" in effect:
            body = effect["text"].encode()
        elif effect["kind"] in {"status", "replace"}:
            status = effect["status"]
            body = json.dumps(effect["body"]).encode() if effect["kind"] == "replace" else body
        if (status, body) != before:
            fired.append(fault["id"])
    return status, body, fired


def careful(status: int, body: bytes) -> str:
    """The token that a careful client takes from an answer, or ``protocol``."""
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        return "protocol"
    if status != 200 or not isinstance(answer, dict) or "error" in answer or answer.get("token_type") != "Bearer":
        return "protocol"
    value = answer.get("access_token")
    fine = isinstance(value, str) and value.isascii() and value.isprintable() and value.strip()
    return f"token:{value}" if fine else "protocol"


def evidence(scenario: Scenario, flaw: Flaw) -> Evidence:
    """What that client leaves behind."""
    status, body, fired = answered(scenario.faults)
    told = flaw(status, body) or careful(status, body)
    asked = token(1, status=status, provider="clickview", facts={"faults": fired})
    exchanges: list[Exchange] = [replace(asked, response_body=body)]
    if told.startswith("token:"):
        exchanges.append(api(2, told.removeprefix("token:"), provider="clickview"))
        told = "ok"
    steps = (Step(id=1, do="authenticate", outcome=told, first=1, last=2),)
    return Evidence(
        scenario=scenario.id,
        provider="clickview",
        grant="client_credentials",
        driver="session",
        context={},
        exchanges=tuple(exchanges),
        steps=steps,
        fired=tuple(fired),
    )
