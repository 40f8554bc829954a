"""The introspection endpoint (RFC 7662), in the order of Keycloak 4.8.3's TokenIntrospectionEndpoint."""

from typing import Any

from sparring.mocks.engine import tokens
from sparring.mocks.engine.desk import Desk
from sparring.mocks.engine.messages import Answer, Request, first, json_answer
from sparring.mocks.engine.refusals import Refusal
from sparring.mocks.engine.tokens import Standing
from sparring.mocks.providers.movingimage import bearer, rules, sessions
from sparring.mocks.providers.movingimage.addresses import issuer
from sparring.mocks.providers.movingimage.answers import NO_CACHE, json_error
from sparring.mocks.providers.movingimage.authentication import authenticate


async def introspect(desk: Desk, request: Request) -> Answer:
    """POST token, by a client that has a secret; any refusal of that client has the same words [engine]."""
    try:
        try:
            client = await authenticate(desk, request)
        except Refusal as refusal:  # movingimage/introspection/client-refused [engine]
            words = "Authentication failed."
            raise Refusal(rules.INTROSPECT_REFUSED, "invalid_request", words, status=401) from refusal
        if client.secret is None:  # movingimage/introspection/client-public [engine]
            raise Refusal(rules.INTROSPECT_PUBLIC, "invalid_request", "Client not allowed.", status=403)
        value = first(request.form_params, "token")
        if value is None:  # movingimage/introspection/token-missing [engine]
            raise Refusal(rules.INTROSPECT_MISSING, "invalid_request", "Token not provided.")
    except Refusal as refusal:
        return json_error(refusal, NO_CACHE)
    claims = await _active(desk, request, value)
    if claims is None:  # movingimage/introspection/inactive [engine]
        return json_answer(rules.INTROSPECT_INACTIVE, {"active": False}, NO_CACHE)
    more = {"client_id": claims.get("azp"), "username": claims.get("preferred_username"), "active": True}
    return json_answer(rules.INTROSPECT_ACTIVE, claims | more, NO_CACHE)


async def _active(desk: Desk, request: Request, value: str) -> dict[str, Any] | None:
    """The claims of a token that is good in every respect; using it so keeps its session alive [engine]."""
    try:
        claims = bearer.read(desk, value, by_the_realm=True)
    except Refusal:
        return None
    if claims.get("iss") != issuer(desk, request.origin) or not bearer.in_time(desk, claims):
        return None
    kind: tokens.Kind = "refresh_token" if str(claims.get("typ")) in {"Refresh", "Offline"} else "access_token"
    _, standing = await tokens.weigh_token(desk, request.facts, kind, value, "body")
    session = await sessions.find_active(desk, str(claims.get("session_state")))
    if standing is Standing.REVOKED or session is None:
        return None
    if not await sessions.attached(desk, session, str(claims.get("azp"))):
        return None
    await sessions.touch(desk, session)
    return claims
