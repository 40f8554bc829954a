"""movingimage's tokens, members in the order in which Keycloak writes them: access and ID tokens are RS256 JWTs,
refresh tokens are HS256 JWTs under a key of the realm that is never published.
"""

import hashlib
import hmac
from collections.abc import Callable, Mapping
from typing import Any

from sparring.mocks.engine import tokens
from sparring.mocks.engine.desk import Desk
from sparring.mocks.engine.grants import Grant, open_grant
from sparring.mocks.engine.keys import b64url, jws_part
from sparring.mocks.engine.messages import Facts
from sparring.mocks.engine.minting import USUAL, Minted, Order, Special
from sparring.mocks.engine.users import User
from sparring.mocks.providers.movingimage import offline, sessions
from sparring.mocks.providers.movingimage.addresses import issuer
from sparring.mocks.providers.movingimage.people import granted_scopes
from sparring.mocks.providers.movingimage.sessions import SsoSession, expires
from sparring.mocks.providers.movingimage.variants import DEFAULT, KEYCLOAK_12, KEYCLOAK_15, step

Claims = dict[str, Any]
ACCOUNT = {"account": {"roles": ["manage-account", "manage-account-links", "view-profile"]}}
ROLES: Mapping[str, Any] = {  # [engine] what every user of a new realm has
    DEFAULT: {"realm_access": {"roles": ["offline_access", "uma_authorization"]}, "resource_access": ACCOUNT},
    KEYCLOAK_15: {
        "realm_access": {"roles": ["default-roles-platform", "offline_access", "uma_authorization"]},
        "resource_access": ACCOUNT,
    },
}
TOKEN_TYPE = {DEFAULT: "bearer", KEYCLOAK_12: "Bearer"}  # [doc] the guide's sample; [engine] from 12.0 on


def kid(desk: Desk, index: int) -> str:
    """The id of a generated key: 43 characters, as a SHA-256 in base64url [engine: KeyUtils]."""
    return desk.entropy.urlsafe(32, desk.provider, "kid", index)


def hmac_kid(desk: Desk) -> str:
    """The id of the realm's own key, a UUID [engine: GeneratedHmacKeyProviderFactory]."""
    return desk.entropy.uuid(desk.provider, "hmac-kid")


def _mac(desk: Desk, signed: str) -> str:
    return b64url(hmac.digest(desk.entropy.draw(32, desk.provider, "hmac-key"), signed.encode(), "sha256"))


def sign_for_itself(desk: Desk, claims: Mapping[str, Any]) -> str:
    """An HS256 JWT that only the realm can check: refresh tokens and cookies [engine: TokenCategory.INTERNAL]."""
    signed = f"{jws_part({'alg': 'HS256', 'typ': 'JWT', 'kid': hmac_kid(desk)})}.{jws_part(claims)}"
    return f"{signed}.{_mac(desk, signed)}"


def signed_by_itself(desk: Desk, signed: str, signature: str) -> bool:
    """Whether the realm's own key made that signature."""
    return hmac.compare_digest(_mac(desk, signed).encode(), signature.encode("utf-8", "replace"))


def profile(user: User | None, scopes: tuple[str, ...] = ()) -> Claims:
    """The claims of profile, email and address, in the order of their hash map [engine]; nobody here has an address."""
    if user is None:
        return {}
    given, _, family = user.name.partition(" ")
    claims = {
        "email_verified": True,
        **({"address": {}} if "address" in scopes else {}),
        "name": user.name,
        "preferred_username": user.username,
        "given_name": given,
        "family_name": family,
        "email": user.email,
    }
    return {name: value for name, value in claims.items() if value != ""}


def wants(grant: Grant, scope: str) -> bool:
    """Whether that scope was asked for."""
    return scope in grant.attributes.get("scope", "").split(" ")


def _head(desk: Desk, grant: Grant, jti: str, exp: int, aud: str, typ: str, auth_time: int | None) -> Claims:
    """What the three tokens share [engine: Keycloak 4.8.3 JsonWebToken, IDToken]."""
    return {
        "jti": jti,
        "exp": exp,
        "nbf": 0,
        "iat": desk.seconds(),
        **_body(grant, aud, typ),
        "auth_time": auth_time or 0,
        "session_state": grant.attributes["session"],
    }


def _head_12(desk: Desk, grant: Grant, jti: str, exp: int, aud: str, typ: str, auth_time: int | None) -> Claims:
    """The same, in another order and without what is nothing [engine: Keycloak 12.0.4 JsonWebToken, IDToken]."""
    times = {"exp": exp, "iat": desk.seconds(), "auth_time": auth_time}
    return {
        **{name: time for name, time in times.items() if time},
        "jti": jti,
        **_body(grant, aud, typ),
        "session_state": grant.attributes["session"],
    }


def _body(grant: Grant, aud: str, typ: str) -> Claims:
    nonce = {"nonce": grant.attributes["nonce"]} if "nonce" in grant.attributes else {}
    issued = {"iss": grant.attributes["issuer"], "aud": aud, "sub": grant.subject or grant.client_id, "typ": typ}
    return issued | {"azp": grant.client_id} | nonce


