"""https://{site}/Panopto/oauth2/connect/userinfo: IdentityServer3's UserInfoEndpointController."""

from sparring.mocks.engine import tokens
from sparring.mocks.engine.desk import Desk
from sparring.mocks.engine.messages import Answer, Request, empty_answer, json_answer
from sparring.mocks.engine.rules import Rule
from sparring.mocks.engine.tokens import Standing
from sparring.mocks.providers.panopto import rules
from sparring.mocks.providers.panopto.answers import JSON, NO_CACHE
from sparring.mocks.providers.panopto.authorize import person
from sparring.mocks.providers.panopto.parameters import FORM, form, present


async def userinfo(desk: Desk, request: Request) -> Answer:
    """GET or POST: who the token's person is, as far as its scopes go [engine]."""
    value, where = _token(request)
    if value is None:  # panopto/userinfo/token-missing [engine]
        return _refuse(rules.USERINFO_TOKEN_MISSING, 401, "invalid_token")
    token, standing = await tokens.weigh_token(desk, request.facts, "access_token", value, where)
    someone = None if token is None else await person(desk, token.subject or "")
    if token is None or standing is not Standing.VALID or someone is None:
        return _refuse(rules.USERINFO_TOKEN_REFUSED, 401, "invalid_token")  # panopto/userinfo/token-refused [engine]
    request.facts.client, request.facts.user = token.client_id, token.subject
    if "openid" not in token.scopes:  # panopto/userinfo/scope-lacking [engine]
        return _refuse(rules.USERINFO_SCOPE, 403, "insufficient_scope")
    claims = {"sub": someone.subject}
    if "profile" in token.scopes:  # [client] of the scope's claims, these two
        claims |= {"name": someone.name, "preferred_username": someone.username}
    if "email" in token.scopes:  # [client] not "email", which OpenID Connect names
        claims |= {"emailaddress": someone.email}
    return json_answer(rules.USERINFO, claims, *NO_CACHE, kind=JSON)


def _token(request: Request) -> tuple[str | None, str]:
    """From the header, "Bearer" in exactly this spelling; else from a form [engine: BearerTokenUsageValidator]."""
    header = (request.header("authorization") or "").strip()
    if header.startswith("Bearer") and header.removeprefix("Bearer").strip():
        return header.removeprefix("Bearer").strip(), "header"
    if request.method == "POST" and (request.header("content-type") or "").lower() == FORM:
        return present(form(request), "access_token"), "body"
    return None, ""


def _refuse(rule: Rule, status: int, code: str) -> Answer:
    """Empty, with the reason in the challenge [engine: ProtectedResourceErrorResult]."""
    return empty_answer(rule, status, ("WWW-Authenticate", f'Bearer error="{code}"'))
