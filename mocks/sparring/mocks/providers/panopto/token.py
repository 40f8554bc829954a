"""https://{site}/Panopto/oauth2/connect/token: IdentityServer3's TokenRequestValidator, in its own order."""

from sparring.mocks.engine import codes, tokens
from sparring.mocks.engine.clients import Client
from sparring.mocks.engine.codes import Code
from sparring.mocks.engine.desk import Desk
from sparring.mocks.engine.grants import Grant
from sparring.mocks.engine.messages import Answer, Params, Request, json_answer
from sparring.mocks.engine.refusals import Refusal
from sparring.mocks.engine.rules import Rule
from sparring.mocks.engine.scopes import foreign
from sparring.mocks.engine.tokens import Standing, Token
from sparring.mocks.providers.panopto import rules
from sparring.mocks.providers.panopto.answers import JSON, NO_CACHE, token_error
from sparring.mocks.providers.panopto.authorize import person
from sparring.mocks.providers.panopto.claims import access_token, id_token
from sparring.mocks.providers.panopto.client import authenticate
from sparring.mocks.providers.panopto.handles import refresh_token
from sparring.mocks.providers.panopto.parameters import FORM, form, present


async def token(desk: Desk, request: Request) -> Answer:
    """Only the form body counts; parameters in the query are not looked at [engine]."""
    if request.media_type not in {"", FORM}:  # panopto/token/content-type [engine]
        return json_answer(rules.CONTENT_TYPE, {"ErrorMessage": "Unsupported Media Type"}, status=415, kind=JSON)
    params = form(request)
    try:
        client = await authenticate(desk, request, params)
        grant_type = present(params, "grant_type")
        if grant_type is None:  # panopto/token/grant-type-missing [engine]
            raise Refusal(rules.GRANT_TYPE_MISSING, "unsupported_grant_type")
        request.facts.grant = grant_type
        if grant_type == "authorization_code":
            return await _redeem(desk, request, client, params)
        if grant_type == "refresh_token":
            return await _refresh(desk, request, client, params)
        if grant_type in {"password", "client_credentials"}:
            # panopto/token/grant-not-allowed [engine] known, but a client has one flow, and this one's is another
            raise Refusal(rules.GRANT_NOT_ALLOWED, "unauthorized_client")
        # panopto/token/grant-type-unknown [engine], also where it is too long; the guide's "authorisation_code" is one
        raise Refusal(rules.GRANT_TYPE_UNKNOWN, "unsupported_grant_type")
    except Refusal as refusal:
        return token_error(refusal)


async def _redeem(desk: Desk, request: Request, client: Client, params: Params) -> Answer:
    """grant_type=authorization_code; ID token and refresh token only where their scopes were granted [engine]."""
    if "authorization_code" not in client.grants:  # panopto/token/grant-not-allowed [engine]
        raise Refusal(rules.GRANT_NOT_ALLOWED, "unauthorized_client")
    value = present(params, "code")
    if value is None:  # panopto/token/code-missing [engine]
        raise Refusal(rules.CODE_MISSING, "invalid_grant")
    fact: dict[str, object] = {"kind": "code", "fp": tokens.fingerprint(value), "valid": False}
    request.facts.presented.append(fact)
    code = await _take_code(desk, value)
    _check_code(desk, code, client, params)
    grant = await _grant(desk, request, code.grant_id)
    fact["valid"] = True
    members = {"access_token": await access_token(desk, request, grant)}
    if "offline_access" in grant.scopes:
        members["refresh_token"] = await refresh_token(desk, request.facts, grant)
    if "openid" in grant.scopes:
        members["id_token"] = id_token(desk, request, grant, nonce=code.nonce, sid=grant.attributes["sid"])
    return _answer(desk, rules.CODE_REDEEMED, members)


async def _take_code(desk: Desk, value: str) -> Code:
    """The code, which is gone as soon as it is found, whatever follows [engine]."""
    taken = await codes.use_code(desk, value)
    if taken is None:  # panopto/token/code-unknown [engine], also where it is longer than 100 characters
        raise Refusal(rules.CODE_UNKNOWN, "invalid_grant")
    if not taken.first:  # panopto/token/code-used [engine]; the tokens issued for it live on
        raise Refusal(rules.CODE_USED, "invalid_grant")
    return taken.record


