"""Panopto's tokens: RS256 JWTs, members in the order in which IdentityServer3 writes them."""

import hashlib
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from sparring.mocks.engine.desk import Desk
from sparring.mocks.engine.grants import Grant, open_grant
from sparring.mocks.engine.keys import b64url
from sparring.mocks.engine.messages import Request
from sparring.mocks.engine.minting import USUAL, Minted, Order, Special, request_at
from sparring.mocks.engine.tokens import keep_token
from sparring.mocks.providers.panopto.addresses import issuer
from sparring.mocks.providers.panopto.certificate import thumbprint
from sparring.mocks.providers.panopto.handles import handle


async def access_token(desk: Desk, request: Request, grant: Grant, special: Special = USUAL) -> str:
    """A new access token for the API.

    ``jti`` is [assumed]: the engine writes one only for clients with IncludeJwtId, and without it two tokens of the
    same second would be the same text.
    """
    scopes = grant.scopes
    claims = {
        **_frame(desk, request, f"{issuer(desk, request.origin).rstrip('/')}/resources", "access_token"),
        "client_id": grant.client_id,
        "scope": scopes[0] if len(scopes) == 1 else list(scopes),  # [engine] one alone is no array
        **(_person(grant) if grant.subject is not None else {}),
        "jti": await handle(desk, "jti", grant.id),
        **({"amr": ["password"]} if grant.subject is not None else {}),
    }
    lifetime = special.seconds(desk.lifetimes["access_token"])
    claims["exp"] = desk.seconds() + lifetime
    value = await _sign(desk, special.over(claims))
    await keep_token(desk, request.facts, "access_token", value, grant, scopes=scopes, lifetime=lifetime)
    return value


async def mint(desk: Desk, order: Order) -> Minted:
    """An access token out of turn; without a person it is as ``client_credentials`` would bring it."""
    subject = None if order.user is None else order.user.subject
    attributes = {"auth_time": str(desk.seconds())}
    grant = await open_grant(desk, order.client.client_id, subject, order.scopes, attributes)
    return Minted(value=await access_token(desk, request_at(desk), grant, order.special), grant=grant)


async def id_token(
    desk: Desk,
    request: Request,
    grant: Grant,
    *,
    nonce: str | None = None,
    sid: str | None = None,
    beside: str = "",
    profile: Mapping[str, str] = MappingProxyType({}),
) -> str:
    """An ID token. ``beside``: the access token whose hash goes in; none at the code exchange [engine]. ``profile``:
    claims of the identity scopes, which go in only where no access token can be had [engine].
    """
    claims = _frame(desk, request, grant.client_id, "id_token")
    if nonce:
        claims["nonce"] = nonce
    claims["iat"] = desk.seconds()
    if beside:
        claims["at_hash"] = b64url(hashlib.sha256(beside.encode("ascii")).digest()[:16])
    if sid:
        claims["sid"] = sid
    return await _sign(desk, {**claims, **_person(grant), **profile, "amr": ["password"]})


def _frame(desk: Desk, request: Request, audience: str, kind: str) -> dict[str, Any]:
    now = desk.seconds()
    return {"iss": issuer(desk, request.origin), "aud": audience, "exp": now + desk.lifetimes[kind], "nbf": now}


def _person(grant: Grant) -> dict[str, Any]:
    """Who signed in, when and where; that ``sub`` is a GUID is [client], ``idp`` and ``amr`` are [engine]."""
    return {"sub": grant.subject, "auth_time": int(grant.attributes["auth_time"]), "idp": "idsrv"}


async def _sign(desk: Desk, claims: dict[str, Any]) -> str:
    key = desk.keys[0]
    name = thumbprint(key.private)
    return await key.sign_in_turn({"typ": "JWT", "alg": "RS256", "x5t": name, "kid": name}, claims)
