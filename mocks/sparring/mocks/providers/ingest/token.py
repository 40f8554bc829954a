"""https://login.ingest.io/token: the guide's three ways to a token, each in the order in which it is checked."""

from sparring.mocks.engine import codes, scopes, tokens
from sparring.mocks.engine.clients import Client, parse_basic, secret_matches
from sparring.mocks.engine.desk import Desk
from sparring.mocks.engine.grants import Grant, open_grant
from sparring.mocks.engine.messages import Answer, Params, Request, first, json_answer
from sparring.mocks.engine.refusals import Refusal
from sparring.mocks.engine.rules import Rule
from sparring.mocks.engine.tokens import Standing
from sparring.mocks.providers.ingest import rules
from sparring.mocks.providers.ingest.answers import NO_STORE, token_error
from sparring.mocks.providers.ingest.claims import access_token, refresh_token
from sparring.mocks.providers.ingest.networks import NOBODYS

DESCRIPTIONS = {
    "client": "Client authentication failed.",
    "code": "The authorization code is invalid or expired.",
    "refresh": "The refresh token is invalid or expired.",
    "scope": "The requested scope is invalid, or malformed.",
}


async def token(desk: Desk, request: Request) -> Answer:
    """Parameters from query and form body alike [doc]; a body of another type is not looked at [client]."""
    params = request.query_params + request.form_params
    basic = request.header("authorization") is not None
    try:
        if len(dict(params)) != len(params):  # ingest/token/parameter-repeated [assumed]
            raise Refusal(rules.TOKEN_REPEATED, "invalid_request", "A parameter is repeated.")
        params = [(name, value) for name, value in params if value]  # RFC 6749 section 3.2: as if left out
        client = await _authenticate(desk, request, params)
        grant_type = first(params, "grant_type")
        if not grant_type:  # ingest/token/grant-type-missing [doc] "required"
            raise Refusal(rules.GRANT_TYPE_MISSING, "invalid_request", "The grant_type parameter is missing.")
        request.facts.grant = grant_type
        if grant_type not in {"authorization_code", "refresh_token", "client_credentials"}:
            # ingest/token/grant-type-unknown [assumed]
            raise Refusal(rules.GRANT_TYPE_UNKNOWN, "unsupported_grant_type", "This grant_type is not supported.")
        if grant_type not in client.grants:  # ingest/token/grant-not-allowed [assumed]
            raise Refusal(rules.GRANT_TYPE_FORBIDDEN, "unauthorized_client", "This application may not use this grant.")
        if grant_type == "authorization_code":
            return await _redeem(desk, request, client, params)
        if grant_type == "refresh_token":
            return await _refresh(desk, request, client, params)
        return await _act_as_application(desk, request, client, params)
    except Refusal as refusal:
        return token_error(refusal, basic=basic)


async def _authenticate(desk: Desk, request: Request, params: Params) -> Client:
    """``client_id`` and ``client_secret`` as parameters, or both in a Basic header [doc]."""
    header = request.header("authorization")
    client_id, secret = first(params, "client_id"), first(params, "client_secret")
    candidates = [(client_id, secret)]
    if header is not None:
        if secret is not None:  # ingest/token/two-authentication-methods [assumed]
            raise Refusal(rules.TOKEN_TWO_METHODS, "invalid_request", "Two ways of client authentication were used.")
        raw, form = (parse_basic(header, form_encoded=encoded) for encoded in (False, True))
        # [doc] base64_encode(client_id:client_secret); form-encoded before that as well, as RFC 6749 section 2.3.1 asks
        candidates = [pair for pair in (raw, form) if pair is not None]
        if client_id is not None and candidates and client_id not in {pair[0] for pair in candidates}:
            candidates = []
    elif client_id is None or secret is None:  # ingest/token/client-missing [assumed]
        raise Refusal(rules.CLIENT_MISSING, "invalid_client", DESCRIPTIONS["client"], status=401)
    for name, value in candidates:
        client = await desk.store.get(Client, name or "")
        if client is not None and client.enabled and secret_matches(client, value):
            request.facts.client = client.client_id
            return client
    # ingest/token/client-refused [assumed]
    raise Refusal(rules.CLIENT_REFUSED, "invalid_client", DESCRIPTIONS["client"], status=401)


