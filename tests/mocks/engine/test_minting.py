"""Tokens out of turn: how they differ from the usual ones, and the request that they are made at."""

# ruff: noqa: D103 - the names are sentences

import pytest

from sparring.mocks.engine.messages import Facts, Request
from sparring.mocks.engine.minting import USUAL, Special, request_at
from tests.mocks.engine.desks import make_desk


@pytest.mark.parametrize(("special", "seconds"), [(USUAL, 60), (Special(lifetime=5), 5), (Special(lifetime=0), 0)])
def test_a_lifetime_that_is_wished_for_stands_over_the_usual_one(special: Special, seconds: int) -> None:
    assert special.seconds(60) == seconds


def test_claims_that_are_wished_for_stand_over_the_tokens_own() -> None:
    special = Special(claims={"aud": "another", "sub": None, "azp": ""})
    assert special.over({"iss": "i", "aud": "a", "sub": "s", "acr": None}) == {"iss": "i", "aud": "another", "azp": ""}
    assert USUAL.over({"iss": "i", "iat": 0}) == {"iss": "i", "iat": 0}


def test_the_request_comes_to_the_providers_own_address() -> None:
    desk = make_desk()
    desk.base_url = "https://login.c.example:8443/below"
    assert request_at(desk) == Request(
        method="POST", scheme="https", host="login.c.example:8443", path="/", facts=Facts()
    )
