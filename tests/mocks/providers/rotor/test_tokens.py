"""How long tokens live, what else they outlive, and that the same seed gives the same bytes."""

import json
import re

import pytest

from sparring.mocks.providers import load
from sparring.mocks.providers.rotor import rules
from tests.mocks.providers.rotor.asking import (
    BARE,
    IN_BODY,
    ORDERS,
    REGISTER,
    ask,
    basic,
    bearing,
    change_client,
    json_request,
    notes,
    orders,
    partner_token,
    read,
    register,
    rotor,
    token_request,
    user,
    user_token,
)
from tests.mocks.stages import in_loop, request


@in_loop
async def test_a_token_is_opaque_and_each_one_is_new() -> None:
    """Forty-three letters of base64url."""
    stage = await rotor()
    tokens = [await partner_token(stage), await partner_token(stage), await user_token(stage), await user_token(stage)]
    assert len(set(tokens)) == 4
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{43}", token) for token in tokens)


@in_loop
async def test_a_token_is_good_up_to_its_last_moment_and_no_longer() -> None:
    """Its life is counted from the moment it was issued, fraction and all, and compared with ``>``."""
    stage = await rotor()
    stage.clock.advance(0.75)
    person = await user_token(stage)
    stage.clock.advance(259200)
    exchange, _ = await stage.respond("rotor", bearing(person))
    assert exchange.answer is not None
    assert exchange.answer.rule == rules.ORDERS
    (seen,) = exchange.request.facts.presented
    assert (seen["valid"], seen["reason"]) == (True, "")
    stage.clock.advance(0.001)
    assert (await ask(stage, bearing(person))).rule == rules.BEARER_EXPIRED


@in_loop
async def test_lifetimes_can_be_shortened() -> None:
    """Each kind on its own, and the answers say so."""
    stage = await rotor(lifetimes={"rotor": {"access_token": 2, "user_token": 3}})
    assert read(await ask(stage, token_request()))["expires_in"] == 2
    assert read(await register(stage, user("a")))["data"]["attributes"]["expires_in"] == 3


@in_loop
async def test_what_the_recording_knows() -> None:
    """The client, the person, the tokens that came and went; never their values."""
    stage = await rotor()
    partner, message = await partner_token(stage), request("GET", ORDERS)
    person = read(await register(stage, user("007"), partner))["data"]["attributes"]["access_token"]
    exchange, _ = await stage.respond("rotor", bearing(person))
    await stage.respond("rotor", message)
    issued, registered, shown, refused = stage.recorder.select()
    assert [exchange.endpoint for exchange in stage.recorder.select()] == ["token", "register", "api", "api"]
    assert (issued.request.facts.grant, issued.request.facts.user) == ("client_credentials", None)
    assert issued.request.facts.client == registered.request.facts.client == shown.request.facts.client
    assert (registered.request.facts.user, shown.request.facts.user) == ("007", "007")
    (seen,) = exchange.request.facts.presented
    assert (seen["valid"], seen["where"], seen["fp"]) == (True, "header", registered.request.facts.issued[0]["fp"])
    assert refused.request.facts.presented == []
    told = json.dumps([exchange.request.facts.as_json() for exchange in stage.recorder.select()])
    assert partner not in told
    assert person not in told


@pytest.mark.parametrize("variant", ["default", "string-numbers", "doorkeeper-5.9.6"])
@in_loop
async def test_the_same_seed_and_requests_give_the_same_bytes(variant: str) -> None:
    """Another seed gives other tokens."""

    async def play(seed: int) -> list[bytes]:
        stage = await rotor(variant, seed=seed)
        partner = await partner_token(stage)
        person = await user_token(stage, "a")
        await ask(stage, json_request(REGISTER, partner, user("b")))
        uuid = (await orders(stage, person))[0]["id"]
        await ask(stage, bearing(person, f"{ORDERS}/{uuid}/finalize", "POST"))
        return [exchange.answer.body for exchange in stage.recorder.select() if exchange.answer is not None]

    assert await play(1) == await play(1)
    assert not set(await play(1)) & set(await play(2))


@in_loop
async def test_a_secret_is_taken_as_it_is_after_base64() -> None:
    """Spaces, colons, percent signs, letters beyond ASCII: nothing is decoded."""
    stage = await rotor()
    for secret in ("a b:c", "%41", "a+b", "ä€", ":"):
        await change_client(stage, secret=secret)
        assert (await ask(stage, token_request(basic(secret=secret)))).rule == rules.ISSUED


@in_loop
async def test_what_a_stricter_server_would_refuse_is_noted() -> None:
    """Accepted, as the real one does, and written down."""
    stage = await rotor()
    person = await user_token(stage)
    assert await notes(stage, token_request()) == []
    assert await notes(stage, bearing(person)) == []
    assert await notes(stage, token_request(BARE, **IN_BODY)) == [
        "the credentials came in the body; the document shows a Basic header"
    ]
    assert await notes(stage, token_request(basic(), **IN_BODY)) == [
        "credentials in header and parameters; the header's were taken, 5.9.6 would refuse"
    ]
    assert await notes(stage, request("POST", "/oauth/token?grant_type=x&grant_type=client_credentials", basic())) == [
        "grant_type came again; its last value was taken, a stricter server would refuse",
        "the parameters were not sent as a form; the document asks for one",
    ]
    assert await notes(stage, request("GET", f"{ORDERS}?access_token={person}")) == [
        "the token came in the query; the document shows the header"
    ]


def test_what_a_client_is_told_to_start_with() -> None:
    """Where to go, with what; there are no people to sign in, and nothing to sign with."""
    provider = load("rotor")
    assert provider.endpoints == {"token": "/oauth/token", "register": REGISTER, "api": ORDERS}
    assert (provider.grants, provider.scope, provider.scopes) == (("client_credentials",), "", ())
    assert (provider.hosts[0], provider.keys, provider.issuer) == ("api.rotorvideos.com", 0, None)
    assert provider.users == ()
