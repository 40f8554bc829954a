"""POST /oauth/introspect (RFC 7662), as Doorkeeper has it; Rotor's documents are silent about it."""

from collections.abc import Mapping
from typing import Any

from sparring.mocks.engine.clients import Client, Credentials
from sparring.mocks.engine.desk import Desk
from sparring.mocks.engine.messages import Answer, Request
from sparring.mocks.engine.refusals import Refusal
from sparring.mocks.engine.tokens import Standing, Token
from sparring.mocks.providers.rotor import rules
from sparring.mocks.providers.rotor.answers import INVALID_CLIENT, rails_error, shown, token_error
from sparring.mocks.providers.rotor.authentication import find_credentials, recognise
from sparring.mocks.providers.rotor.bearer import UNKNOWN, WORDS, presented
from sparring.mocks.providers.rotor.parameters import parameters, text
from sparring.mocks.providers.rotor.variants import DOORKEEPER_5_9_6
from sparring.mocks.providers.rotor.weighing import weigh

UNAUTHORIZED = "Request need to be authorized. Required parameter for authorizing request is missing or invalid."
UNAUTHORIZED_5_9_6 = (
    "Request needs to be authorized. Required parameter for authorizing the request is missing or invalid."
)


async def introspect(desk: Desk, request: Request) -> Answer:
    """By a client or by another token of the same client [engine: token_introspection.rb]."""
    try:
        params = parameters(request)
    except Refusal as refusal:
        return rails_error(refusal.rule, request, 400)
    token, standing = await _introspected(desk, request, params)
    try:
        credentials = find_credentials(desk, request, params)
        if credentials is not None:  # a token beside them counts for nothing
            asker = await _client(desk, request, credentials)
        else:
            asker = await _token(desk, request, params, token)
    except Refusal as refusal:
        states = {rules.TWO_MECHANISMS: text(params, "state"), rules.INTROSPECTION_TOKEN: "unauthorized"}
        return token_error(refusal, states.get(refusal.rule))
    if token is None or standing is not Standing.VALID or token.client_id != asker:
        return shown(rules.INTROSPECTION_INACTIVE, {"active": False})  # rotor/introspection/inactive [engine]
    return shown(rules.INTROSPECTION_ACTIVE, _document(desk, token))  # rotor/introspection/active [engine]


async def _client(desk: Desk, request: Request, credentials: Credentials) -> str:
    """The id of the client that asks."""
    client = await recognise(desk, request, credentials)
    if not isinstance(client, Client):  # rotor/introspection/client-refused [engine]
        raise Refusal(rules.INTROSPECTION_CLIENT, "invalid_client", INVALID_CLIENT, status=401)
    return client.client_id


async def _token(desk: Desk, request: Request, params: Mapping[str, Any], about: Token | None) -> str:
    """The id of the client whose token asks: not about itself, nor about one that is unknown or another client's."""
    value, where = presented(request)
    token, standing = (None, Standing.UNKNOWN) if value is None else await weigh(desk, request.facts, value, where)
    if token is None:  # rotor/introspection/unauthorized [engine]: an unknown token is as good as none
        words = UNAUTHORIZED_5_9_6 if desk.variant == DOORKEEPER_5_9_6 else UNAUTHORIZED
        raise Refusal(rules.INTROSPECTION_UNAUTHORIZED, "invalid_request", words)
    another = about is not None and about.client_id == token.client_id and text(params, "token") != value
    if not another or standing is not Standing.VALID:  # rotor/introspection/token-refused [engine]
        raise Refusal(rules.INTROSPECTION_TOKEN, "invalid_token", WORDS.get(standing, UNKNOWN), status=401)
    return token.client_id


async def _introspected(desk: Desk, request: Request, params: Mapping[str, Any]) -> tuple[Token | None, Standing]:
    """The token that is asked about; with the hint of a refresh token there is none."""
    value = text(params, "token")
    if value is None or params.get("token_type_hint") == "refresh_token":
        return None, Standing.UNKNOWN
    return await weigh(desk, request.facts, value, "body")


def _document(desk: Desk, token: Token) -> dict[str, Any]:
    """What is told of a token; 5.9.6 tells its end last."""
    times = {"exp": int(token.expires_at or 0), "iat": int(token.issued_at)}
    order = ("iat", "exp") if desk.variant == DOORKEEPER_5_9_6 else ("exp", "iat")
    return {
        "active": True,
        "scope": " ".join(token.scopes),
        "client_id": token.client_id,
        "token_type": "Bearer",
        **{name: times[name] for name in order},
    }
