"""grant_type=refresh_token: the guide's "Use the Refresh Token". response_type, scope and redirect_uri, which the guide
asks for, are not looked at [engine: TokenEndpoint.refreshTokenGrant, TokenManager.refreshAccessToken].
"""

from typing import Any

from sparring.mocks.engine import tokens
from sparring.mocks.engine.clients import Client
from sparring.mocks.engine.desk import Desk
from sparring.mocks.engine.grants import Grant
from sparring.mocks.engine.messages import Facts, Params, Request, first
from sparring.mocks.engine.refusals import Refusal
from sparring.mocks.engine.rules import Rule
from sparring.mocks.engine.tokens import Standing, Token
from sparring.mocks.engine.users import User
from sparring.mocks.providers.movingimage import rules, sessions
from sparring.mocks.providers.movingimage.bearer import read
from sparring.mocks.providers.movingimage.people import by_subject
from sparring.mocks.providers.movingimage.sessions import Rotation, SsoSession

OUTLIVES = "Offline"


async def refresh(desk: Desk, request: Request, client: Client, form: Params) -> tuple[Rule, Grant, SsoSession, User]:
    """What the new tokens are for. The old refresh token stays good, unless the variant is ``rotating``."""
    value, facts = first(form, "refresh_token"), request.facts
    if value is None:  # movingimage/token/refresh-token-missing [doc]
        raise Refusal(rules.REFRESH_MISSING, "invalid_request", "No refresh token")
    token, standing = await tokens.weigh_token(desk, facts, "refresh_token", value, "body")
    claims = read_refresh_token(desk, value, rules.REFRESH_INVALID)  # movingimage/token/refresh-token-invalid [engine]
    if token is not None and _over(desk, token):  # movingimage/token/refresh-token-expired [doc]
        raise Refusal(rules.REFRESH_EXPIRED, "invalid_grant", "Refresh token expired")
    if standing is Standing.REVOKED:  # movingimage/token/refresh-token-stale [engine]: the realm's not-before
        raise Refusal(rules.REFRESH_STALE, "invalid_grant", "Stale refresh token")
    check_owner(client, claims, rules.REFRESH_FOREIGN)  # movingimage/token/refresh-token-of-another-client [engine]
    session = await sessions.find(desk, str(claims.get("session_state", "")))
    grant = None if token is None else await desk.store.get(Grant, token.grant_id)
    user = None if session is None else await by_subject(desk, session.subject)
    good = session is not None and (claims["typ"] == OUTLIVES or await sessions.active(desk, session))
    if token is None or session is None or grant is None or user is None or not good:
        # movingimage/token/refresh-session-ended [engine]
        _dead(facts)
        raise Refusal(rules.REFRESH_SESSION_ENDED, "invalid_grant", "Session not active")
    if not await sessions.attached(desk, session, client.client_id):
        # movingimage/token/refresh-client-detached [engine]
        _dead(facts)
        words = "Session doesn't have required client"
        raise Refusal(rules.REFRESH_DETACHED, "invalid_grant", words)
    await _take_turn(desk, facts, value, token, session)
    await sessions.touch(desk, session)
    facts.user = user.subject
    return rules.REFRESHED, grant, session, user


def read_refresh_token(desk: Desk, value: str, rule: Rule) -> dict[str, Any]:
    """The claims of a refresh token that is one."""
    try:
        claims = read(desk, value, by_the_realm=True)
    except Refusal as refusal:
        raise Refusal(rule, "invalid_grant", "Invalid refresh token") from refusal
    if str(claims.get("typ")) not in {"Refresh", OUTLIVES}:
        raise Refusal(rule, "invalid_grant", "Invalid refresh token")
    return claims


def check_owner(client: Client, claims: dict[str, Any], rule: Rule) -> None:
    """A refresh token is good for its own client only."""
    if claims.get("azp") != client.client_id:
        words = "Invalid refresh token. Token client and authorized client don't match"
        raise Refusal(rule, "invalid_grant", words)


async def _take_turn(desk: Desk, facts: Facts, value: str, token: Token, session: SsoSession) -> None:
    """Rotation, which the realm leaves off by default [engine: validateTokenReuseForRefresh]."""
    part = f"{session.id}/{token.client_id}"
    if desk.variant != "rotating":
        if await desk.store.count(f"uses/{token.digest}") > 1:
            facts.notes.append("this refresh token was used before: accepted here, refused where tokens rotate")
        return
    taken = await tokens.spend_token(desk, value)
    if taken is not None and taken.first:
        await desk.store.put(part, Rotation(current=token.digest))
        return
    await sessions.detach(desk, session.id, token.client_id)
    last = await desk.store.get(Rotation, part)
    if last is not None and last.current != token.digest:  # movingimage/token/refresh-token-outdated [engine]
        raise Refusal(rules.REFRESH_OUTDATED, "invalid_grant", "Stale token")
    # movingimage/token/refresh-token-reused [engine]
    raise Refusal(rules.REFRESH_REUSED, "invalid_grant", "Maximum allowed refresh token reuse exceeded")


def _over(desk: Desk, token: Token) -> bool:
    return token.expires_at is not None and desk.clock.now() >= token.expires_at


def _dead(facts: Facts) -> None:
    """The token itself is good, what it stands for is not: that belongs to the facts too."""
    facts.presented[-1] |= {"valid": False, "reason": Standing.REVOKED.value}
