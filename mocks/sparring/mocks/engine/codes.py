"""Authorization codes (RFC 6749 section 4.1.2): used once, bound to client, redirect URI and PKCE challenge."""

from sparring.mocks.engine import tokens
from sparring.mocks.engine.desk import Desk
from sparring.mocks.engine.grants import Grant
from sparring.mocks.engine.messages import Facts
from sparring.mocks.engine.store import Taken
from sparring.mocks.engine.values import frozen

FORGET_AFTER = 3600
"""Seconds for which a dead code is remembered, so that a replay can be told from a guess."""


@frozen
class Code:
    """A code that was issued. ``redirect_uri`` is the value of the authorization request, None where it had none."""

    grant_id: str
    client_id: str
    redirect_uri: str | None
    expires_at: float
    challenge: str | None = None
    challenge_method: str = "plain"
    nonce: str | None = None


async def issue_code(
    desk: Desk,
    facts: Facts,
    grant: Grant,
    *,
    redirect_uri: str | None,
    value: str | None = None,
    challenge: str | None = None,
    challenge_method: str = "plain",
    nonce: str | None = None,
) -> str:
    """A new code's value: the given one, or 43 characters. It lives for ``desk.lifetimes["code"]`` seconds."""
    if value is None:
        value = desk.entropy.urlsafe(32, *await desk.serial("code", grant.client_id, grant.id))
    code = Code(
        grant_id=grant.id,
        client_id=grant.client_id,
        redirect_uri=redirect_uri,
        expires_at=desk.clock.now() + desk.lifetimes["code"],
        challenge=challenge,
        challenge_method=challenge_method,
        nonce=nonce,
    )
    await desk.store.put(value, code, until=code.expires_at + FORGET_AFTER)
    facts.issued.append({"kind": "code", "fp": tokens.fingerprint(value), "family": grant.id})
    return value


async def look_at_code(desk: Desk, value: str) -> Code | None:
    """The code's record without consuming it, used or not."""
    return await desk.store.get(Code, value)


async def use_code(desk: Desk, value: str) -> Taken[Code] | None:
    """Consume the code: ``first`` is True for one caller in its life (RFC 6749 section 4.1.2)."""
    return await desk.store.take(Code, value)


def expired(desk: Desk, code: Code) -> bool:
    """Whether the code's life is over by the stage's clock."""
    return desk.clock.now() >= code.expires_at