def _check_code(desk: Desk, code: Code, client: Client, params: Params) -> None:
    """What the request must have in common with the authorization request [engine]."""
    if code.client_id != client.client_id:  # panopto/token/code-of-another-client [engine]
        raise Refusal(rules.CODE_FOREIGN, "invalid_grant")
    if present(params, "code_verifier") is not None:  # panopto/token/code-verifier [client], [engine]
        raise Refusal(rules.CODE_VERIFIER, "invalid_grant")
    if codes.expired(desk, code):  # panopto/token/code-expired [engine]
        raise Refusal(rules.CODE_EXPIRED, "invalid_grant")
    redirect_uri = present(params, "redirect_uri")
    if redirect_uri is None:  # panopto/token/redirect-uri-missing [engine]
        raise Refusal(rules.TOKEN_REDIRECT_URI_MISSING, "unauthorized_client")
    if (
        redirect_uri != code.redirect_uri
    ):  # panopto/token/redirect-uri-differs [engine] here upper and lower case differ
        raise Refusal(rules.REDIRECT_URI_DIFFERS, "unauthorized_client")


async def _refresh(desk: Desk, request: Request, client: Client, params: Params) -> Answer:
    """grant_type=refresh_token: one use each; a scope parameter is not looked at [engine]."""
    value, facts = present(params, "refresh_token"), request.facts
    if value is None:  # panopto/token/refresh-token-missing [engine]
        raise Refusal(rules.REFRESH_MISSING, "invalid_request")
    old = await _find_refresh_token(desk, request, value)
    if old.client_id != client.client_id:  # panopto/token/refresh-token-of-another-client [engine]; it is not used up
        raise Refusal(rules.REFRESH_FOREIGN, "invalid_grant")
    if foreign((*old.scopes, "offline_access"), client.scopes):  # panopto/token/refresh-scope-withdrawn [engine]
        raise Refusal(rules.REFRESH_SCOPE, "invalid_grant")
    grant = await _grant(desk, request, old.grant_id)
    taken = await tokens.spend_token(desk, value)
    if taken is None or not taken.first:  # panopto/token/refresh-token-used [engine]: somebody was quicker
        raise Refusal(rules.REFRESH_USED, "invalid_grant")
    if present(params, "scope") is not None:
        facts.notes.append("scope was passed over: a refreshed token has the scopes of the old one")
    access = await access_token(desk, request, grant)
    members = {
        "access_token": access,
        "refresh_token": await refresh_token(desk, facts, grant, old.expires_at),
        "id_token": id_token(desk, request, grant, beside=access),  # [engine] always, and without nonce and sid
    }
    return _answer(desk, rules.REFRESHED, members)


async def _find_refresh_token(desk: Desk, request: Request, value: str) -> Token:
    old, standing = await tokens.weigh_token(desk, request.facts, "refresh_token", value, "body")
    if standing is Standing.CONSUMED:  # panopto/token/refresh-token-used [engine]; its successor lives on
        raise Refusal(rules.REFRESH_USED, "invalid_grant")
    if standing is Standing.EXPIRED:  # panopto/token/refresh-token-expired [engine]
        raise Refusal(rules.REFRESH_EXPIRED, "invalid_grant")
    if old is None or standing is not Standing.VALID:  # panopto/token/refresh-token-unknown [engine], too long ones too
        raise Refusal(rules.REFRESH_UNKNOWN, "invalid_grant")
    return old


async def _grant(desk: Desk, request: Request, grant_id: str) -> Grant:
    """What was granted, if its person still has an account [engine]."""
    grant = await desk.store.get(Grant, grant_id)
    if grant is None or grant.revoked or await person(desk, grant.subject or "") is None:
        raise Refusal(rules.USER_DISABLED, "invalid_request")  # panopto/token/user-disabled [engine]
    request.facts.user = grant.subject
    return grant


def _answer(desk: Desk, rule: Rule, members: dict[str, str]) -> Answer:
    """Members in the engine's order, no ``scope`` among them [engine: TokenResult]."""
    expires_in = {"expires_in": desk.lifetimes["access_token"], "token_type": "Bearer"}
    present_members = {**members, **expires_in}
    order = ("id_token", "access_token", "expires_in", "token_type", "refresh_token")
    document = {name: present_members[name] for name in order if name in present_members}
    return json_answer(rule, document, *NO_CACHE, kind=JSON)
