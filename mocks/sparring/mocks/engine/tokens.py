"""Access and refresh tokens: issued, looked up, rotated; what a presented one is worth."""

import hashlib
from dataclasses import replace
from enum import StrEnum
from typing import Literal

from sparring.mocks.engine.desk import Desk
from sparring.mocks.engine.grants import Grant
from sparring.mocks.engine.messages import Facts
from sparring.mocks.engine.store import Taken
from sparring.mocks.engine.values import frozen

Kind = Literal["access_token", "refresh_token"]


class Standing(StrEnum):
    """What a presented token is worth at this moment."""

    VALID = ""
    UNKNOWN = "unknown"
    CONSUMED = "consumed"
    REVOKED = "revoked"
    EXPIRED = "expired"


@frozen
class Token:
    """A token that was issued; ``digest`` of its value is the store's key. ``generation`` counts within the grant."""

    digest: str
    kind: Kind
    grant_id: str
    client_id: str
    subject: str | None
    scopes: tuple[str, ...]
    generation: int
    issued_at: float
    expires_at: float | None
    consumed: bool = False
    revoked: bool = False


def fingerprint(value: str) -> str:
    """Twelve hexadecimal digits by which a secret value can be recognised and not recovered."""
    return _digest(value)[:12]


def _digest(value: str) -> str:
    return hashlib.sha256(value.encode("utf-8", "surrogateescape")).hexdigest()


async def next_generation(desk: Desk, kind: Kind, grant: Grant) -> int:
    """A number for the grant's next token of that kind, from 1 up."""
    return await desk.store.count(f"generation/{kind}/{grant.id}")


async def keep_token(
    desk: Desk,
    facts: Facts,
    kind: Kind,
    value: str,
    grant: Grant,
    *,
    scopes: tuple[str, ...],
    lifetime: int | None,
    generation: int | None = None,
) -> Token:
    """Remember a token that goes out now, and note it among the facts. ``lifetime`` in seconds, None for ever.

    ``generation``: the token's number, where it has one already.
    """
    now = desk.clock.now()
    token = Token(
        digest=_digest(value),
        kind=kind,
        grant_id=grant.id,
        client_id=grant.client_id,
        subject=grant.subject,
        scopes=scopes,
        generation=generation or await next_generation(desk, kind, grant),
        issued_at=now,
        expires_at=None if lifetime is None else int(now) + lifetime,  # as `exp` has it: whole seconds
    )
    await desk.store.put(token.digest, token, until=token.expires_at)
    facts.issued.append(_fact(token, expires_at=token.expires_at))
    return token


def _fact(token: Token, **more: object) -> dict[str, object]:
    return {
        "kind": token.kind,
        "fp": token.digest[:12],
        "family": token.grant_id,
        "generation": token.generation,
        **more,
    }


async def weigh_token(desk: Desk, facts: Facts, kind: Kind, value: str, where: str) -> tuple[Token | None, Standing]:
    """The record of a presented token and what it is worth; the presentation is noted among the facts.

    ``where`` is header, query or body. A token of another kind counts as unknown.
    """
    token = await desk.store.get(Token, _digest(value))
    if token is None or token.kind != kind:
        fact: dict[str, object] = {"kind": kind, "fp": fingerprint(value)}
        standing = Standing.UNKNOWN
    else:
        fact = _fact(token)
        standing = await _standing(desk, token)
    facts.presented.append(fact | {"valid": standing is Standing.VALID, "reason": standing.value, "where": where})
    return (token if standing is not Standing.UNKNOWN else None), standing


async def _standing(desk: Desk, token: Token) -> Standing:
    grant = await desk.store.get(Grant, token.grant_id)
    if token.consumed:
        return Standing.CONSUMED
    if token.revoked or grant is None or grant.revoked:
        return Standing.REVOKED
    if token.expires_at is not None and desk.clock.now() >= token.expires_at:
        return Standing.EXPIRED
    return Standing.VALID


async def find_token(desk: Desk, value: str) -> Token | None:
    """The record behind a token's value, of whichever kind and standing; nothing is noted."""
    return await desk.store.get(Token, _digest(value))


async def spend_token(desk: Desk, value: str) -> Taken[Token] | None:
    """Consume a rotating refresh token: ``first`` is True for one caller in its life (RFC 6749 section 10.4)."""
    taken = await desk.store.take(Token, _digest(value))
    if taken is not None and taken.first:
        await desk.store.put(_digest(value), replace(taken.record, consumed=True), until=taken.record.expires_at)
    return taken


async def revoke_token(desk: Desk, value: str) -> bool:
    """Withdraw one token; True where it was known."""
    token = await desk.store.get(Token, _digest(value))
    if token is None:
        return False
    await desk.store.put(token.digest, replace(token, revoked=True), until=token.expires_at)
    return True


async def revoke_tokens(
    desk: Desk,
    kind: Kind | None = None,
    *,
    value: str | None = None,
    subject: str | None = None,
    grant_id: str | None = None,
) -> int:
    """Withdraw every token that has all of these in common (None: whatever it is) and say how many they were."""
    digest = None if value is None else _digest(value)
    found = [
        token
        for token in await desk.store.every(Token)
        if not token.revoked
        and kind in {None, token.kind}
        and digest in {None, token.digest}
        and subject in {None, token.subject}
        and grant_id in {None, token.grant_id}
    ]
    for token in found:
        await desk.store.put(token.digest, replace(token, revoked=True), until=token.expires_at)
    return len(found)
