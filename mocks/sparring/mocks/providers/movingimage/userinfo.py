"""The userinfo endpoint, in the order of Keycloak 4.8.3's UserInfoEndpoint. The guide does not speak of it."""

from typing import Any

from sparring.mocks.engine.clients import Client
from sparring.mocks.engine.desk import Desk
from sparring.mocks.engine.messages import Answer, Request, empty_answer, first, json_answer
from sparring.mocks.engine.refusals import Refusal
from sparring.mocks.engine.tokens import Standing
from sparring.mocks.engine.users import User
from sparring.mocks.providers.movingimage import bearer, cors, offline, rules, sessions
from sparring.mocks.providers.movingimage.addresses import issuer
from sparring.mocks.providers.movingimage.answers import NO_CACHE, json_error
from sparring.mocks.providers.movingimage.claims import profile
from sparring.mocks.providers.movingimage.people import by_subject
from sparring.mocks.providers.movingimage.variants import DEFAULT, KEYCLOAK_12, KEYCLOAK_20, step
from sparring.mocks.providers.movingimage.weighing import weigh

NOTHING = ("Content-Type", "application/octet-stream")  # [engine] of an empty answer, Keycloak 20.0.5 as it runs
EXCEPTION = "org.keycloak.exceptions.TokenSignatureInvalidException"


async def userinfo(desk: Desk, request: Request) -> Answer:
    """GET, or POST with the token in header or form."""
    value, where = bearer.presented(request), "header"
    try:
        if value is None and request.header("authorization") is not None:
            step(desk, OTHER_HEADER)()
        if value is None and request.method == "POST":
            value, where = first(request.form_params, "access_token"), "body"
        if value is None:  # movingimage/userinfo/token-missing [engine]
            raise Refusal(rules.USERINFO_TOKEN_MISSING, "invalid_request", "Token not provided")
        document = await step(desk, LOOK_UP)(desk, request, value, where)
    except Refusal as refusal:
        return step(desk, REFUSE)(refusal)
    fresh = () if request.method == "POST" else (NO_CACHE,)  # [engine] RESTEasy heeds @NoCache with GET alone
    return json_answer(rules.USERINFO, document, *fresh, *cors.for_client(desk, request, exposed=False))


def _another_scheme() -> None:
    raise Refusal(rules.USERINFO_HEADER, status=401)  # movingimage/userinfo/header-not-bearer [engine]


def _as_none() -> None:
    """A header of another scheme counts as none [engine: Keycloak 12.0.4 AppAuthManager]."""


OTHER_HEADER = {DEFAULT: _another_scheme, KEYCLOAK_12: _as_none}


def _in_the_body(refusal: Refusal) -> Answer:
    if refusal.rule is rules.USERINFO_HEADER:
        return empty_answer(refusal.rule, refusal.status)
    return json_error(refusal)


def _in_both(refusal: Refusal) -> Answer:
    """A challenge with every 401, and no reason why a token is not good [engine: Keycloak 12.0.4 UserInfoEndpoint]."""
    if refusal.status != 401:
        return json_error(refusal)
    if refusal.rule is rules.USERINFO_TOKEN_INVALID:
        refusal = Refusal(refusal.rule, refusal.error, "Token verification failed", 401)
    words = f'error="{refusal.error}", error_description="{refusal.description}"'
    return json_error(refusal, ("WWW-Authenticate", f'Bearer realm="platform", {words}'))


def _in_the_header(refusal: Refusal) -> Answer:
    """RFC 6750 section 3; nothing but the realm where no token came [engine: Keycloak 20.0.1 OAuth2Error]."""
    if refusal.rule is rules.USERINFO_TOKEN_MISSING:
        return empty_answer(refusal.rule, 401, ("WWW-Authenticate", 'Bearer realm="platform"'), NOTHING)
    status, error, words = 401, "invalid_token", refusal.description
    if refusal.rule is rules.USERINFO_TOKEN_INVALID:
        words = "Token verification failed"
    if refusal.rule is rules.USERINFO_SCOPE:
        status, error = 403, "insufficient_scope"
    challenge = f'Bearer realm="platform", error="{error}", error_description="{words}"'
    return empty_answer(refusal.rule, status, ("WWW-Authenticate", challenge), NOTHING)


