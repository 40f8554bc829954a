"""No secret, token or code stays in a redacted exchange, wherever it stood."""

# ruff: noqa: D103 - the names are sentences

import base64
import json
from typing import Any
from urllib.parse import quote_plus, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sparring.mocks.engine.messages import Answer
from sparring.mocks.engine.rules import Mark, Rule
from sparring.mocks.engine.tokens import fingerprint
from sparring.mocks.recorder.recorder import Recorder
from sparring.mocks.recorder.redact import PRIVATE, Redactor
from tests.mocks.stages import Wall, request

RULE = Rule("trainer/rule", Mark.DOC, "a source")
SECRET = "s3cr3t/of+the=client"
JWT = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl"


def exchange(
    target: str = "/token",
    *headers: tuple[str, str],
    body: str = "",
    answer: str = "",
    answer_headers: tuple[tuple[str, str], ...] = (),
) -> dict[str, Any]:
    made = Recorder(Wall(), lambda: 0.0).begin("p", "e", request("POST", target, *headers, body=body.encode()))
    made.answer = Answer(status=200, rule=RULE, headers=answer_headers, body=answer.encode())
    return made.as_json()


@pytest.mark.parametrize(
    "given",
    [
        exchange(f"/token?client_secret={quote_plus(SECRET)}"),
        exchange(f"/token?Client%5FSecret={quote_plus(SECRET)}"),
        exchange(body=urlencode({"a": "b", "client_secret": SECRET})),
        exchange(body=json.dumps({"data": [{"client_secret": SECRET}]})),
        exchange(body=f'{{"client_secret": "{SECRET}"'),
        exchange("/", ("authorization", "Basic " + base64.b64encode(f"id:{SECRET}".encode()).decode())),
        exchange("/", ("authorization", f"Bearer {SECRET}")),
        exchange("/", ("authorization", SECRET)),
        exchange("/", ("x-old", f"token {SECRET}!")),
        exchange("/", ("cookie", f"a=b; session={SECRET}")),
        exchange("/", ("referer", f"https://app.example/cb?code={quote_plus(SECRET)}&state=s")),
        exchange(answer_headers=(("Location", f"https://app.example/cb?code={quote_plus(SECRET)}#x"),)),
        exchange(answer_headers=(("Location", f"https://app.example/cb#access_token={quote_plus(SECRET)}"),)),
        exchange(answer_headers=(("Set-Cookie", f"session={SECRET}; Path=/; HttpOnly"),)),
        exchange(answer=f'<input type="hidden" name="code" value="{SECRET}">'),
        exchange(answer=f"<p>your secret {SECRET}</p>"),
        exchange(f"/keep/{quote_plus(SECRET)}"),
        exchange(f"//user:{SECRET}@host/"),
    ],
)
def test_a_secret_is_found_wherever_it_stands(given: dict[str, Any]) -> None:
    redactor = Redactor([(SECRET, "client_secret")])
    text = json.dumps(redactor.exchange(given))
    assert SECRET not in text
    assert quote_plus(SECRET) not in text
    assert base64.b64encode(f"id:{SECRET}".encode()).decode() not in text


@given(st.sampled_from(sorted(PRIVATE)), st.text(st.characters(exclude_categories=["Cs"]), min_size=6))
def test_a_private_member_is_private_whatever_is_in_it(name: str, value: str) -> None:
    for body in (urlencode({name: value, "z": "1"}), json.dumps({name: value, "z": "1"})):
        redacted = Redactor().exchange(exchange(body=body))["body"]
        assert redacted != body
        assert f"{PRIVATE[name]}:{fingerprint(value)}" in redacted
        assert '"z": "1"' in redacted or "&z=1" in redacted


def test_the_same_value_has_the_fingerprint_of_the_facts() -> None:
    redactor = Redactor()
    issued = redactor.exchange(exchange(answer=json.dumps({"access_token": JWT, "expires_in": 5})))
    used = redactor.exchange(exchange("/api", ("authorization", f"Bearer {JWT}")))
    label = f"access_token:{fingerprint(JWT)}"
    assert json.loads(issued["response_body"]) == {"access_token": label, "expires_in": 5}
    assert used["headers"] == [["authorization", f"Bearer {label}"]]


def test_what_was_once_seen_is_known_everywhere() -> None:
    redactor = Redactor()
    opaque = "Zk3mQ8vT1xWc7pRb"
    later = exchange(f"/logs/{opaque}", ("x-note", f"got {opaque}"), body=f"trace of {opaque}")
    assert opaque in json.dumps(redactor.exchange(later))
    redactor.learn(exchange(body=f"refresh_token={opaque}"))
    assert opaque not in json.dumps(redactor.exchange(later))


def test_what_is_not_private_stays_as_it_was() -> None:
    given = exchange(
        "/authorize?state=xyz&code_challenge=abc&scope=a%20b",
        ("accept", "*/*"),
        ("content-type", "application/x-www-form-urlencoded"),
        body="grant_type=authorization_code&scope=a+b",
        answer='<form><input name="password" autocomplete="current-password"></form>',
        answer_headers=(("Content-Type", "text/html"),),
    )
    assert Redactor().exchange(given) == given


def test_redacting_twice_changes_nothing() -> None:
    redactor = Redactor([(SECRET, "client_secret")])
    once = redactor.exchange(exchange(f"/?code={'c' * 20}", body=f"client_secret={quote_plus(SECRET)}", answer=JWT))
    assert Redactor().text(once["response_body"]) == once["response_body"]
    assert Redactor().text(once["url"]) == once["url"]
    assert Redactor().text(once["body"]) == once["body"]


def test_a_body_that_is_no_text_is_named_only() -> None:
    made = Recorder(Wall(), lambda: 0.0).begin("p", "e", request("POST", "/", body=b"\xff" + SECRET.encode()))
    (label,) = {Redactor().exchange(made.as_json())["body"]}
    assert label.startswith("binary:")


@given(st.text(max_size=200))
def test_any_text_can_be_redacted(text: str) -> None:
    redactor = Redactor()
    assert isinstance(redactor.text(text), str)
    assert isinstance(redactor.url(text), str)


@pytest.mark.parametrize("body", ["[" * 100_000, '{"a":' * 50_000, "9" * 10_000, '{"code": ["' + "x" * 20 + '"]}'])
def test_strange_json_does_no_harm(body: str) -> None:
    assert "x" * 20 not in Redactor().exchange(exchange(body=body))["body"]


def test_thousands_of_tokens_and_hostile_bodies_take_no_time() -> None:
    redactor = Redactor()
    tokens = [f"eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.{number:032x}" for number in range(5_000)]
    for token in tokens:
        redactor.learn(exchange(body=f"access_token={token}"))
    assert redactor.text(f"a {tokens[17]}/{tokens[4_999]} b").count(":") == 2
    for body in (
        "<input " * 20_000,
        "eyJ-" * 20_000,
        '<input name="code"' + 'name="code" ' * 20_000,
        'code="' * 20_000,
    ):
        redactor.text(body)
