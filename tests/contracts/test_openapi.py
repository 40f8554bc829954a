"""Exchanges held against an OpenAPI document: every kind of departure is told."""

# ruff: noqa: D103 - the names are sentences

from importlib.resources import files
from typing import Any

import pytest
import yaml

from sparring.contracts import ContractError
from sparring.contracts.openapi import Document, document, parse_document
from sparring.contracts.place import Call, Reply
from sparring.mocks.providers import NAMES
from tests.contracts.scripted import BASE, reply

SOURCE = """
openapi: 3.1.0
info: {title: Ours, version: '1'}
paths:
  /token:
    post:
      operationId: token
      responses:
        '200':
          description: A token.
          headers:
            Cache-Control: {required: true, schema: {const: no-store}}
            Retry-After: {schema: {type: integer, maximum: 60}}
            Set-Cookie: {$ref: '#/components/headers/Cookie'}
          content:
            application/json: {schema: {$ref: '#/components/schemas/Token'}}
        '401': {description: Refused.}
  /videos/{id}:
    get:
      operationId: video
      responses:
        '200': {description: A page., content: {text/html; charset=utf-8: {schema: {type: string, minLength: 3}}}}
  /videos/mine:
    get:
      operationId: mine
      responses: {'204': {description: Nothing.}}
components:
  headers:
    Cookie: {schema: {type: string, pattern: '^sid='}}
  schemas:
    Token:
      type: object
      additionalProperties: false
      required: [access_token, expires_in]
      x-sparring-order: [access_token, expires_in, scopes]
      properties:
        access_token: {type: string}
        expires_in: {type: integer}
        scopes:
          type: array
          items: {type: object, x-sparring-order: [a, b], properties: {a: {type: integer}, b: {type: integer}}}
"""
OURS = parse_document(SOURCE, "ours: openapi.yaml")
JSON = ("Content-Type", "application/json")
STORE = ("Cache-Control", "no-store")
GOOD = '{"access_token":"x","expires_in":1}'


def complaints(answer: Reply, method: str = "POST", path: str = "/token", ours: Document = OURS) -> list[str]:
    """What is told of one answer, without its beginning."""
    found = ours.violations(Call(method=method, url=f"{BASE}{path}?a=1"), answer)
    return [each.removeprefix(f"{method} {path} -> {answer.status}: ") for each in found]


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (reply(200, GOOD, JSON, STORE, ("Date", "x"), ("Content-Length", "3")), []),
        (reply(200, GOOD, ("content-type", "application/json;charset=UTF-8"), STORE), []),
        (reply(401), []),
        (reply(400), ["status 400 is not documented; documented are 200, 401"]),
        (reply(200, GOOD, JSON), ["header cache-control is missing"]),
        (reply(200, GOOD, JSON, ("cache-control", "private")), ['header cache-control: "no-store" was expected']),
        (reply(200, GOOD, JSON, STORE, ("X-Own", "1")), ["header X-Own is not documented"]),
        (reply(200, GOOD, JSON, STORE, ("Retry-After", "7")), []),
        (reply(200, GOOD, JSON, STORE, ("Retry-After", "61")),
         ["header Retry-After: 61 is greater than the maximum of 60"]),
        (reply(200, GOOD, JSON, STORE, ("Retry-After", "soon")),
         ['header Retry-After: "soon" is not of type "integer"']),
        (reply(200, GOOD, JSON, STORE, ("Set-Cookie", "sid=1"), ("Set-Cookie", "other=1")),
         ['header Set-Cookie: "other=1" does not match "^sid="']),
        (reply(200, GOOD, STORE), ["the body has no Content-Type"]),
        (reply(200, "", STORE), ["there is no body; documented is application/json"]),
        (reply(200, GOOD, ("Content-Type", "text/plain"), STORE),
         ["media type text/plain is not documented; documented is application/json"]),
        (reply(401, "no", ("Content-Type", "text/plain")),
         ["media type text/plain is not documented; documented is no body"]),
        (reply(200, "no", JSON, STORE), ["the body is no JSON: Expecting value: line 1 column 1 (char 0)"]),
        (reply(200, '{"access_token":"x","expires_in":"1"}', JSON, STORE),
         ['/expires_in: "1" is not of type "integer"']),
        (reply(200, '{"access_token":"x","expires_in":1,"more":2}', JSON, STORE),
         ["body: Additional properties are not allowed ('more' was unexpected)"]),
        (reply(200, '{"access_token":"x"}', JSON, STORE), ['body: "expires_in" is a required property']),
        (reply(200, '{"expires_in":1,"access_token":"x"}', JSON, STORE),
         ["body: the members stand as expires_in, access_token, not in the documented order"]),
        (reply(200, '{"access_token":"x","expires_in":1,"scopes":[{"b":1,"a":1}]}', JSON, STORE),
         ["/scopes/0: the members stand as b, a, not in the documented order"]),
    ],
)  # fmt: skip
def test_what_is_not_documented_is_told(answer: Reply, told: list[str]) -> None:
    assert complaints(answer) == told


