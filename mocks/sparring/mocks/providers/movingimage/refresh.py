"""grant_type=refresh_token: the guide's "Use the Refresh Token". response_type, scope and redirect_uri, which the guide
asks for, are not looked at [engine: TokenEndpoint.refreshTokenGrant, TokenManager.refreshAccessToken].
"""

from collections.abc import Awaitable, Callable, Mapping
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
from sparring.mocks.providers.movingimage import consent, offline, rules, sessions
from sparring.mocks.providers.movingimage.bearer import read
from sparring.mocks.providers.movingimage.people import by_subject
from sparring.mocks.providers.movingimage.sessions import Rotation, SsoSession
from sparring.mocks.providers.movingimage.variants import DEFAULT, KEYCLOAK_12, KEYCLOAK_20, ROTATING, step
from sparring.mocks.providers.movingimage.weighing import over, weigh


async def refresh(desk: Desk, request: Request, client: Client, form: Params) -> tuple[Rule, Grant, SsoSession, User]:
    """What the new tokens are for. The old refresh token stays good, unless the variant is ``rotating``."""
    value, facts = first(form, "refresh_token"), request.facts
    if value is None:  # movingimage/token/refresh-token-missing [doc]
        raise Refusal(rules.REFRESH_MISSING, "invalid_request", "No refresh token")
    token, standing = await weigh(desk, facts, "refresh_token", value, "body")
    claims = read_refresh_token(desk, value, rules.REFRESH_INVALID)  # movingimage/token/refresh-token-invalid [engine]
    step(desk, CHECK_LIFE)(desk, token, standing)
    check_owner(client, claims, rules.REFRESH_FOREIGN)  # movingimage/token/refresh-token-of-another-client [engine]
    try:
        grant, session, user = await _whose(desk, client, claims, token)
        await step(desk, CHECK_ORDER)(desk, session, client.client_id, claims)
        await consent.check(desk, client, session)  # movingimage/token/consent-withdrawn [engine]
    except Refusal:  # the token itself is good, what it stands for is not: that belongs to the facts too
        facts.presented[-1] |= {"valid": False, "reason": Standing.REVOKED.value}
        raise
    await step(desk, TAKE_TURN)(desk, facts, value, session, client.client_id)
    if claims["typ"] != offline.KIND:
        await sessions.touch(desk, session)
    facts.user = user.subject
    return rules.REFRESHED, grant, session, user


async def _whose(
    desk: Desk, client: Client, claims: dict[str, Any], token: Token | None
) -> tuple[Grant, SsoSession, User]:
    """What stands behind a good refresh token [engine: TokenManager.validateToken]."""
    session_id = str(claims.get("session_state", ""))
    if claims["typ"] == offline.KIND:
        session: SsoSession | None = await offline.find(desk, session_id)
    else:
        session = await sessions.find_active(desk, session_id)
    grant = None if token is None else await desk.store.get(Grant, token.grant_id)
    user = None if session is None else await by_subject(desk, session.subject)
    if session is None or grant is None or user is None:  # movingimage/token/refresh-session-ended [engine]
        raise Refusal(rules.REFRESH_SESSION_ENDED, "invalid_grant", "Session not active")
    if user.locked:  # movingimage/token/refresh-user-disabled [engine]
        raise Refusal(rules.REFRESH_USER_DISABLED, "invalid_grant", "User disabled")
    if not await sessions.attached(desk, session, client.client_id):
        # movingimage/token/refresh-client-detached [engine]
        raise Refusal(rules.REFRESH_DETACHED, "invalid_grant", "Session doesn't have required client")
    return grant, session, user


def _end_first(desk: Desk, token: Token | None, standing: Standing) -> None:
    """Its end, then the realm's not-before."""
    if token is not None and _over(desk, token):  # movingimage/token/refresh-token-expired [doc]
        raise Refusal(rules.REFRESH_EXPIRED, "invalid_grant", "Refresh token expired")
    if standing is Standing.REVOKED:  # movingimage/token/refresh-token-stale [engine]
        raise Refusal(rules.REFRESH_STALE, "invalid_grant", "Stale refresh token")


