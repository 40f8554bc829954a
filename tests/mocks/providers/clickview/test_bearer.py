"""The API's door: what ASP.NET Core lets in although a stricter server might not."""

import pytest

from sparring.mocks.engine.rules import Rule
from sparring.mocks.providers.clickview import rules
from tests.mocks import stages
from tests.mocks.providers.clickview.asking import (
    NOW,
    ask,
    bearing,
    claims,
    clickview,
    exchange,
    forged,
    form,
    new_token,
)
from tests.mocks.stages import in_loop

REMEMBERED_NO_MORE = "the token is none that this stage remembers; accepted for its signature"


@in_loop
async def test_a_token_lives_on_for_300_seconds_of_leeway() -> None:
    """Accepted, but the facts say that its life was over."""
    stage = await clickview()
    token = await new_token(stage)
    stage.clock.advance(86400 + 300)
    done = await exchange(stage, bearing(token))
    assert done.answer is not None
    assert done.answer.rule == rules.EXAMPLE
    (presented,) = done.request.facts.presented
    assert (presented["valid"], presented["reason"]) == (False, "expired")
    assert done.request.facts.notes == ["the token is past its expiry and within the 300 s of leeway: accepted"]


@in_loop
async def test_facts_of_a_good_call() -> None:
    """Whose call it was, and with which token."""
    stage = await clickview()
    token = await new_token(stage)
    facts = (await exchange(stage, bearing(token))).request.facts
    (presented,) = facts.presented
    assert (presented["valid"], presented["reason"], presented["where"]) == (True, "", "header")
    assert (facts.client, facts.notes) == ("partner-1", [])


@in_loop
async def test_a_refused_token_is_a_fact_too() -> None:
    """Garbage is presented as well."""
    (presented,) = (await exchange(await clickview(), bearing("garbage"))).request.facts.presented
    assert (presented["valid"], presented["reason"]) == (False, "unknown")


@pytest.mark.parametrize("kid", ["", "other", None])
@in_loop
async def test_a_signature_counts_not_who_remembers_the_token(kid: str | None) -> None:
    """A self-contained token needs no store, and the right key is found under any name."""
    stage = await clickview()
    done = await exchange(stage, bearing(forged(stage, claims(), kid=kid)))
    assert done.answer is not None
    assert done.answer.rule == rules.EXAMPLE
    assert done.request.facts.notes == [REMEMBERED_NO_MORE]


@pytest.mark.parametrize(
    ("dates", "rule"),
    [
        ({"nbf": NOW + 300}, rules.EXAMPLE),
        ({"nbf": NOW + 301}, rules.NOT_YET_VALID),
        ({"nbf": None, "exp": NOW - 300}, rules.EXAMPLE),
        ({"nbf": None, "exp": NOW - 301}, rules.TOKEN_EXPIRED),
        ({"nbf": NOW, "exp": NOW}, rules.EXAMPLE),
        ({"nbf": NOW, "exp": NOW - 1}, rules.LIFETIME_INVALID),
        ({"exp": 2**31 - 1}, rules.EXAMPLE),
        ({"exp": 2**31}, rules.NO_EXPIRY),
        ({"exp": float("inf")}, rules.NO_EXPIRY),
        ({"exp": True}, rules.LIFETIME_INVALID),
        ({"exp": []}, rules.NO_EXPIRY),
    ],
)
@in_loop
async def test_dates_are_weighed_to_the_second(dates: dict[str, object], rule: Rule) -> None:
    """300 s of leeway on either side; a date of an odd type is none, or a number after all."""
    stage = await clickview()
    assert (await ask(stage, bearing(forged(stage, claims(**dates))))).rule == rule


@in_loop
async def test_a_deeply_nested_token_is_malformed() -> None:
    """And no reason to fall over."""
    nested = "W1tb" * 20_000
    assert (await ask(await clickview(), bearing(f"{nested}.{nested}.a"))).rule == rules.TOKEN_MALFORMED


@in_loop
async def test_revocation_leaves_a_token_alone() -> None:
    """The engine withdraws handles that it keeps; a JWT is none."""
    stage = await clickview()
    token = await new_token(stage)
    revoked = await exchange(stage, stages.request("POST", "/connect/revocation", form=form(token=token)))
    assert revoked.request.facts.notes == ["the token is self-contained: it stays valid until it expires"]
    assert (await ask(stage, bearing(token))).rule == rules.EXAMPLE
