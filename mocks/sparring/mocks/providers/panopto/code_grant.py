"""grant_type=authorization_code: IdentityServer3's ValidateAuthorizationCodeRequestAsync."""

from sparring.mocks.engine import codes, tokens
from sparring.mocks.engine.clients import Client
from sparring.mocks.engine.codes import Code
from sparring.mocks.engine.desk import Desk
from sparring.mocks.engine.messages import Answer, Params, Request
from sparring.mocks.engine.refusals import Refusal
from sparring.mocks.providers.panopto import rules
from sparring.mocks.providers.panopto.claims import access_token, id_token
from sparring.mocks.providers.panopto.granted import grant_of, token_answer
from sparring.mocks.providers.panopto.handles import refresh_token
from sparring.mocks.providers.panopto.parameters import present


async def redeem(desk: Desk, request: Request, client: Client, params: Params) -> Answer:
    """grant_type=authorization_code; ID token and refresh token only where their scopes were granted [engine]."""
    value = present(params, "code")
    if value is None:  # panopto/token/code-missing [engine]
        raise Refusal(rules.CODE_MISSING, "invalid_grant")
    fact: dict[str, object] = {"kind": "code", "fp": tokens.fingerprint(value), "valid": False}
    request.facts.presented.append(fact)
    code = await _take_code(desk, value)
    _check_code(desk, code, client, params)
    grant = await grant_of(desk, request, code.grant_id)
    fact["valid"] = True
    members = {"access_token": await access_token(desk, request, grant)}
    if "offline_access" in grant.scopes:
        members["refresh_token"] = await refresh_token(desk, request.facts, grant)
    if "openid" in grant.scopes:
        members["id_token"] = await id_token(desk, request, grant, nonce=code.nonce, sid=grant.attributes["sid"])
    return token_answer(desk, rules.CODE_REDEEMED, members)


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