HEAD: Mapping[str, Callable[..., Claims]] = {DEFAULT: _head, KEYCLOAK_12: _head_12}
WITH_SID: Mapping[str, Callable[[Grant], Claims]] = {  # [engine] from 15.0 on: Front-Channel Logout 1.0 section 3
    DEFAULT: lambda _grant: {},
    KEYCLOAK_15: lambda grant: {"sid": grant.attributes["session"]},
}
WITH_HASH: Mapping[str, Callable[[str], Claims]] = {  # [engine] from 11.0 on also in the code flow
    DEFAULT: lambda _access: {},
    KEYCLOAK_12: lambda access: {"at_hash": b64url(hashlib.sha256(access.encode()).digest()[:16])},
}


def _roles_too(desk: Desk) -> Claims:
    return dict(step(desk, ROLES))


def _no_roles(_desk: Desk) -> Claims:
    return {}


IN_REFRESH_TOKEN: Mapping[str, Callable[[Desk], Claims]] = {DEFAULT: _roles_too, KEYCLOAK_12: _no_roles}


async def _jti(desk: Desk, grant: Grant) -> str:
    return desk.entropy.uuid(*await desk.serial("jti", grant.id))


async def access_token(
    desk: Desk, facts: Facts, grant: Grant, user: User | None, auth_time: int, exp: int, special: Special = USUAL
) -> str:
    """A new access token."""
    now, key = desk.seconds(), desk.keys[0]
    origins = {"allowed-origins": list(desk.origins)} if desk.origins else {}
    claims = {
        **step(desk, HEAD)(desk, grant, await _jti(desk, grant), exp, "account", "Bearer", auth_time),
        "acr": grant.attributes["acr"],
        **origins,
        **step(desk, ROLES),
        "scope": " ".join(grant.scopes),
        **step(desk, WITH_SID)(grant),
        **profile(user, grant.scopes),
    }
    value = await key.sign_in_turn({"alg": "RS256", "typ": "JWT", "kid": key.kid}, special.over(claims))
    await tokens.keep_token(desk, facts, "access_token", value, grant, scopes=grant.scopes, lifetime=max(exp - now, 0))
    return value


async def token_response(desk: Desk, facts: Facts, grant: Grant, session: SsoSession, user: User) -> Claims:
    """The answer's members in the guide's order. ``expires_in`` counts to the end that a token really has [engine]."""
    now, key, attributes, scope = desk.seconds(), desk.keys[0], grant.attributes, " ".join(grant.scopes)
    outlives = "offline_access" in grant.scopes  # [engine] such tokens outlive the session
    exp = now + desk.lifetimes["access_token"]
    exp = exp if outlives else min(exp, expires(desk, session))
    access = await access_token(desk, facts, grant, user, session.authenticated_at, exp)

    last = 0 if outlives else min(now + desk.lifetimes["refresh_token"], expires(desk, session))
    typ = offline.KIND if outlives else "Refresh"
    claims = {
        **step(desk, HEAD)(desk, grant, await _jti(desk, grant), last, attributes["issuer"], typ, None),
        **step(desk, IN_REFRESH_TOKEN)(desk),
        "scope": scope,
        **step(desk, WITH_SID)(grant),
    }
    refresh = sign_for_itself(desk, claims)
    lifetime = None if outlives else max(last - now, 0)
    await tokens.keep_token(desk, facts, "refresh_token", refresh, grant, scopes=grant.scopes, lifetime=lifetime)
    if outlives:
        await offline.keep(desk, session)

    document: Claims = {
        "access_token": access,
        "expires_in": exp - now,
        "refresh_expires_in": lifetime or 0,
        "refresh_token": refresh,
        "token_type": step(desk, TOKEN_TYPE),
    }
    if wants(grant, "openid"):
        jti, auth_time = await _jti(desk, grant), session.authenticated_at
        claims = {
            **step(desk, HEAD)(desk, grant, jti, exp, grant.client_id, "ID", auth_time),
            **step(desk, WITH_HASH)(access),
            "acr": attributes["acr"],
            **step(desk, WITH_SID)(grant),
            **profile(user, grant.scopes),
        }
        document["id_token"] = await key.sign_in_turn({"alg": "RS256", "typ": "JWT", "kid": key.kid}, claims)
    return document | {"not-before-policy": 0, "session_state": session.id, "scope": scope}


async def mint(desk: Desk, order: Order) -> Minted:
    """An access token out of turn, with a session of its own. Without a person it has the client's id as ``sub`` and no
    profile, which no flow here comes to.
    """
    scope, subject = " ".join(order.scopes), None if order.user is None else order.user.subject
    session_id = desk.entropy.uuid(*await desk.serial("root"))
    if subject is not None:
        await sessions.start(desk, session_id, subject, by_browser=False)
    attributes = {"session": session_id, "issuer": issuer(desk, desk.base_url), "acr": "1", "scope": scope}
    scopes = granted_scopes(order.client, scope)
    grant = await open_grant(desk, order.client.client_id, subject, scopes, attributes)
    exp = desk.seconds() + order.special.seconds(desk.lifetimes["access_token"])
    value = await access_token(desk, Facts(), grant, order.user, 0, exp, order.special)
    return Minted(value=value, grant=grant)
