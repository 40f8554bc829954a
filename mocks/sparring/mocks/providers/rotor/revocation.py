"""POST /oauth/revoke (RFC 7009), as Doorkeeper has it; Rotor's documents are silent about it."""

from sparring.mocks.engine import tokens
from sparring.mocks.engine.clients import Client
from sparring.mocks.engine.desk import Desk
from sparring.mocks.engine.messages import Answer, Request, json_answer
from sparring.mocks.engine.refusals import Refusal
from sparring.mocks.engine.rules import Rule
from sparring.mocks.engine.tokens import Standing, Token
from sparring.mocks.providers.rotor import rules
from sparring.mocks.providers.rotor.answers import JSON, STALE, rails_error, shown, token_error
from sparring.mocks.providers.rotor.authentication import find_credentials, recognise
from sparring.mocks.providers.rotor.parameters import parameters, text
from sparring.mocks.providers.rotor.variants import DOORKEEPER_5_9_6
from sparring.mocks.providers.rotor.weighing import weigh


async def revoke(desk: Desk, request: Request) -> Answer:
    """The client, then the token; one that nobody knows is no error [engine: tokens_controller.rb]."""
    try:
        params = parameters(request)
    except Refusal as refusal:
        return rails_error(refusal.rule, request, 400)
    try:
        client = await recognise(desk, request, find_credentials(desk, request, params))
    except Refusal as refusal:  # [engine] raised, so it is answered as at the token endpoint
        return token_error(refusal, text(params, "state"))
    if not isinstance(client, Client):  # rotor/revocation/client-refused [engine] whatever is wrong with it
        return _forbidden(rules.REVOCATION_CLIENT)
    value = text(params, "token")
    if value is None or params.get("token_type_hint") == "refresh_token":
        # rotor/revocation/nothing-revoked [engine]: with this hint only refresh tokens are looked at; there are none
        return shown(rules.REVOCATION_NOTHING, {})
    token, standing = await weigh(desk, request.facts, value, "body")
    if token is None:  # rotor/revocation/nothing-revoked [engine]
        return shown(rules.REVOCATION_NOTHING, {})
    if token.client_id != client.client_id and await _guarded(desk, token):
        return _forbidden(rules.REVOCATION_NOT_OWNER)  # rotor/revocation/not-owner [engine]
    if standing is not Standing.VALID:  # rotor/revocation/nothing-revoked [engine] an expired token stays expired
        return shown(rules.REVOCATION_NOTHING, {})
    await tokens.revoke_token(desk, value)
    return shown(rules.REVOKED, {})  # rotor/revocation/revoked [engine]


async def _guarded(desk: Desk, token: Token) -> bool:
    """Whether only its own client may revoke a token: 5.9.0 lets anybody where that client has no secret [engine]."""
    owner = await desk.store.get(Client, token.client_id)
    return desk.variant == DOORKEEPER_5_9_6 or (owner is not None and owner.secret is not None)


def _forbidden(rule: Rule) -> Answer:
    """Without a challenge, and with the caching of Rails [engine]."""
    document = {"error": "unauthorized_client", "error_description": "You are not authorized to revoke this token"}
    return json_answer(rule, document, STALE, status=403, kind=JSON)
