"""grant_type=refresh_token: IdentityServer3's ValidateRefreshTokenRequestAsync."""

from sparring.mocks.engine import tokens
from sparring.mocks.engine.clients import Client
from sparring.mocks.engine.desk import Desk
from sparring.mocks.engine.messages import Answer, Params, Request
from sparring.mocks.engine.refusals import Refusal
from sparring.mocks.engine.scopes import foreign
from sparring.mocks.engine.tokens import Standing, Token
from sparring.mocks.providers.panopto import rules
from sparring.mocks.providers.panopto.claims import access_token, id_token
from sparring.mocks.providers.panopto.granted import grant_of, token_answer
from sparring.mocks.providers.panopto.handles import refresh_token
from sparring.mocks.providers.panopto.parameters import present


async def refresh(desk: Desk, request: Request, client: Client, params: Params) -> Answer:
    """grant_type=refresh_token: one use each; a scope parameter is not looked at [engine]."""
    value, facts = present(params, "refresh_token"), request.facts
    if value is None:  # panopto/token/refresh-token-missing [engine]
        raise Refusal(rules.REFRESH_MISSING, "invalid_request")
    old = await _find_refresh_token(desk, request, value)
    if old.client_id != client.client_id:  # panopto/token/refresh-token-of-another-client [engine]; it is not used up
        raise Refusal(rules.REFRESH_FOREIGN, "invalid_grant")
    if foreign((*old.scopes, "offline_access"), client.scopes):  # panopto/token/refresh-scope-withdrawn [engine]
        raise Refusal(rules.REFRESH_SCOPE, "invalid_grant")
    grant = await grant_of(desk, request, old.grant_id)
    taken = await tokens.spend_token(desk, value)
    if taken is None or not taken.first:  # panopto/token/refresh-token-used [engine]: somebody was quicker
        raise Refusal(rules.REFRESH_USED, "invalid_grant")
    if present(params, "scope") is not None:
        facts.notes.append("scope was passed over: a refreshed token has the scopes of the old one")
    access = await access_token(desk, request, grant)
    members = {
        "access_token": access,
        "refresh_token": await refresh_token(desk, facts, grant, old.expires_at),
        "id_token": await id_token(desk, request, grant, beside=access),  # [engine] always, and without nonce and sid
    }
    return token_answer(desk, rules.REFRESHED, members)


async def _find_refresh_token(desk: Desk, request: Request, value: str) -> Token:
    old, standing = await tokens.weigh_token(desk, request.facts, "refresh_token", value, "body")
    if standing is Standing.CONSUMED:  # panopto/token/refresh-token-used [engine]; its successor lives on
        raise Refusal(rules.REFRESH_USED, "invalid_grant")
    if standing is Standing.EXPIRED:  # panopto/token/refresh-token-expired [engine]
        raise Refusal(rules.REFRESH_EXPIRED, "invalid_grant")
    if old is None or standing is not Standing.VALID:  # panopto/token/refresh-token-unknown [engine], too long ones too
        raise Refusal(rules.REFRESH_UNKNOWN, "invalid_grant")
    return old
