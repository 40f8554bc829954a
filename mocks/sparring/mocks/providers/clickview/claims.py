"""ClickView's tokens: RS256 JWTs as IdentityServer4 4.1 writes them; the document shows no more than "eyJ"."""

from typing import Any

from sparring.mocks.engine.desk import Desk
from sparring.mocks.engine.grants import Grant, open_grant
from sparring.mocks.engine.messages import Request
from sparring.mocks.engine.minting import USUAL, Minted, Order, Special, request_at
from sparring.mocks.engine.tokens import keep_token, next_generation
from sparring.mocks.providers.clickview.addresses import answer_to, issuer
from sparring.mocks.providers.clickview.versions import version

AUDIENCE = "smartembed"  # [assumed] the API resource to which the scope belongs
LEEWAY = 300  # [engine] TokenValidationParameters.DefaultClockSkew


def kid(desk: Desk, index: int) -> str:
    """The id of a generated key: 32 hexadecimal digits in upper case [engine: CryptoRandom]."""
    return desk.entropy.hex(16, desk.provider, "kid", index).upper()


async def access_token(desk: Desk, request: Request, grant: Grant, special: Special = USUAL) -> str:
    """A new access token; older ones stay valid. No ``sub``, ``scope`` is an array even for one [engine]."""
    now, lifetime, key = desk.seconds(), special.seconds(desk.lifetimes["access_token"]), desk.keys[0]
    name = issuer(desk, request.origin)
    await answer_to(desk, name, now + lifetime + LEEWAY)
    number = await next_generation(desk, "access_token", grant)
    claims: dict[str, Any] = {
        "nbf": now,
        "exp": now + lifetime,
        "iss": name,
        "aud": AUDIENCE,
        "client_id": grant.client_id,
        "jti": desk.entropy.hex(16, desk.provider, "jti", grant.id, number).upper(),
        "iat": now,
        "scope": list(grant.scopes),
    }
    ordered = {claim: claims[claim] for claim in version(desk).claims}
    value = await key.sign_in_turn({"alg": "RS256", "kid": key.kid, "typ": "at+jwt"}, special.over(ordered))
    await keep_token(
        desk, request.facts, "access_token", value, grant, scopes=grant.scopes, lifetime=lifetime, generation=number
    )
    return value


async def mint(desk: Desk, order: Order) -> Minted:
    """An access token out of turn."""
    grant = await open_grant(desk, order.client.client_id, None, order.scopes)
    return Minted(value=await access_token(desk, request_at(desk), grant, order.special), grant=grant)


async def view_key(desk: Desk, request: Request, client_id: str, media_id: str) -> str:
    """A new view key. The document's sample starts as a JWT does; what is in it is [assumed]."""
    now, key = desk.seconds(), desk.keys[0]
    claims: dict[str, Any] = {
        "nbf": now,
        "exp": now + desk.lifetimes["view_key"],
        "iss": issuer(desk, request.origin),
        "aud": "smartembed.player",
        "client_id": client_id,
        "media_id": media_id,
        "jti": desk.entropy.hex(16, *await desk.serial("view-key", client_id)).upper(),
    }
    return key.sign({"alg": "RS256", "kid": key.kid, "typ": "JWT"}, claims)
