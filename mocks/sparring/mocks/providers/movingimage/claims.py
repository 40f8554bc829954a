"""movingimage's tokens, members in the order in which Keycloak 4.8.3 writes them: access and ID tokens are RS256 JWTs,
refresh tokens are HS256 JWTs under a key of the realm that is never published.
"""

import hmac
import json
from collections.abc import Mapping
from typing import Any

from sparring.mocks.engine import tokens
from sparring.mocks.engine.desk import Desk
from sparring.mocks.engine.grants import Grant
from sparring.mocks.engine.keys import b64url
from sparring.mocks.engine.messages import Facts
from sparring.mocks.engine.users import User
from sparring.mocks.providers.movingimage.sessions import SsoSession, expires

DEFAULT_SCOPES = ("profile", "email")  # [engine] default client scopes that stand in ``scope``
ROLES: Mapping[str, Any] = {  # [engine] what every user of a new realm has
    "realm_access": {"roles": ["offline_access", "uma_authorization"]},
    "resource_access": {"account": {"roles": ["manage-account", "manage-account-links", "view-profile"]}},
}


def kid(desk: Desk, index: int) -> str:
    """The id of a generated key: 43 characters, as a SHA-256 in base64url [engine: KeyUtils]."""
    return desk.entropy.urlsafe(32, desk.provider, "kid", index)


def hmac_kid(desk: Desk) -> str:
    """The id of the realm's own key, a UUID [engine: GeneratedHmacKeyProviderFactory]."""
    return desk.entropy.uuid(desk.provider, "hmac-kid")


def _mac(desk: Desk, signed: str) -> str:
    return b64url(hmac.digest(desk.entropy.draw(32, desk.provider, "hmac-key"), signed.encode(), "sha256"))


def _part(members: Mapping[str, Any]) -> str:
    return b64url(json.dumps(members, separators=(",", ":"), ensure_ascii=False).encode())


def sign_for_itself(desk: Desk, claims: Mapping[str, Any]) -> str:
    """An HS256 JWT that only the realm can check: refresh tokens and cookies [engine: TokenCategory.INTERNAL]."""
    signed = f"{_part({'alg': 'HS256', 'typ': 'JWT', 'kid': hmac_kid(desk)})}.{_part(claims)}"
    return f"{signed}.{_mac(desk, signed)}"


def signed_by_itself(desk: Desk, signed: str, signature: str) -> bool:
    """Whether the realm's own key made that signature."""
    return hmac.compare_digest(_mac(desk, signed).encode(), signature.encode("utf-8", "replace"))


def profile(user: User) -> dict[str, Any]:
    """The claims of the scopes profile and email, in the order of their hash map [engine]."""
    given, _, family = user.name.partition(" ")
    claims = {
        "email_verified": True,
        "name": user.name,
        "preferred_username": user.username,
        "given_name": given,
        "family_name": family,
        "email": user.email,
    }
    return {name: value for name, value in claims.items() if value != ""}


def _claims(desk: Desk, grant: Grant, jti: str, exp: int, aud: str, typ: str, auth_time: int) -> dict[str, Any]:
    """What the three tokens share [engine: JsonWebToken, IDToken]."""
    nonce = {"nonce": grant.attributes["nonce"]} if "nonce" in grant.attributes else {}
    return {
        "jti": jti,
        "exp": exp,
        "nbf": 0,
        "iat": desk.seconds(),
        "iss": grant.attributes["issuer"],
        "aud": aud,
        "sub": grant.subject,
        "typ": typ,
        "azp": grant.client_id,
        **nonce,
        "auth_time": auth_time,
        "session_state": grant.attributes["session"],
    }


def wants(grant: Grant, scope: str) -> bool:
    """Whether that scope was asked for."""
    return scope in grant.attributes.get("scope", "").split(" ")


async def token_response(desk: Desk, facts: Facts, grant: Grant, session: SsoSession, user: User) -> dict[str, Any]:
    """The answer's members in the guide's order. ``expires_in`` counts to the end that a token really has [engine]."""
    now, key, attributes = desk.seconds(), desk.keys[0], grant.attributes
    header = {"alg": "RS256", "typ": "JWT", "kid": key.kid}
    acr, scope = {"acr": attributes["acr"]}, " ".join(grant.scopes)
    origins = {"allowed-origins": list(desk.origins)} if desk.origins else {}

    async def jti() -> str:
        return desk.entropy.uuid(*await desk.serial("jti", grant.id))

    offline = wants(grant, "offline_access")  # [engine] such tokens outlive the session
    exp = now + desk.lifetimes["access_token"]
    exp = exp if offline else min(exp, expires(desk, session))
    claims = _claims(desk, grant, await jti(), exp, "account", "Bearer", session.authenticated_at)
    access = key.sign(header, {**claims, **acr, **origins, **ROLES, "scope": scope, **profile(user)})
    await tokens.keep_token(desk, facts, "access_token", access, grant, scopes=grant.scopes, lifetime=max(exp - now, 0))

    last = 0 if offline else min(now + desk.lifetimes["refresh_token"], expires(desk, session))
    typ = "Offline" if offline else "Refresh"
    claims = _claims(desk, grant, await jti(), last, attributes["issuer"], typ, 0)
    refresh = sign_for_itself(desk, {**claims, **ROLES, "scope": scope})
    lifetime = None if offline else max(last - now, 0)
    await tokens.keep_token(desk, facts, "refresh_token", refresh, grant, scopes=grant.scopes, lifetime=lifetime)

    document: dict[str, Any] = {
        "access_token": access,
        "expires_in": exp - now,
        "refresh_expires_in": lifetime or 0,
        "refresh_token": refresh,
        "token_type": "bearer",
    }
    if wants(grant, "openid"):
        claims = _claims(desk, grant, await jti(), exp, grant.client_id, "ID", session.authenticated_at)
        document["id_token"] = key.sign(header, {**claims, **acr, **profile(user)})
    return document | {"not-before-policy": 0, "session_state": session.id, "scope": scope}
