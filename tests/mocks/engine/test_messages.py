"""Requests and answers as values."""

# ruff: noqa: D103 - the names are sentences

from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sparring.mocks.engine import messages
from sparring.mocks.engine.messages import Facts, Request, add_query, read_params
from sparring.mocks.engine.rules import Mark, Rule
from tests.mocks.stages import request

RULE = Rule("trainer/rule", Mark.DOC, "a test")
PARAMS = st.lists(st.tuples(st.text(min_size=1), st.text()), max_size=4)


@pytest.mark.parametrize(
    ("uri", "expected"),
    [
        ("https://c.example/cb", "https://c.example/cb?code=a+b&state=%26"),
        ("https://c.example", "https://c.example?code=a+b&state=%26"),
        ("https://c.example/cb?x=%20&y", "https://c.example/cb?x=%20&y&code=a+b&state=%26"),
        ("http://127.0.0.1:8080/cb/", "http://127.0.0.1:8080/cb/?code=a+b&state=%26"),
        ("com.example.app:/cb", "com.example.app:/cb?code=a+b&state=%26"),
    ],
)
def test_a_redirect_uris_own_query_is_retained(uri: str, expected: str) -> None:
    # RFC 6749 section 3.1.2
    assert add_query(uri, [("code", "a b"), ("state", "&")]) == expected


@given(PARAMS, PARAMS)
def test_parameters_arrive_as_they_were_given(own: list[tuple[str, str]], added: list[tuple[str, str]]) -> None:
    uri = add_query(add_query("https://c.example/cb", own), added)
    assert uri.isascii()
    assert parse_qsl(urlsplit(uri).query, keep_blank_values=True) == own + added


def test_query_and_form_are_read_in_order_with_blank_ones() -> None:
    message = request("POST", "/token?a=1&b=&a=%20+", form=[("c", ""), ("c", "ü&=")])
    assert message.query_params == [("a", "1"), ("b", ""), ("a", "  ")]
    assert message.form_params == [("c", ""), ("c", "ü&=")]


@pytest.mark.parametrize(
    ("kind", "read"),
    [
        ("application/x-www-form-urlencoded", True),
        ("Application/X-WWW-Form-Urlencoded; charset=utf-8", True),
        ("application/x-form-urlencoded", False),
        ("application/json", False),
        ("", False),
    ],
)
def test_only_a_form_is_read_as_one(kind: str, read: bool) -> None:
    message = request("POST", "/", ("content-type", kind), body=b"a=1")
    assert message.form_params == ([("a", "1")] if read else [])


@given(st.binary())
def test_no_body_breaks_the_form(body: bytes) -> None:
    message = request("POST", "/", ("content-type", "application/x-www-form-urlencoded"), body=body)
    for name, value in message.form_params:
        (name + value).encode()


def test_cookies_are_found_among_others() -> None:
    message = request("GET", "/", ("cookie", "a=1; b=2=3;c=4"), ("cookie", "d=5"))
    assert [message.cookie(name) for name in ("a", "b", "c", "d", "e")] == ["1", "2=3", "4", "5", None]


def test_the_origin_is_lower_case() -> None:
    assert request("GET", "/", host="Login.Ingest.IO:443", scheme="HTTPS").origin == "https://login.ingest.io:443"


def test_every_request_has_facts_of_its_own() -> None:
    one, other = (Request(method="GET", scheme="http", host="h", path="/") for _ in range(2))
    one.facts.notes.append("n")
    assert other.facts.as_json() == {}
    assert one.facts.as_json() == {"notes": ["n"]}


def test_facts_that_do_not_apply_are_left_out() -> None:
    facts = Facts(endpoint="token", client="c", grant=None)
    assert facts.as_json() == {"client": "c"}


def test_answers_keep_the_order_of_members_and_headers() -> None:
    answer = messages.json_answer(RULE, {"z": "é", "a": [1, None]}, ("X-B", "1"), ("X-A", "2"), status=201)
    assert answer.body.decode() == '{"z":"é","a":[1,null]}'
    assert answer.headers == (("Content-Type", "application/json"), ("X-B", "1"), ("X-A", "2"))
    assert answer.with_headers(("X-B", "3")).headers[-1] == ("X-B", "3")
    assert (answer.header("x-b"), answer.header("X-C"), answer.status) == ("1", None, 201)


def test_an_answer_with_more_headers_is_otherwise_the_same() -> None:
    answer = messages.json_answer(RULE, {"a": 1}, status=201)
    more = answer.with_headers(("X-A", "1"))
    assert (more.status, more.rule, more.body) == (201, RULE, b'{"a":1}')
    assert more.headers == (("Content-Type", "application/json"), ("X-A", "1"))
    assert answer.with_headers() is answer


def test_every_answer_names_its_rule_and_is_a_success_unless_told_otherwise() -> None:
    made = [
        messages.json_answer(RULE, {}),
        messages.html_answer(RULE, ""),
        messages.redirect_answer(RULE, "/x"),
        messages.empty_answer(RULE, 204, ("Allow", "GET")),
    ]
    assert [answer.status for answer in made] == [200, 200, 302, 204]
    assert all(answer.rule is RULE for answer in made)
    assert made[-1].headers == (("Allow", "GET"),)


def test_pages_and_redirects_are_never_cached() -> None:
    page = messages.html_answer(RULE, "<p>é", ("X-A", "1"), status=400)
    assert page.headers == (("Content-Type", "text/html; charset=utf-8"), ("Cache-Control", "no-store"), ("X-A", "1"))
    assert (page.status, page.body) == (400, "<p>é".encode())
    away = messages.redirect_answer(RULE, "/x")
    assert (away.status, away.headers) == (302, (("Location", "/x"), ("Cache-Control", "no-store")))
    assert messages.empty_answer(RULE, 204).body == b""


def test_the_first_of_repeated_parameters_counts() -> None:
    assert messages.first([("a", "1"), ("a", "2")], "a") == "1"
    assert messages.first([], "a") is None


@given(st.text(alphabet=st.sampled_from("ab=&+%2C;é \x00")) | st.text())
def test_parameters_are_read_as_the_standard_library_reads_them(text: str) -> None:
    assert read_params(text) == parse_qsl(text, keep_blank_values=True)


@pytest.mark.parametrize("letters", [0, 490, 491, 492, 493, 5000])
def test_a_form_is_read_alike_at_any_length(letters: int) -> None:
    kind = ("content-type", "application/x-www-form-urlencoded")
    body = b"a=%C3%BC+%26&b=\xff&c=" + b"x" * letters
    read = request("POST", "/", kind, body=body).form_params
    assert read == [("a", "ü &"), ("b", "\ufffd"), ("c", "x" * letters)]


def test_a_value_may_be_encoded_by_percent_or_plus_alone() -> None:
    assert read_params("a=%41&b=x+y&c=%2B+&d=-") == [("a", "A"), ("b", "x y"), ("c", "+ "), ("d", "-")]


def test_what_somebody_does_to_the_parameters_stays_with_them() -> None:
    message = Request(method="GET", scheme="http", host="h", path="/", query="a=1")
    message.query_params.append(("b", "2"))
    assert message.query_params == [("a", "1")]
