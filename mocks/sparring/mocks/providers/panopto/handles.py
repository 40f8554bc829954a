"""Codes and refresh tokens: handles of 32 hexadecimal digits [engine: CryptoRandom.CreateUniqueId]."""

import math

from sparring.mocks.engine.codes import issue_code
from sparring.mocks.engine.desk import Desk
from sparring.mocks.engine.grants import Grant
from sparring.mocks.engine.messages import Facts
from sparring.mocks.engine.tokens import keep_token


async def handle(desk: Desk, *label: str) -> str:
    """A new handle."""
    return desk.entropy.hex(16, *await desk.serial(*label))


async def new_code(desk: Desk, facts: Facts, grant: Grant, *, redirect_uri: str, nonce: str | None) -> str:
    """A new code, good for 300 seconds unless the stage says otherwise [engine]."""
    value = await handle(desk, "code", grant.client_id, grant.id)
    return await issue_code(desk, facts, grant, redirect_uri=redirect_uri, value=value, nonce=nonce)


async def refresh_token(desk: Desk, facts: Facts, grant: Grant, ends_at: float | None = None) -> str:
    """A new refresh token. ``ends_at``: when its predecessor would have ended, for a life is absolute [engine]."""
    value = await handle(desk, "refresh", grant.id)
    lifetime = desk.lifetimes["refresh_token"] if ends_at is None else math.ceil(ends_at - desk.clock.now())
    await keep_token(desk, facts, "refresh_token", value, grant, scopes=grant.scopes, lifetime=lifetime)
    return value
