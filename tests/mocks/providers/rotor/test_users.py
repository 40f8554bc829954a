"""Managed users: made once, found again under exactly the id that the partner gave them."""

import asyncio

import pytest

from sparring.mocks.providers.rotor import rules
from sparring.mocks.providers.rotor.managed_users import ManagedUser
from sparring.mocks.stage import Stage
from sparring.mocks.storage.memory import MemoryStore
from tests.mocks.providers.rotor.asking import (
    REGISTER,
    json_request,
    notes,
    orders,
    partner_token,
    read,
    register,
    rotor,
    user,
    user_token,
)
from tests.mocks.stages import in_loop
from tests.mocks.yielding import YieldingStore


async def _users(stage: Stage) -> tuple[ManagedUser, ...]:
    return await stage.houses["rotor"].desk.store.every(ManagedUser)


@in_loop
async def test_a_person_is_registered_once_and_gets_a_fresh_token_each_time() -> None:
    """The first call makes the account, later ones find it."""
    stage = await rotor()
    answers = [await register(stage, user("artist-42")) for _ in range(3)]
    assert [answer.rule for answer in answers] == [rules.USER_CREATED, rules.USER_FOUND, rules.USER_FOUND]
    tokens = [read(answer)["data"]["attributes"]["access_token"] for answer in answers]
    assert len(set(tokens)) == 3
    assert len(await _users(stage)) == 1
    first, second, third = [await orders(stage, token) for token in tokens]
    assert first == second == third


@pytest.mark.parametrize("other", ["7", "07", "7.0", "007 ", " 007", "\u0660\u0660\u0667"])
@in_loop
async def test_an_id_is_text_and_stays_as_it_came(other: str) -> None:
    """007 is not 7."""
    stage = await rotor()
    mine, others = await user_token(stage, "007"), await user_token(stage, other)
    assert [account.remote_user_id for account in await _users(stage)] == ["007", other]
    assert {order["attributes"]["remote_user_id"] for order in await orders(stage, mine)} == {"007"}
    assert {order["attributes"]["remote_user_id"] for order in await orders(stage, others)} == {other}


@in_loop
async def test_a_number_is_kept_as_its_digits_and_noted() -> None:
    """It finds the person whose id is that text."""
    stage = await rotor()
    await register(stage, user("42"))
    partner = await partner_token(stage)
    assert (await register(stage, user(42), partner)).rule == rules.USER_FOUND
    assert await notes(stage, json_request(REGISTER, partner, user(42))) == [
        "remote_user_id was a number: its digits were taken, a stricter server would refuse"
    ]


@in_loop
async def test_what_is_sent_along_is_stored_and_the_rest_ignored() -> None:
    """A later call that leaves an attribute out does not remove it."""
    stage = await rotor()
    optional = {"api_url": "https://partner.example", "api_secret_key": "k", "favourite": "x", "api_key_id": "1"}
    message = user("a", remote_email="a@b.example", optional_attributes=optional, user_uid="old", nickname="A")
    partner = await partner_token(stage)
    assert await notes(stage, json_request(REGISTER, partner, message)) == [
        "attributes that were ignored: user_uid, nickname",
        "optional attributes that were ignored: favourite, api_key_id",
    ]
    await register(stage, user("a", optional_attributes={"api_secret_key": "new"}), partner)
    (account,) = await _users(stage)
    assert account.remote_email == "a@b.example"
    assert account.optional_attributes == {"api_url": "https://partner.example", "api_secret_key": "new"}


@in_loop
async def test_another_type_is_taken_and_noted() -> None:
    """Whether the real one minds is not known."""
    stage = await rotor()
    partner, document = await partner_token(stage), {"data": {"type": "users", "attributes": {"remote_user_id": "a"}}}
    message = json_request(REGISTER, partner, document)
    assert await notes(stage, message) == ['data.type was not "user"; a stricter server would refuse']


@pytest.mark.parametrize("seed", range(10))
@in_loop
async def test_two_calls_at_once_make_one_account(seed: int) -> None:
    """Whoever comes first made it."""
    stage = await rotor(storage=lambda clock: YieldingStore(MemoryStore(clock.now), seed))
    partner = await partner_token(stage)
    answers = await asyncio.gather(*(register(stage, user("a"), partner) for _ in range(4)))
    assert sorted(answer.rule.id for answer in answers) == [rules.USER_CREATED.id, *[rules.USER_FOUND.id] * 3]
    assert len({answer.body for answer in answers}) == 4
    assert len(await _users(stage)) == 1
