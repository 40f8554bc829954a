"""The userinfo endpoint, in the order of Keycloak 4.8.3's UserInfoEndpoint. The guide does not speak of it."""

from typing import Any

from sparring.mocks.engine import tokens
from sparring.mocks.engine.desk import Desk
from sparring.mocks.engine.messages import Answer, Request, first, json_answer
from sparring.mocks.engine.refusals import Refusal
from sparring.mocks.engine.tokens import Standing
from sparring.mocks.providers.movingimage import bearer, cors, rules, sessions
from sparring.mocks.providers.movingimage.addresses import issuer
from sparring.mocks.providers.movingimage.answers import NO_CACHE, json_error
from sparring.mocks.providers.movingimage.claims import profile
from sparring.mocks.providers.movingimage.people import by_subject


async def userinfo(desk: Desk, request: Request) -> Answer:
    """GET, or POST with the token in header or form."""
    value, where = bearer.presented(request), "header"
    if value is None and request.method == "POST":
        value, where = first(request.form_params, "access_token"), "body"
    try:
        if value is None:  # movingimage/userinfo/token-missing [engine]
            raise Refusal(rules.USERINFO_TOKEN_MISSING, "invalid_request", "Token not provided")
        document = await _look_up(desk, request, value, where)
    except Refusal as refusal:
        return json_error(refusal, NO_CACHE)
    return json_answer(rules.USERINFO, document, NO_CACHE, *cors.for_client(desk, request, exposed=False))


async def _look_up(desk: Desk, request: Request, value: str, where: str) -> dict[str, Any]:
    _, standing = await tokens.weigh_token(desk, request.facts, "access_token", value, where)
    try:
        claims = bearer.read(desk, value, by_the_realm=True)
        bearer.check(desk, claims, [issuer(desk, request.origin)])
        if standing is Standing.REVOKED:
            raise Refusal(rules.TOKEN_STALE, description="Token is not active")
    except Refusal as refusal:  # movingimage/userinfo/token-invalid [engine]
        words = f"Token invalid: {refusal.description}"
        raise Refusal(rules.USERINFO_TOKEN_INVALID, "invalid_token", words, status=401) from refusal
    client_id = str(claims.get("azp"))
    session = await sessions.find(desk, str(claims.get("session_state")))
    if session is None or not await sessions.attached(desk, session, client_id):
        # movingimage/userinfo/session-gone [engine]
        words = "User session not found or doesn't have client attached on it"
        raise Refusal(rules.USERINFO_SESSION_GONE, "invalid_request", words, status=401)
    user = await by_subject(desk, session.subject)
    if user is None or not await sessions.active(desk, session):  # movingimage/userinfo/session-expired [engine]
        raise Refusal(rules.USERINFO_SESSION_EXPIRED, "invalid_token", "Session expired", status=401)
    request.facts.client, request.facts.user = client_id, user.subject
    return {"sub": user.subject, **profile(user)}
