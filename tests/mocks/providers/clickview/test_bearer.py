"""The API's door: what ASP.NET Core lets in although a stricter server might not."""

import pytest

from sparring.mocks.engine.messages import Request
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
    read,
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
    "good",
    [
        {"iss": "https://auth.clickviewapp.com"},
        {"nbf": None},
        {"nbf": NOW + 300},
        {"nbf": None, "exp": NOW - 300},
        {"aud": ["other", "smartembed"]},
        {"scope": "smartembed.viewkey"},
        {"scope": ["smartembed.viewkey", "other"]},
    ],
)
@in_loop
async def test_tokens_that_are_good_enough(good: dict[str, object]) -> None:
    """Edges of what is checked."""
    stage = await clickview()
    assert (await ask(stage, bearing(forged(stage, claims(**good))))).rule == rules.EXAMPLE


@pytest.mark.parametrize("scope", [None, "smartembed.viewkey other", {"smartembed.viewkey": True}])
@in_loop
async def test_a_scope_is_a_whole_claim(scope: object) -> None:
    """A list in one string is one unknown scope to ASP.NET Core."""
    stage = await clickview()
    assert (await ask(stage, bearing(forged(stage, claims(scope=scope))))).rule == rules.SCOPE_LACKING


@in_loop
async def test_a_token_of_one_name_is_good_under_another() -> None:
    """Got at the container's name, used at localhost."""
    stage = await clickview()
    request = stages.request("POST", "/connect/token", form=form(), host="fakes:9401")
    token = str(read(await ask(stage, request))["access_token"])
    assert (await ask(stage, bearing(token))).rule == rules.EXAMPLE


@pytest.mark.parametrize("changed", [{"iss": ["a"]}, {"iss": {}}, {"aud": {}}, {"exp": "soon"}, {"exp": True}])
@in_loop
async def test_claims_of_odd_types_are_refused(changed: dict[str, object]) -> None:
    """And break nothing."""
    stage = await clickview()
    answer = await ask(stage, bearing(forged(stage, claims(**changed))))
    assert answer.status == 401
    assert answer.rule in {rules.ISSUER_INVALID, rules.AUDIENCE_INVALID, rules.NO_EXPIRY}


@in_loop
async def test_nothing_unprintable_gets_into_a_header() -> None:
    """A claim is not a header."""
    stage = await clickview()
    answer = await ask(stage, bearing(forged(stage, claims(aud="a\r\nSet-Cookie: b"))))
    expected = 'Bearer error="invalid_token", error_description="The audience \'aSet-Cookie: b\' is invalid"'
    assert answer.header("WWW-Authenticate") == expected


@pytest.mark.parametrize(
    "request_",
    [
        stages.request("GET", "/api/v1/example?access_token=x"),
        stages.request("GET", "/api/v1/example", form={"access_token": "x"}),
        stages.request("GET", "/api/v1/example", ("authorization", "Basic x")),
        stages.request("GET", "/api/v1/example", ("authorization", "Bearer")),
    ],
)
@in_loop
async def test_only_the_header_is_looked_at(request_: Request) -> None:
    """A token elsewhere is no token."""
    assert (await ask(await clickview(), request_)).rule == rules.BEARER_MISSING


@in_loop
async def test_the_scheme_is_known_in_any_case() -> None:
    """So is the path."""
    stage = await clickview()
    request = stages.request("GET", "/API/v1/Example", ("authorization", f"bearer  {await new_token(stage)} "))
    assert (await ask(stage, request)).rule == rules.EXAMPLE


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
