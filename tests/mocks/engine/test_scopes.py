"""Scope lists with either separator."""

# ruff: noqa: D103 - the names are sentences

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sparring.mocks.engine import scopes

NAMES = st.lists(st.text("abc_.:", min_size=1, max_size=4), max_size=6)


@given(NAMES, st.sampled_from([" ", ","]))
def test_names_come_back_in_order_and_once(names: list[str], separator: str) -> None:
    assert scopes.split(separator.join(names), separator) == tuple(dict.fromkeys(names))


@pytest.mark.parametrize(
    ("text", "separator", "names"),
    [
        (None, " ", ()),
        ("", " ", ()),
        ("  ", " ", ()),
        ("a  b", " ", ("a", "b")),
        ("b a b", " ", ("b", "a")),
        ("a,b", " ", ("a,b",)),
        (",", ",", ()),
        (" a , b,", ",", ("a", "b")),
        ("a b", ",", ("a b",)),
        ("A,a", ",", ("A", "a")),
    ],
)
def test_blanks_and_separators(text: str | None, separator: str, names: tuple[str, ...]) -> None:
    assert scopes.split(text, separator) == names


@given(NAMES, NAMES)
def test_foreign_names_are_those_that_are_not_allowed(asked: list[str], allowed: list[str]) -> None:
    strangers = scopes.foreign(asked, allowed)
    assert set(strangers) == set(asked) - set(allowed)
    assert scopes.foreign(asked, asked) == ()