def _not_before_first(desk: Desk, token: Token | None, standing: Standing) -> None:
    """The other way round, in other words [engine: Keycloak 12.0.4 TokenManager.verifyRefreshToken]."""
    if standing is Standing.REVOKED:
        raise Refusal(rules.REFRESH_STALE, "invalid_grant", "Stale token")
    if token is not None and _over(desk, token):
        raise Refusal(rules.REFRESH_EXPIRED, "invalid_grant", "Token is not active")


CHECK_LIFE = {DEFAULT: _end_first, KEYCLOAK_12: _not_before_first}


async def _any_order(_desk: Desk, _session: SsoSession, _client_id: str, _claims: dict[str, Any]) -> None:
    """When the client got its part of the session does not count."""


async def _login_first(desk: Desk, session: SsoSession, client_id: str, claims: dict[str, Any]) -> None:
    if await sessions.joined_after(desk, session, client_id, int(claims["iat"])):
        # movingimage/token/refresh-before-login [engine]
        words = "Refresh toked issued before the client session started"
        raise Refusal(rules.REFRESH_TOO_OLD, "invalid_grant", words)


CheckOrder = Callable[[Desk, SsoSession, str, dict[str, Any]], Awaitable[None]]
CHECK_ORDER: Mapping[str, CheckOrder] = {DEFAULT: _any_order, KEYCLOAK_20: _login_first}


def read_refresh_token(desk: Desk, value: str, rule: Rule) -> dict[str, Any]:
    """The claims of a refresh token that is one."""
    try:
        claims = read(desk, value, by_the_realm=True)
    except Refusal as refusal:
        raise Refusal(rule, "invalid_grant", "Invalid refresh token") from refusal
    if str(claims.get("typ")) not in {"Refresh", offline.KIND}:
        raise Refusal(rule, "invalid_grant", "Invalid refresh token")
    return claims


def check_owner(client: Client, claims: dict[str, Any], rule: Rule) -> None:
    """A refresh token is good for its own client only."""
    if claims.get("azp") != client.client_id:
        words = "Invalid refresh token. Token client and authorized client don't match"
        raise Refusal(rule, "invalid_grant", words)


async def _any_time(desk: Desk, facts: Facts, value: str, _session: SsoSession, _client_id: str) -> None:
    """A refresh token is good until its end, however often it is used: the realm's default [engine]."""
    if await desk.store.count(f"uses/{tokens.fingerprint(value)}") > 1:
        facts.notes.append("this refresh token was used before: accepted here, refused where tokens rotate")


async def _one_after_the_other(desk: Desk, _facts: Facts, value: str, session: SsoSession, client_id: str) -> None:
    """Each is good once [engine: validateTokenReuseForRefresh]."""
    part, name = f"{session.id}/{client_id}", tokens.fingerprint(value)
    taken = await tokens.spend_token(desk, value)
    if taken is not None and taken.first:
        await desk.store.put(part, Rotation(current=name))
        return
    await sessions.detach(desk, session.id, client_id)
    last = await desk.store.get(Rotation, part)
    if last is not None and last.current != name:  # movingimage/token/refresh-token-outdated [engine]
        raise Refusal(rules.REFRESH_OUTDATED, "invalid_grant", "Stale token")
    # movingimage/token/refresh-token-reused [engine]
    raise Refusal(rules.REFRESH_REUSED, "invalid_grant", "Maximum allowed refresh token reuse exceeded")


TakeTurn = Callable[[Desk, Facts, str, SsoSession, str], Awaitable[None]]
TAKE_TURN: Mapping[str, TakeTurn] = {DEFAULT: _any_time, ROTATING: _one_after_the_other}


def _over(desk: Desk, token: Token) -> bool:
    return token.expires_at is not None and over(desk, token.expires_at)
