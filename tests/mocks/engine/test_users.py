"""Passwords."""

# ruff: noqa: D103 - the names are sentences

import pytest

from sparring.mocks.engine.users import User, password_matches


def _user(*, locked: bool = False) -> User:
    return User(subject="u1", username="anna", password="grün", name="Anna", email="anna@c.example", locked=locked)


@pytest.mark.parametrize(
    ("presented", "right"), [("grün", True), ("Grün", False), ("grün ", False), ("", False), ("\udcff", False)]
)
def test_only_the_password_itself_matches(presented: str, right: bool) -> None:
    assert password_matches(_user(), presented) is right


@pytest.mark.parametrize("presented", ["grün", "", "wrong"])
def test_nothing_opens_a_locked_account(presented: str) -> None:
    assert password_matches(_user(locked=True), presented) is False
