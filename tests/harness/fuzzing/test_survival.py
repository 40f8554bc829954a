"""What counts as broken, and what must never."""

# ruff: noqa: D103 - the names of tests say what they prove

import json
from dataclasses import replace
from typing import Any

import pytest

from sparring.harness.evidence import Evidence, Exchange
from sparring.harness.fuzzing.survival import MOST, what_broke
from tests.harness.checks.builder import ACCESS, CODE, api, evidence, exchange_code, good, steps, token, visit


def kind(found: Evidence) -> str:
    broke = what_broke(found)
    return "" if broke is None else broke[0]


def answering(n: int, text: str, **more: Any) -> Exchange:
    """A token request with that very answer."""
    return replace(token(n, **more), response_body=text.encode())


def test_ends_are_told_apart() -> None:
    assert kind(evidence(token(1), api(2))) == ""
    assert kind(evidence(token(1), steps=steps("ok", "crash"))) == "crash"
    assert kind(evidence(token(1), steps=steps("timeout"))) == "hang"
    assert kind(evidence(token(1), steps=steps("protocol"))) == ""
    many = [token(n) for n in range(1, MOST + 2)]
    assert kind(evidence(*many[:MOST])) == ""
    assert kind(evidence(*many)) == "loop"
    assert kind(evidence(*many, steps=steps("timeout"))) == "loop"


@pytest.mark.parametrize(
    ("value", "sent"),
    [(12345, "12345"), (None, "None"), (None, "null"), (None, "undefined"), (True, "true"), ([], "[]")],
)
def test_what_is_no_token_must_not_be_used(value: object, sent: str) -> None:
    odd = token(1, answer=good() | {"access_token": value})
    assert kind(evidence(odd, api(2, sent, status=401), steps=steps("ok", "reauth"))) == "misuse"


@pytest.mark.parametrize(
    "text",
    [
        f'{{"access_token":"{ACCESS}","token_type":"Bearer"}}',
        f'{{"access_token":"{ACCESS}","token_type":"bEARER","expires_in":[]}}',
        f'{{"access_token":"{ACCESS}"}}',
        f'{{"access_token":5,"access_token":"{ACCESS}"}}',
        f'{{"access_token":"{ACCESS}","access_token":5}}',
        f'{{"access_token":"{ACCESS}","token_type":7,"token_type":"Bearer"}}',
        f'{{"access_token":"{ACCESS}","x":NaN}}   ',
    ],
)
def test_a_token_that_may_be_taken_for_one_is_no_misuse(text: str) -> None:
    assert kind(evidence(answering(1, text), api(2))) == ""


@pytest.mark.parametrize(
    ("text", "status"),
    [
        (f'[{{"access_token":"{ACCESS}"}}]', 200),
        (f'{{"access_token":"{ACCESS}","token_type":"mac"}}', 200),
        (f'{{"access_token":"{ACCESS}","token_type":7}}', 200),
        (f'{{"access_token":"{ACCESS}"', 200),
        (f'{{"access_token":"{ACCESS}","token_type":"Bearer"}}', 400),
        (f'{{"access_token":"{ACCESS}","token_type":"Bearer"}}', 503),
        ("", 200),
        ('{"access_token":""}', 200),
    ],
)
def test_a_call_without_any_usable_token_is_misuse(text: str, status: int) -> None:
    odd = answering(1, text, status=status)
    assert kind(evidence(odd, api(2, status=401), steps=steps("protocol"))) == "misuse"
    assert kind(evidence(odd, api(2, None, status=401), steps=steps("protocol"))) == "misuse"
    assert kind(evidence(odd, steps=steps("ok"))) == "misuse"
    assert kind(evidence(odd, steps=steps("protocol"))) == ""


def test_letters_that_no_header_carries_are_not_judged() -> None:
    odd = token(1, answer=good("tok\u00fcn"))
    assert kind(evidence(odd, api(2, "tok\u00c3\u00bcn", status=401), steps=steps("ok", "reauth"))) == ""


def test_a_token_from_elsewhere_that_the_provider_knows_is_one() -> None:
    known = {"presented": [{"kind": "access_token", "fp": "0" * 12, "valid": True}]}
    odd = answering(1, json.dumps({"error": "invalid_request"}), status=400)
    assert kind(evidence(odd, api(2, "personal-token", facts=known), steps=steps("protocol"))) == ""


def test_what_of_a_spoilt_answer_arrived_nobody_knows() -> None:
    assert kind(evidence(answering(1, "", status=None), api(2))) == ""
    assert kind(evidence(answering(1, "", status=None), steps=steps("ok"))) == ""


def test_a_code_that_came_with_a_forged_state_must_not_be_exchanged() -> None:
    assert kind(evidence(exchange_code(1, CODE), visits=(visit(CODE, back="forged"),))) == "misuse"
    assert kind(evidence(exchange_code(1, CODE), visits=(visit(CODE, back=None),))) == "misuse"
    assert kind(evidence(visits=(visit(CODE, back="forged"),), steps=steps("protocol"))) == ""
    twice = visit(CODE, callback="http://127.0.0.1:40123/cb?code=canary-code-1&state=x&state=st-1")
    assert kind(evidence(exchange_code(1, CODE), visits=(twice,))) == ""
