"""Bodies that are no text, and what Rack and Ruby make of strange ones."""

from collections.abc import Callable

import pytest

from sparring.mocks.engine.rules import Rule
from sparring.mocks.providers.rotor import rules
from tests.mocks.providers.rotor.asking import (
    CLIENT_ID,
    IN_BODY,
    REGISTER,
    TOKEN,
    ask,
    basic,
    partner_token,
    rotor,
    token_request,
)
from tests.mocks.stages import in_loop, request

JSON_TYPE = ("content-type", "application/json")
BAD_REQUEST = b'{"error":"Bad Request"}'


@pytest.mark.parametrize("body", [b"\xff", b"[" * 100_000, b'{"a":' * 100_000, b'{"a":Infinity}', b'{"a":"\\udc00"}'])
@in_loop
async def test_what_is_no_json_is_a_bad_request(body: bytes) -> None:
    """However it is none."""
    stage = await rotor()
    headers = (("authorization", f"Bearer {await partner_token(stage)}"), JSON_TYPE)
    answer = await ask(stage, request("POST", REGISTER, *headers, body=body))
    assert (answer.status, answer.rule, answer.body) == (400, rules.BODY_UNREADABLE, BAD_REQUEST)


@pytest.mark.parametrize("body", [b"grant_type=client_credentials&a=\xff", b"\x80", b"%e4%bd", b"a=%u0041"])
@in_loop
async def test_a_form_that_is_no_utf8_is_a_bad_request(body: bytes) -> None:
    """Whatever else it says, and by whomever it is sent."""
    form = ("content-type", "application/x-www-form-urlencoded")
    for headers in ((basic(), form), (basic(),)):
        answer = await ask(await rotor(), request("POST", TOKEN, *headers, body=body))
        assert (answer.status, answer.rule) == (400, rules.PARAMETERS_MALFORMED)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"--edge\r\n",
        b"--edge\r\nContent-Disposition: form-data\r\n\r\nclient_credentials\r\n--edge--\r\n",
        b"--edge\r\nContent-Disposition: form-data; name=grant_type; filename=a\r\n\r\nclient_credentials\r\n--edge--",
    ],
)
@pytest.mark.parametrize("kind", ["multipart/form-data; boundary=edge", "multipart/form-data", "multipart/form-data;"])
@in_loop
async def test_a_multipart_form_without_the_field(kind: str, body: bytes) -> None:
    """A file is no text, and a form that is broken has no fields."""
    answer = await ask(await rotor(), request("POST", TOKEN, basic(), ("content-type", kind), body=body))
    assert (answer.status, answer.rule) == (400, rules.GRANT_TYPE_MISSING)


@pytest.mark.parametrize(
    ("encode", "rule"),
    [
        (lambda text: text.rstrip("=") + "!", rules.ISSUED),
        (lambda text: "\t=" + text[:9] + "\n" + text[9:] + "=====", rules.ISSUED),
        (lambda text: text[:5] + "=" + text[5:], rules.ISSUED),  # where no padding may stand it is passed over
        (lambda text: text[:6] + "=" + text[6:], rules.CLIENT_UNKNOWN),  # where it may, it is the end
        (lambda text: text + "Y", rules.ISSUED),  # six bits are no letter
        (lambda text: text.swapcase(), rules.CLIENT_UNKNOWN),
    ],
)
@in_loop
async def test_base64_is_read_as_ruby_reads_it(encode: Callable[[str], str], rule: Rule) -> None:
    """Loosely: Ruby's unpack passes over whatever is no letter of the alphabet."""
    name, value = basic()
    answer = await ask(await rotor(), token_request((name, "Basic " + encode(value.removeprefix("Basic ")))))
    assert answer.rule == rule


@in_loop
async def test_an_empty_secret_in_the_body_is_no_second_mechanism() -> None:
    """Only what carries a secret authenticates; the same id twice is one client."""
    stage = await rotor("doorkeeper-5.9.6")
    answer = await ask(stage, token_request(basic(), client_id=CLIENT_ID, client_secret=""))
    assert answer.rule == rules.ISSUED
    assert (await ask(stage, token_request(basic(), **IN_BODY))).rule == rules.TWO_MECHANISMS
