"""https://login.ingest.io/api/clients/{client_id}/token: a personal token, as the Developer Center makes them."""

from typing import Any

import msgspec

from sparring.mocks.engine import scopes, tokens
from sparring.mocks.engine.clients import Client, secret_matches
from sparring.mocks.engine.desk import Desk
from sparring.mocks.engine.grants import Grant, open_grant
from sparring.mocks.engine.messages import Answer, Request, json_answer
from sparring.mocks.engine.refusals import Refusal
from sparring.mocks.engine.tokens import Standing, Token
from sparring.mocks.providers.ingest import rules
from sparring.mocks.providers.ingest.answers import NO_STORE, token_error
from sparring.mocks.providers.ingest.claims import access_token
from sparring.mocks.providers.ingest.limits import bearer


async def personal_token(desk: Desk, request: Request) -> Answer:
    """The person, then the application, then the scopes [order and words assumed]; never a refresh token."""
    try:
        mine = await _person(desk, request)
        secret, wanted = _body(request)
        client = await desk.store.get(Client, request.path_params["client_id"])
        if client is None or not client.enabled or not secret_matches(client, secret):
            # ingest/personal/client-refused [assumed]
            raise Refusal(rules.PERSONAL_CLIENT, "invalid_client", "Client authentication failed.", status=401)
        if scopes.foreign(wanted, client.scopes):  # ingest/personal/scope-invalid [assumed]
            raise Refusal(rules.PERSONAL_SCOPE, "invalid_scope", "The requested scope is invalid, or malformed.")
    except Refusal as refusal:
        challenge = (("WWW-Authenticate", "Bearer"),) if refusal.rule is rules.PERSONAL_BEARER else ()
        return token_error(refusal, basic=False).with_headers(*challenge)
    request.facts.client = client.client_id
    grant = await open_grant(desk, client.client_id, mine.subject, wanted, mine.attributes)
    document = {
        "access_token": await access_token(desk, request, grant, wanted),
        "token_type": "Bearer",
        "expires_in": str(desk.lifetimes["access_token"]),
        "scope": ",".join(wanted),
    }
    return json_answer(rules.PERSONAL_TOKEN, document, *NO_STORE)


async def _person(desk: Desk, request: Request) -> Grant:
    """What the caller's own token stands for; the personal one is for the same person, in the same network."""
    value = bearer(request) or ""
    token, standing = await tokens.weigh_token(desk, request.facts, "access_token", value, "header")
    if token is None or standing is not Standing.VALID:  # ingest/personal/bearer-refused [assumed]
        raise Refusal(rules.PERSONAL_BEARER, "invalid_token", "The access token is invalid or expired.", status=401)
    request.facts.user = token.subject
    grant = await _grant(desk, token)
    if grant is None or grant.subject is None:  # ingest/personal/user-context [assumed]
        raise Refusal(rules.PERSONAL_USER, "access_denied", "The access token acts for nobody.", status=403)
    return grant


async def _grant(desk: Desk, token: Token) -> Grant | None:
    return await desk.store.get(Grant, token.grant_id)


def _body(request: Request) -> tuple[str, tuple[str, ...]]:
    """``client_secret`` and ``scopes`` of the JSON object in the body."""
    try:
        document: Any = msgspec.json.decode(request.body)
    except (msgspec.DecodeError, RecursionError):
        document = None
    found = document if isinstance(document, dict) else {}
    secret, wanted = found.get("client_secret"), found.get("scopes")
    texts = wanted if isinstance(wanted, list) and all(isinstance(each, str) for each in wanted) else []
    if not isinstance(secret, str) or not texts:  # ingest/personal/body-malformed [assumed]
        raise Refusal(rules.PERSONAL_BODY, "invalid_request", "The body must have client_secret and scopes.")
    return secret, tuple(dict.fromkeys(texts))
