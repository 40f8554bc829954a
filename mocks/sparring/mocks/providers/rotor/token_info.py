"""GET /oauth/token/info: what a token says of itself, as Doorkeeper has it; Rotor's documents are silent about it."""

from sparring.mocks.engine.desk import Desk
from sparring.mocks.engine.messages import Answer, Request
from sparring.mocks.engine.refusals import Refusal
from sparring.mocks.engine.tokens import Standing
from sparring.mocks.providers.rotor import rules
from sparring.mocks.providers.rotor.answers import rails_error, shown, token_error
from sparring.mocks.providers.rotor.bearer import UNKNOWN, presented
from sparring.mocks.providers.rotor.managed_users import account_number
from sparring.mocks.providers.rotor.weighing import end, weigh


async def show(desk: Desk, request: Request) -> Answer:
    """Members in the engine's order [engine: access_token_mixin.rb, as_json]."""
    try:
        value, where = presented(request)
    except Refusal as refusal:
        return rails_error(refusal.rule, request, 400)
    token, standing = (None, Standing.UNKNOWN) if value is None else await weigh(desk, request.facts, value, where)
    if token is None or standing is not Standing.VALID:
        # rotor/token-info/invalid [engine]: the same words, whatever is wrong with the token
        return token_error(Refusal(rules.TOKEN_INFO_INVALID, "invalid_token", UNKNOWN, status=401), "unauthorized")
    owner = None if token.subject is None else account_number(desk, token.client_id, token.subject)
    document = {
        "resource_owner_id": owner,
        "scope": list(token.scopes),
        "expires_in": int(end(token) - desk.clock.now() + 0.5),
        "application": {"uid": token.client_id},
        "created_at": int(token.issued_at),
    }
    return shown(rules.TOKEN_INFO, document)  # rotor/token-info/shown [engine]
