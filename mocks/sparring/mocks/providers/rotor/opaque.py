"""Rotor's tokens: 43 letters that say nothing, as SecureRandom.urlsafe_base64(32) makes them [engine]."""

from sparring.mocks.engine.desk import Desk
from sparring.mocks.engine.grants import Grant, open_grant
from sparring.mocks.engine.messages import Facts
from sparring.mocks.engine.minting import Minted, Order
from sparring.mocks.engine.tokens import keep_token, next_generation

PARTNER = {"kind": "partner"}
"""What marks the grant of such a token."""


async def partner_token(desk: Desk, facts: Facts, grant: Grant) -> str:
    """A new token of the partner's own; older ones stay good [engine]."""
    return await _new(desk, facts, grant, desk.lifetimes["access_token"])


async def user_token(desk: Desk, facts: Facts, grant: Grant) -> str:
    """A new token of a managed user [doc]; older ones stay good [assumed]."""
    return await _new(desk, facts, grant, desk.lifetimes["user_token"])


async def _new(desk: Desk, facts: Facts, grant: Grant, lifetime: int) -> str:
    number = await next_generation(desk, "access_token", grant)
    value = desk.entropy.urlsafe(32, desk.provider, "token", grant.id, number)
    await keep_token(
        desk, facts, "access_token", value, grant, scopes=grant.scopes, lifetime=lifetime, generation=number
    )
    return value


async def mint(desk: Desk, order: Order) -> Minted:
    """A partner token out of turn; the token of a managed user comes with its registration."""
    grant = await open_grant(desk, order.client.client_id, None, order.scopes, PARTNER)
    lifetime = order.special.seconds(desk.lifetimes["access_token"])
    return Minted(value=await _new(desk, Facts(), grant, lifetime), grant=grant)
