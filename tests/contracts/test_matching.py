"""Matchers and comparison as properties: what is the same never differs, what was changed always does."""

# ruff: noqa: D103 - the names are sentences

import json
from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sparring.contracts.expecting import location_parts, parameters
from sparring.contracts.matching import SLACK, Difference, bad_matcher, document, matches, pairs
from sparring.contracts.values import UnknownValueError, fill, references

NOW = 1_750_000_000.0
TEXT = st.text(max_size=20).filter(lambda text: "<<" not in text)
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False).map(lambda number: number + 0.0)
    | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)


def told(expected: Any, got: Any, *, whole: bool = True) -> list[str]:
    """Where two values differ."""
    return [each.path for each in document("json ", expected, got, NOW, whole=whole)]


@given(VALUES)
def test_a_value_is_what_it_is(value: Any) -> None:
    read = json.loads(json.dumps(value))
    assert told(read, read) == []
    assert told(read, read, whole=False) == []
    assert told("<<json>>", read) == []


@given(VALUES, VALUES)
def test_two_values_that_are_written_differently_differ(one: Any, other: Any) -> None:
    alike = json.dumps(one) == json.dumps(other)
    assert (told(one, other) == []) == alike


@given(st.dictionaries(TEXT, VALUES, min_size=2, max_size=5), st.randoms(use_true_random=False))
def test_the_order_of_members_counts(members: dict[str, Any], chance: Any) -> None:
    names = list(members)
    chance.shuffle(names)
    other = {name: members[name] for name in names}
    assert told(members, other) == ([] if names == list(members) else ["json (order)"])
    assert told(members, other, whole=False) == []
    del other[names[0]]
    assert len(told(members, other)) == 1
    assert told(other, members, whole=False) == []


@given(TEXT)
def test_a_text_without_matchers_matches_itself_alone(text: str) -> None:
    assert matches(text, text, NOW)
    assert not matches(text, f"{text}x", NOW)
    assert matches("<<any>>", text, NOW)
    assert matches(f"a<<any>>{text}", f"a-{text}", NOW)
    assert matches("<<string>>", text, NOW) == bool(text)


@given(st.integers(-20, 20), st.integers(-400, 400))
def test_a_moment_may_miss_by_the_slack(off: int, distance: int) -> None:
    expected = f"<<now{distance:+d}>>"
    moment = int(NOW) + distance + off
    assert matches(expected, str(moment), NOW) == (abs(off) <= SLACK)
    assert (told(expected, moment) == []) == (abs(off) <= SLACK)
    assert told(expected, str(moment)) == ["json"]


@pytest.mark.parametrize(
    ("matcher", "good", "bad"),
    [
        ("<<uuid>>", "3f0c2a60-7a5e-4b0e-9a1d-0c1b2a3d4e5f", "3f0c2a607a5e4b0e9a1d0c1b2a3d4e5f"),
        ("<<integer>>", "-17", "1.5"),
        ("<<number>>", "1.5e-3", "one"),
        ("<<jwt>>", "eyJh.eyJi.c-_", "eyJh.eyJi"),
        ("<<date>>", "Sun, 15 Jun 2025 15:06:40 GMT", "Sun, 15 Jun 2025 15:06:40 +0000"),
        ("<<re:[a-z]{3}>>", "abc", "abcd"),
        ("<<re:a>>b<<re:c|d>>", "abd", "abe"),
        ("(<<any>>)", "(x\ny)", "x"),
    ],
)
def test_a_matcher_takes_what_it_names(matcher: str, good: str, bad: str) -> None:
    assert bad_matcher(matcher) is None
    assert matches(matcher, good, NOW)
    assert not matches(matcher, bad, NOW)


@given(st.lists(st.tuples(TEXT, TEXT), max_size=4), st.lists(st.tuples(TEXT, TEXT), max_size=4))
def test_parameters_are_exact_and_in_order(one: list[tuple[str, str]], other: list[tuple[str, str]]) -> None:
    assert list(pairs("query", one, one, NOW)) == []
    assert (list(pairs("query", one, other, NOW)) == []) == (one == other)


@given(TEXT)
def test_a_value_keeps_its_type_where_it_stands_alone(text: str) -> None:
    values = {"n": 7, "t": text}
    assert fill(["${n}", "${n}!", {"${n}": "${t}"}], values) == [7, "7!", {"7": text}]
    assert unquote(fill("${t|quote}", values)) == text
    assert fill(["${now+60}", "at ${now}", 5, None], values, NOW) == [int(NOW) + 60, f"at {int(NOW)}", 5, None]


def test_what_is_not_known_is_named() -> None:
    with pytest.raises(UnknownValueError, match="nothing is known as `gone`"):
        fill({"a": ["x ${gone}"]}, {})
    assert list(references({"${a}": ["${b|quote}", 1, "${now+5}"]})) == [("a", ()), ("b", ("quote",))]


def test_what_is_long_is_cut_only_where_it_is_read() -> None:
    difference = Difference("body", "x" * 500, "y" * 501)
    assert str(difference) == f"body: expected {'x' * 500}, got {'y' * 500}… (501 characters)"


def test_a_location_is_taken_apart() -> None:
    assert location_parts("https://a.example/cb?x=1&y=a+b#z=%20") == (
        "https://a.example/cb", [("x", "1"), ("y", "a b")], [("z", " ")],
    )  # fmt: skip
    assert parameters({"a": 1, "b": None, "c": True}) == [("a", "1"), ("c", "true")]
    assert parameters([["a", 1], ["a", None]]) == [("a", "1"), ("a", "")]
