"""Ingest's tokens: RS256 JWTs without ``kid``, members in the order of the tokens in its SDKs' histories."""

from typing import Any

from sparring.mocks.engine.desk import Desk
from sparring.mocks.engine.grants import Grant, open_grant
from sparring.mocks.engine.messages import Facts, Request
from sparring.mocks.engine.minting import USUAL, Minted, Order, Special, request_at
from sparring.mocks.engine.tokens import keep_token, next_generation
from sparring.mocks.providers.ingest.networks import usual_network

ISSUER = "https://login.ingest.io"
STAGING_HOSTS = ("login.ingest.info", "api.ingest.info")
HEADER = {"alg": "RS256", "typ": "JWT"}


def domain(request: Request) -> str:
    """The domain of which a token speaks: that of the staging twin for who asks there, else the usual one [doc]."""
    return "ingest.info" if request.host.partition(":")[0].lower() in STAGING_HOSTS else "ingest.io"


async def access_token(
    desk: Desk, request: Request, grant: Grant, scopes: tuple[str, ...], special: Special = USUAL
) -> str:
    """A new access token. ``sub`` is the person's UUID [doc]; for the application itself its client id [assumed]."""
    now, lifetime = desk.seconds(), special.seconds(desk.lifetimes["access_token"])
    number, named = await next_generation(desk, "access_token", grant), domain(request)
    claims: dict[str, Any] = {
        "aud": f"https://*.{named}",
        "cid": grant.client_id,
        "exp": now + lifetime,
        "jti": desk.entropy.uuid(desk.provider, "jti", grant.id, number),
        "iat": now,
        "iss": desk.issuer or f"https://login.{named}",
        "ntw": grant.attributes["network"],
        "scope": {"actions": list(scopes)},
        "sub": grant.subject or grant.client_id,
    }
    value = await desk.keys[0].sign_in_turn(HEADER, special.over(claims))
    await keep_token(
        desk, request.facts, "access_token", value, grant, scopes=scopes, lifetime=lifetime, generation=number
    )
    return value


async def refresh_token(desk: Desk, facts: Facts, grant: Grant) -> str:
    """A new refresh token: opaque [assumed], valid for a year [doc: how-to-go-live]."""
    value = desk.entropy.alnum(48, *await desk.serial("refresh", grant.id))
    lifetime = desk.lifetimes["refresh_token"]
    await keep_token(desk, facts, "refresh_token", value, grant, scopes=grant.scopes, lifetime=lifetime)
    return value


async def mint(desk: Desk, order: Order) -> Minted:
    """An access token out of turn."""
    subject = None if order.user is None else order.user.subject
    network = {"network": usual_network(order.user)}
    grant = await open_grant(desk, order.client.client_id, subject, order.scopes, network)
    return Minted(value=await access_token(desk, request_at(desk), grant, order.scopes, order.special), grant=grant)
