"""https://{site}/Panopto/oauth2/connect: the two addresses where IdentityServer3 validates tokens for others."""

from typing import Any

from sparring.mocks.engine.clients import Client
from sparring.mocks.engine.desk import Desk
from sparring.mocks.engine.messages import Answer, Params, Request, json_answer
from sparring.mocks.engine.rules import Rule
from sparring.mocks.providers.panopto import rules
from sparring.mocks.providers.panopto.access import check, holder, read_jwt
from sparring.mocks.providers.panopto.answers import JSON, NO_CACHE, message
from sparring.mocks.providers.panopto.parameters import form, present, query


async def access_token(desk: Desk, request: Request) -> Answer:
    """GET or POST: the claims of an access token, for whoever has it; ``expectedScope`` must be among its scopes."""
    params, where = _params(request)
    value = present(params, "token")
    if value is None:  # panopto/validation/token-missing [engine]
        return message(rules.VALIDATION_TOKEN_MISSING, 400, "Token is missing")
    claims = await check(desk, request, value, where)
    if claims is None:  # panopto/validation/refused [engine]
        return _refused()
    wanted, scopes = present(params, "expectedScope"), claims.get("scope", ())
    if wanted is not None and wanted not in ((scopes,) if isinstance(scopes, str) else scopes):
        return message(rules.VALIDATION_SCOPE, 400, "insufficient_scope")  # panopto/validation/scope-lacking [engine]
    _, active = await holder(desk, claims)
    return _claims(rules.VALIDATED, claims) if active else _refused()


async def identity_token(desk: Desk, request: Request) -> Answer:
    """GET or POST: the claims of an ID token, for whoever has it and says for which client it is."""
    params, _ = _params(request)
    value, client_id = present(params, "token"), present(params, "client_id")
    if value is None:  # panopto/validation/token-missing [engine]
        return message(rules.VALIDATION_TOKEN_MISSING, 400, "Token is missing")
    if client_id is None:  # panopto/validation/client-missing [engine]
        return message(rules.VALIDATION_CLIENT_MISSING, 400, "client_id is missing")
    known = await desk.store.get(Client, client_id)
    claims = None if known is None else read_jwt(desk, request, value, client_id)
    _, active = (None, False) if claims is None else await holder(desk, claims)
    return _claims(rules.VALIDATED, claims) if claims is not None and active else _refused()


def _params(request: Request) -> tuple[Params, str]:
    return (query(request), "query") if request.method == "GET" else (form(request), "body")


def _refused() -> Answer:
    return message(rules.VALIDATION_REFUSED, 400, "invalid_token")


def _claims(rule: Rule, claims: dict[str, Any]) -> Answer:
    """One value alone is no array [engine: ToClaimsDictionary]."""
    flat = {name: value[0] if isinstance(value, list) and len(value) == 1 else value for name, value in claims.items()}
    return json_answer(rule, flat, *NO_CACHE, kind=JSON)
