"""https://{site}/Panopto/oauth2/connect/revocation and connect/introspect, as IdentityServer3 has them."""

from dataclasses import replace

from sparring.mocks.engine import tokens
from sparring.mocks.engine.clients import Client
from sparring.mocks.engine.desk import Desk
from sparring.mocks.engine.messages import Answer, Request, empty_answer
from sparring.mocks.engine.refusals import Refusal
from sparring.mocks.engine.tokens import Standing, Token
from sparring.mocks.providers.panopto import rules
from sparring.mocks.providers.panopto.answers import NO_CACHE, token_error
from sparring.mocks.providers.panopto.client import authenticate
from sparring.mocks.providers.panopto.parameters import form, present


async def revoke(desk: Desk, request: Request) -> Answer:
    """POST connect/revocation, with the client's credentials [doc]; 200 for tokens that nobody knows [engine]."""
    params = form(request)
    try:
        client = await authenticate(desk, request, params)  # refused with the rules of the token endpoint [engine]
        value = present(params, "token")
        if value is None:  # panopto/revocation/token-missing [engine]
            raise Refusal(rules.REVOCATION_TOKEN_MISSING, "invalid_request")
        hint = present(params, "token_type_hint")
        if hint not in {None, "access_token", "refresh_token"}:  # panopto/revocation/hint-unknown [engine]
            raise Refusal(rules.REVOCATION_HINT, "unsupported_token_type")
    except Refusal as refusal:
        return token_error(refusal)
    token, standing = await tokens.weigh_token(desk, request.facts, "refresh_token", value, "body")
    known = standing in {Standing.VALID, Standing.EXPIRED}  # [engine] what was used or revoked is not there any more
    if token is not None and known and hint != "access_token":
        await _revoke_all(desk, client, token)
    else:
        request.facts.notes.append("nothing was revoked: only a refresh token can be, and an access token lives on")
    return empty_answer(rules.REVOKED, 200, *NO_CACHE)


async def _revoke_all(desk: Desk, client: Client, named: Token) -> None:
    """Every refresh token that this client has of that person; of another client's, none [engine]."""
    for token in await desk.store.every(Token):
        mine = token.client_id == client.client_id == named.client_id and token.subject == named.subject
        if mine and token.kind == "refresh_token" and not token.revoked:
            await desk.store.put(token.digest, replace(token, revoked=True), until=token.expires_at)


async def introspect(_desk: Desk, _request: Request) -> Answer:
    """POST connect/introspect: for APIs that have a secret of their own, and none is known [engine]."""
    return empty_answer(rules.INTROSPECTION_REFUSED, 401)