REFUSE = {DEFAULT: _in_the_body, KEYCLOAK_12: _in_both, KEYCLOAK_20: _in_the_header}


async def _look_up(desk: Desk, request: Request, value: str, where: str) -> dict[str, Any]:
    claims = await _verified(desk, request, value, where)
    client, user = await _whose(desk, claims)
    request.facts.client, request.facts.user = client.client_id, user.subject
    return {"sub": user.subject, **profile(user)}


async def _look_up_20(desk: Desk, request: Request, value: str, where: str) -> dict[str, Any]:
    """For tokens with the scope openid, of people who may sign in [engine: Keycloak 20.0.1 UserInfoEndpoint]."""
    claims = await _verified(desk, request, value, where)
    if "openid" not in str(claims.get("scope")).split(" "):  # movingimage/userinfo/scope-missing [engine]
        raise Refusal(rules.USERINFO_SCOPE, description="Missing openid scope")
    client, user = await _whose(desk, claims)
    if user.locked:  # movingimage/userinfo/user-disabled [engine]
        raise Refusal(rules.USERINFO_USER_DISABLED, description="User disabled")
    request.facts.client, request.facts.user = client.client_id, user.subject
    return {"sub": user.subject, **profile(user)}


LOOK_UP = {DEFAULT: _look_up, KEYCLOAK_20: _look_up_20}


HEEDS_REVOCATION = {DEFAULT: False, KEYCLOAK_20: True}  # [engine] introspection has from the beginning


async def _verified(desk: Desk, request: Request, value: str, where: str) -> dict[str, Any]:
    _, standing = await weigh(desk, request.facts, "access_token", value, where)
    try:
        claims = bearer.read(desk, value, by_the_realm=True)
        bearer.check(desk, claims, [issuer(desk, request.origin)])
        if standing is Standing.REVOKED or (step(desk, HEEDS_REVOCATION) and await bearer.withdrawn(desk, claims)):
            raise Refusal(rules.TOKEN_STALE, description="Token is not active")
    except Refusal as refusal:  # movingimage/userinfo/token-invalid [engine]
        thrown = f"{EXCEPTION}: " if refusal.rule is rules.SIGNATURE_INVALID else ""
        words = f"Token invalid: {thrown}{refusal.description}"
        raise Refusal(rules.USERINFO_TOKEN_INVALID, "invalid_token", words, status=401) from refusal
    return claims


async def _whose(desk: Desk, claims: dict[str, Any]) -> tuple[Client, User]:
    """Client, session, person [engine: findValidSession]; offline access stands in for a session that is over."""
    client_id = str(claims.get("azp"))
    client = await desk.store.get(Client, client_id)
    if client is None:  # movingimage/userinfo/client-gone [engine]
        raise Refusal(rules.USERINFO_CLIENT_GONE, "invalid_request", "Client not found")
    if not client.enabled:  # movingimage/userinfo/client-disabled [engine]
        raise Refusal(rules.USERINFO_CLIENT_DISABLED, "invalid_request", "Client disabled")
    session_id = str(claims.get("session_state"))
    session, away = await sessions.find(desk, session_id), await offline.active(desk, session_id)
    if session is not None and not await sessions.attached(desk, session, client_id):
        session = None
    if session is None and away is None:  # movingimage/userinfo/session-gone [engine]
        words = "User session not found or doesn't have client attached on it"
        raise Refusal(rules.USERINFO_SESSION_GONE, "invalid_request", words, status=401)
    if away is None and (session is None or not await sessions.active(desk, session)):
        # movingimage/userinfo/session-expired [engine]
        raise Refusal(rules.USERINFO_SESSION_EXPIRED, "invalid_token", "Session expired", status=401)
    found = session or away
    user = None if found is None else await by_subject(desk, found.subject)
    if user is None:  # movingimage/userinfo/user-gone [engine]
        raise Refusal(rules.USERINFO_USER_GONE, "invalid_request", "User not found")
    return client, user