def test_paths_and_methods_are_documented_ones() -> None:
    page = reply(200, "<p>", ("Content-Type", "text/html;charset=UTF-8"))
    assert complaints(page, "GET", "/videos/7") == []
    assert complaints(reply(200, "no", ("Content-Type", "text/html;charset=utf-8")), "GET", "/videos/7") == [
        '"no" is shorter than 3 characters'
    ]
    assert complaints(page, "GET", "/videos/mine") == ["status 200 is not documented; documented are 204"]
    assert complaints(reply(200, "", ("Content-Type", "text/html; charset=utf-8")), "HEAD", "/videos/7") == []
    assert complaints(page, "GET", "/videos/7/8") == ["GET /videos/7/8: there is no such path (in ours: openapi.yaml)"]
    assert complaints(page, "DELETE", "/videos/7") == [
        "DELETE /videos/7: method DELETE is not documented there (in ours: openapi.yaml)"
    ]
    assert complaints(reply(401), "POST", "/Token")[0].endswith("there is no such path (in ours: openapi.yaml)")
    lax = parse_document(f"{SOURCE}\nx-sparring-ignore-case: true\n", "ours")
    assert complaints(reply(401), "POST", "/Token", lax) == []


def test_headers_of_others_count_where_every_header_is_the_providers() -> None:
    call, answer = Call(method="POST", url=f"{BASE}/token"), reply(401, "", ("X-Proxy", "1"))
    assert OURS.violations(call, answer) == ["POST /token -> 401: header X-Proxy is not documented"]
    assert OURS.violations(call, answer, exact=False) == []


def test_a_method_that_openapi_has_no_place_for_stands_beside_the_others() -> None:
    operation = "{operationId: link, responses: {'204': {description: Done.}}}"
    more = f"  /more:\n    x-additionalOperations: {{LINK: {operation}}}\n"
    ours = parse_document(SOURCE.replace("components:\n", f"{more}components:\n", 1), "ours")
    assert complaints(reply(204), "LINK", "/more", ours) == []
    assert complaints(reply(200), "LINK", "/more", ours) == ["status 200 is not documented; documented are 204"]
    assert [each.name for each in ours.operations()] == ["token", "video", "mine", "link"]


def test_paths_may_stand_behind_a_prefix() -> None:
    call = Call(method="POST", url=f"{BASE}/behind/token")
    assert OURS.violations(call, reply(401), prefix="/behind") == []


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        ("openapi: 3.0.3\npaths: {}", "ours: it is no OpenAPI 3.1 document"),
        ("- 1", "ours: it is no OpenAPI 3.1 document"),
        ("{", "ours: not YAML: "),
        ("openapi: 3.1.0\nopenapi: 3.1.0", "ours: not YAML: `openapi` occurs twice"),
        ("openapi: 3.1.0\npaths: {/a: {$ref: '#/components/pathItems/a'}}", "ours: #/components/pathItems/a leads "),
    ],
)
def test_a_broken_document_is_told_in_one_sentence(source: str, sentence: str) -> None:
    with pytest.raises(ContractError) as caught:
        parse_document(source, "ours")
    assert str(caught.value).startswith(sentence)


def test_who_has_no_document_is_told() -> None:
    with pytest.raises(LookupError, match="there is no OpenAPI document for 'nobody'"):
        document("nobody")


@pytest.mark.parametrize("provider", NAMES)
def test_every_document_is_good_openapi(provider: str) -> None:
    from openapi_spec_validator import OpenAPIV31SpecValidator

    source = files("sparring.contracts").joinpath("providers", provider, "openapi.yaml").read_text(encoding="utf-8")
    members: dict[str, Any] = yaml.safe_load(source)
    assert [error.message for error in OpenAPIV31SpecValidator(members).iter_errors()] == []


@pytest.mark.parametrize("provider", NAMES)
def test_every_document_says_exactly_what_comes(provider: str) -> None:
    names = []
    for operation in document(provider).operations():
        names.append(operation.name)
        statuses = list(operation.members["responses"])
        assert all(status.isdigit() for status in statuses), f"{operation.name}: {statuses}"
        for status, row in operation.members["responses"].items():
            assert document(provider).resolved(row).get("description"), f"{operation.name} {status}"
    assert all(names)
    assert len(set(names)) == len(names)
