"""https://{site}/Panopto/oauth2/connect/userinfo: IdentityServer3's UserInfoEndpointController."""

from sparring.mocks.engine.desk import Desk
from sparring.mocks.engine.messages import Answer, Request, empty_answer, json_answer
from sparring.mocks.engine.rules import Rule
from sparring.mocks.providers.panopto import rules
from sparring.mocks.providers.panopto.access import check, holder
from sparring.mocks.providers.panopto.answers import JSON, NO_CACHE
from sparring.mocks.providers.panopto.parameters import FORM, form, present
from sparring.mocks.providers.panopto.people import profile


async def userinfo(desk: Desk, request: Request) -> Answer:
    """GET or POST: who the token's person is, as far as its scopes go [engine]."""
    value, where = _token(request)
    if value is None:  # panopto/userinfo/token-missing [engine]
        return _refuse(rules.USERINFO_TOKEN_MISSING, 401, "invalid_token")
    claims = await check(desk, request, value, where)
    if claims is None:  # panopto/userinfo/token-refused [engine]
        return _refuse(rules.USERINFO_TOKEN_REFUSED, 401, "invalid_token")
    granted = claims.get("scope", ())
    scopes = (granted,) if isinstance(granted, str) else tuple(granted)
    if "openid" not in scopes:  # panopto/userinfo/scope-lacking [engine]
        return _refuse(rules.USERINFO_SCOPE, 403, "insufficient_scope")
    someone, active = await holder(desk, claims)
    if someone is None or not active:  # panopto/userinfo/token-refused [engine]
        return _refuse(rules.USERINFO_TOKEN_REFUSED, 401, "invalid_token")
    return json_answer(rules.USERINFO, {"sub": someone.subject, **profile(someone, scopes)}, *NO_CACHE, kind=JSON)


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
