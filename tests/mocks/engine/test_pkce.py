"""PKCE as in RFC 7636."""

# ruff: noqa: D103 - the names are sentences

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sparring.mocks.engine import pkce

# RFC 7636 appendix B
VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
UNRESERVED = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"
VERIFIERS = st.text(UNRESERVED, min_size=43, max_size=128)


def test_the_example_of_the_specification() -> None:
    assert pkce.challenge_of(VERIFIER, "S256") == CHALLENGE
    assert pkce.proves(VERIFIER, CHALLENGE, "S256")
    assert not pkce.proves(CHALLENGE, VERIFIER, "S256")
    assert not pkce.proves(VERIFIER, CHALLENGE, "plain")


@given(VERIFIERS, VERIFIERS, st.sampled_from(["plain", "S256"]))
def test_only_the_verifier_answers_its_challenge(one: str, other: str, method: str) -> None:
    challenge = pkce.challenge_of(one, method)
    assert pkce.wellformed(one)
    assert pkce.wellformed(challenge)
    assert pkce.proves(one, challenge, method)
    assert pkce.proves(other, challenge, method) == (one == other)


@pytest.mark.parametrize(
    "verifier", ["", "a" * 42, "a" * 129, "a" * 42 + " ", "a" * 43 + "\n", "ä" * 43, "a" * 42 + "+"]
)
def test_a_verifier_has_43_to_128_unreserved_characters(verifier: str) -> None:
    assert not pkce.wellformed(verifier)


@pytest.mark.parametrize("method", ["", "s256", "S512", "PLAIN"])
def test_other_methods_are_not_known(method: str) -> None:
    with pytest.raises(ValueError, match="unknown code_challenge_method"):
        pkce.challenge_of(VERIFIER, method)


@pytest.mark.parametrize("method", ["plain", "S256"])
def test_what_is_no_text_is_no_challenge(method: str) -> None:
    assert not pkce.proves(VERIFIER, "\udcff", method)


@given(st.text(), st.text(), st.sampled_from(["plain", "S256"]))
def test_any_text_can_be_compared(verifier: str, challenge: str, method: str) -> None:
    assert isinstance(pkce.proves(verifier, challenge, method), bool)
