"""JWTs in an exchange, and what they are worth by the stage's clock."""

# ruff: noqa: D103 - the names are sentences

import base64
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sparring.mocks.control.dashboard.tokens import decoded, span, validity
from tests.mocks.control.dashboard.test_rows import exchange

NOW = 1_800_000_000


def jwt(claims: Any, signature: str = "c2ln") -> str:
    parts = ({"alg": "RS256", "kid": "k1"}, claims)
    return ".".join(
        [*(base64.urlsafe_b64encode(json.dumps(p).encode()).decode().rstrip("=") for p in parts), signature]
    )


@pytest.mark.parametrize(
    ("claims", "tone", "words"),
    [
        ({"exp": NOW + 299}, "good", "valid, expires in 4 min 59 s, at 2027-01-15 08:04:59 UTC"),
        ({"exp": NOW}, "bad", "expired 0 s ago, at 2027-01-15 08:00:00 UTC"),
        ({"exp": NOW - 90_000.0}, "bad", "expired 1 d 1 h ago, at 2027-01-14 07:00:00 UTC"),
        ({"exp": NOW + 60, "nbf": NOW + 30}, "bad", "not valid before 2027-01-15 08:00:30 UTC (30 s from now)"),
        ({"exp": NOW + 60, "iat": NOW + 30}, "bad", "issued in the future, at 2027-01-15 08:00:30 UTC (30 s from now)"),
        ({}, "warn", "never expires: there is no exp that can be read"),
        ({"exp": "soon"}, "warn", "never expires: there is no exp that can be read"),
        ({"exp": True}, "warn", "never expires: there is no exp that can be read"),
        ({"exp": 10**11 * 9}, "good", "valid, expires in 10395833 d 8 h, at second 9e+11"),
    ],
)
def test_validity_is_told_by_the_stages_clock(claims: dict[str, Any], tone: str, words: str) -> None:
    assert validity(claims, NOW) == [{"tone": tone, "text": words}]


def test_each_token_is_shown_once_with_every_place_where_it_stands() -> None:
    token, other = jwt({"sub": "ada", "exp": NOW + 1}), jwt({"sub": "eve"}, "")
    told = decoded(
        exchange(
            "token",
            url=f"http://127.0.0.1/x?id_token_hint={token}",
            headers=[["authorization", f"Bearer {token}"], ["content-type", "application/x-www-form-urlencoded"]],
            body=f"a=1&refresh_token={other}",
            response_body=json.dumps({"id_token": token, "n": 1}),
        ),
        NOW,
    )
    assert [each["where"] for each in told] == [
        "query, id_token_hint, request header, authorization, response, id_token",
        "form, refresh_token",
    ]
    assert json.loads(told[0]["header"]) == {"alg": "RS256", "kid": "k1"}
    assert json.loads(told[0]["claims"])["sub"] == "ada"
    assert [each["signed"] for each in told] == [True, False]


@pytest.mark.parametrize("text", ["eyJhbGciOiJSUzI1NiJ9.bm8.x", "eyJhbGciOiJSUzI1NiJ9.W10.x", "eyJh.eyJh", "eyJh.!.x"])
def test_what_only_looks_like_a_token_is_passed_over(text: str) -> None:
    assert decoded(exchange("api", response_body=text), NOW) == []


@settings(max_examples=25, deadline=None)
@given(
    st.text(max_size=60), st.recursive(st.none() | st.integers() | st.text(), lambda s: st.dictionaries(st.text(), s))
)
def test_whatever_stands_there_it_is_shown(text: str, claims: Any) -> None:
    told = decoded(exchange("api", body=text, response_body=f"{text} {jwt(claims)}"), NOW)
    assert len(told) == isinstance(claims, dict)


@pytest.mark.parametrize(
    ("seconds", "words"), [(0, "0 s"), (59.6, "1 min"), (3_600, "1 h"), (90_061, "1 d 1 h"), (-5, "0 s")]
)
def test_a_length_of_time_has_two_words_at_most(seconds: float, words: str) -> None:
    assert span(seconds) == words