async def _redeem(desk: Desk, request: Request, client: Client, params: Params) -> Answer:
    """grant_type=authorization_code: the guide's "Retrieving a token" for a user."""
    value = first(params, "code")
    if not value:  # ingest/token/code-missing [assumed]: the guide's own sample leaves it out
        raise Refusal(rules.CODE_MISSING, "invalid_request", "The code parameter is missing.")
    code = await codes.look_at_code(desk, value)
    fact = {"kind": "code", "fp": tokens.fingerprint(value), "valid": False}
    request.facts.presented.append(fact)
    if code is None:  # ingest/token/code-unknown [assumed]
        raise Refusal(rules.CODE_UNKNOWN, "invalid_grant", DESCRIPTIONS["code"])
    if code.client_id != client.client_id:  # ingest/token/code-of-another-client [assumed]
        raise Refusal(rules.CODE_FOREIGN, "invalid_grant", DESCRIPTIONS["code"])
    if codes.expired(desk, code):  # ingest/token/code-expired [assumed]
        raise Refusal(rules.CODE_EXPIRED, "invalid_grant", DESCRIPTIONS["code"])
    if first(params, "redirect_uri") != code.redirect_uri and (code.redirect_uri or first(params, "redirect_uri")):
        # ingest/token/redirect-uri-differs [doc]
        raise Refusal(rules.REDIRECT_URI_DIFFERS, "invalid_grant", "The redirect_uri does not match.")
    grant = await desk.store.get(Grant, code.grant_id)
    if grant is None or grant.revoked:
        raise Refusal(rules.CODE_UNKNOWN, "invalid_grant", DESCRIPTIONS["code"])
    granted = _narrowed(params, grant)
    taken = await codes.use_code(desk, value)
    if taken is None or not taken.first:  # ingest/token/code-used [doc] "one-time"
        raise Refusal(rules.CODE_USED, "invalid_grant", DESCRIPTIONS["code"])
    fact["valid"] = True
    return await _answer(desk, request, rules.CODE_REDEEMED, grant, granted, refresh=True)


async def _refresh(desk: Desk, request: Request, client: Client, params: Params) -> Answer:
    """grant_type=refresh_token: the guide's "Refreshing your token"; the old one is given back for a new one."""
    value = first(params, "refresh_token")
    if not value:  # ingest/token/refresh-token-missing [doc] "required"
        raise Refusal(rules.REFRESH_MISSING, "invalid_request", "The refresh_token parameter is missing.")
    where = "query" if first(request.query_params, "refresh_token") else "body"
    old, standing = await tokens.weigh_token(desk, request.facts, "refresh_token", value, where)
    if standing is Standing.CONSUMED:  # ingest/token/refresh-token-used [assumed]; its successor lives on
        raise Refusal(rules.REFRESH_USED, "invalid_grant", DESCRIPTIONS["refresh"])
    grant = None if old is None else await desk.store.get(Grant, old.grant_id)
    if grant is None or standing is not Standing.VALID or grant.client_id != client.client_id:
        # ingest/token/refresh-token-refused [assumed]
        raise Refusal(rules.REFRESH_REFUSED, "invalid_grant", DESCRIPTIONS["refresh"])
    granted = _narrowed(params, grant)
    taken = await tokens.spend_token(desk, value)
    if taken is None or not taken.first:  # ingest/token/refresh-token-used [assumed]: somebody was quicker
        raise Refusal(rules.REFRESH_USED, "invalid_grant", DESCRIPTIONS["refresh"])
    return await _answer(desk, request, rules.REFRESHED, grant, granted, refresh=True)


async def _act_as_application(desk: Desk, request: Request, client: Client, params: Params) -> Answer:
    """grant_type=client_credentials: the guide's "Acting as an application"; never a refresh token [doc]."""
    if not first(params, "scope"):  # ingest/token/scope-missing [doc] "required"
        raise Refusal(rules.SCOPE_MISSING, "invalid_scope", "The scope parameter is missing.")
    wanted = scopes.split(first(params, "scope"), ",")
    if not wanted or scopes.foreign(wanted, client.scopes):  # ingest/token/scope-invalid [doc]
        raise Refusal(rules.SCOPE_INVALID, "invalid_scope", DESCRIPTIONS["scope"])
    redirect_uri = first(params, "redirect_uri")
    if redirect_uri and redirect_uri not in client.redirect_uris:  # ingest/token/redirect-uri-changed [doc]
        raise Refusal(rules.REDIRECT_URI_CHANGED, "invalid_grant", "The redirect_uri is not the stored one.")
    grant = await open_grant(desk, client.client_id, None, wanted, NOBODYS)
    return await _answer(desk, request, rules.APPLICATION_TOKEN, grant, wanted, refresh=False)


def _narrowed(params: Params, grant: Grant) -> tuple[str, ...]:
    """The scopes of the new token: those of the grant, or the part of them that is asked for [doc]."""
    asked = first(params, "scope")
    if asked is None:
        return grant.scopes
    wanted = scopes.split(asked, ",")
    if not wanted or scopes.foreign(wanted, grant.scopes):  # ingest/token/scope-wider [doc]
        raise Refusal(rules.SCOPE_WIDER, "invalid_scope", DESCRIPTIONS["scope"])
    return wanted


async def _answer(
    desk: Desk, request: Request, rule: Rule, grant: Grant, granted: tuple[str, ...], *, refresh: bool
) -> Answer:
    """Members in the guide's order; ``expires_in`` is a string there, ``scope`` comma-separated [doc]."""
    document = {
        "access_token": await access_token(desk, request, grant, granted),
        "token_type": "Bearer",
        "expires_in": str(desk.lifetimes["access_token"]),
    }
    if refresh:
        document["refresh_token"] = await refresh_token(desk, request.facts, grant)
    document["scope"] = ",".join(granted)
    return json_answer(rule, document, *NO_STORE)
