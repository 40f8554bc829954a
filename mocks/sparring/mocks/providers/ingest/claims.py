"""Ingest's tokens: RS256 JWTs without ``kid``, members in the order of the tokens in its SDKs' histories."""

from typing import Any

from sparring.mocks.engine.desk import Desk
from sparring.mocks.engine.grants import Grant
from sparring.mocks.engine.messages import Facts
from sparring.mocks.engine.tokens import keep_token

ISSUER = "https://login.ingest.io"
AUDIENCE = "https://*.ingest.io"
HEADER = {"alg": "RS256", "typ": "JWT"}


async def access_token(desk: Desk, facts: Facts, grant: Grant, scopes: tuple[str, ...]) -> str:
    """A new access token. ``sub`` is the person's UUID [doc]; for the application itself its client id [assumed]."""
    now, lifetime = desk.seconds(), desk.lifetimes["access_token"]
    claims: dict[str, Any] = {
        "aud": AUDIENCE,
        "cid": grant.client_id,
        "exp": now + lifetime,
        "jti": desk.entropy.uuid(*await desk.serial("jti", grant.id)),
        "iat": now,
        "iss": desk.issuer or ISSUER,
        "ntw": grant.attributes["network"],
        "scope": {"actions": list(scopes)},
        "sub": grant.subject or grant.client_id,
    }
    value = desk.keys[0].sign(HEADER, claims)
    await keep_token(desk, facts, "access_token", value, grant, scopes=scopes, lifetime=lifetime)
    return value


async def refresh_token(desk: Desk, facts: Facts, grant: Grant) -> str:
    """A new refresh token: opaque [assumed], valid for a year [doc: how-to-go-live]."""
    value = desk.entropy.alnum(48, *await desk.serial("refresh", grant.id))
    lifetime = desk.lifetimes["refresh_token"]
    await keep_token(desk, facts, "refresh_token", value, grant, scopes=grant.scopes, lifetime=lifetime)
    return value
