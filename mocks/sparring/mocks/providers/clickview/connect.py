"""https://auth.clickviewapp.com/connect: what discovery advertises besides the token endpoint. Nothing of it is
documented, little of it is of use to a partner; every address answers as the engine's does.
"""

import base64
import hashlib

from sparring.mocks.engine import tokens
from sparring.mocks.engine.clients import Client
from sparring.mocks.engine.desk import Desk
from sparring.mocks.engine.messages import Answer, Request, empty_answer
from sparring.mocks.engine.refusals import Refusal
from sparring.mocks.engine.rules import Rule
from sparring.mocks.providers.clickview import rules
from sparring.mocks.providers.clickview.addresses import auth
from sparring.mocks.providers.clickview.answers import NO_STORE, bare_error, lost, plain_page, told_error
from sparring.mocks.providers.clickview.bearer import check, scopes, typ
from sparring.mocks.providers.clickview.token import FORM, authenticate, present
from sparring.mocks.providers.clickview.versions import read_form

SESSION_SCRIPT = 'addEventListener("message",e=>e.source.postMessage(e.data.includes(" ")?"changed":"error",e.origin))'
SESSION_PAGE = f"""<!DOCTYPE html>
<html>
<head><title>Check Session IFrame</title></head>
<body><script id='cookie-name' type='application/json'>idsrv.session</script><script>{SESSION_SCRIPT}</script></body>
</html>
"""
SESSION_HASH = base64.b64encode(hashlib.sha256(SESSION_SCRIPT.encode()).digest()).decode()


async def userinfo(desk: Desk, request: Request) -> Answer:
    """/connect/userinfo: for tokens of persons; the refusal is a challenge [engine: ProtectedResourceErrorResult]."""
    if request.method not in {"GET", "POST"}:  # clickview/userinfo/method [engine]
        return empty_answer(rules.USERINFO_METHOD, 405)
    value, where = _bearer(request), "header"
    if value is None:
        value, where = present(read_form(request), "access_token"), "body"
    if value is None:  # clickview/userinfo/token-refused [engine]
        return _challenge(rules.USERINFO_TOKEN, 401, "invalid_token")
    try:
        claims = await check(desk, request, value, audience=None, where=where)
    except Refusal as refusal:  # clickview/userinfo/token-refused [engine]
        expired = ',error_description="The access token expired"' if refusal.rule == rules.TOKEN_EXPIRED else ""
        return _challenge(rules.USERINFO_TOKEN, 401, "invalid_token", expired)
    if typ(value) != "at+jwt":  # clickview/userinfo/token-type [engine] this is the error as it goes out
        return _challenge(rules.USERINFO_TYPE, 401, "invalid JWT token type")
    client = await desk.store.get(Client, str(claims.get("client_id", "")))
    if "client_id" in claims and (client is None or not client.enabled):  # clickview/userinfo/client-gone [engine]
        return _challenge(rules.USERINFO_CLIENT, 401, "invalid_token")
    if "openid" not in _words(scopes(claims)):  # clickview/userinfo/scope-lacking [engine]
        return _challenge(rules.USERINFO_SCOPE, 403, "insufficient_scope")
    return _challenge(rules.USERINFO_SUBJECT, 401, "invalid_token")  # clickview/userinfo/subject-missing [engine]


def _bearer(request: Request) -> str | None:
    """The token in the header; here the scheme's letters count, and the blank behind it does not [engine:
    BearerTokenUsageValidator].
    """
    header = (request.header("authorization") or "").strip()
    return header.removeprefix("Bearer").strip() or None if header.startswith("Bearer") else None


def _words(values: tuple[str, ...]) -> set[str]:
    """The scopes, those of a list in one string as well [engine: TokenValidator.ValidateJwtAsync]."""
    return {word for value in values for word in str(value).split(" ")}


def _challenge(rule: Rule, status: int, error: str, described: str = "") -> Answer:
    header = ("WWW-Authenticate", f'Bearer realm="IdentityServer",error="{error}"{described}')
    return empty_answer(rule, status, *NO_STORE, header)


async def end_session(_desk: Desk, request: Request) -> Answer:
    """/connect/endsession: to the page that says goodbye [engine]; nobody is signed in."""
    if request.method not in {"GET", "POST"}:  # clickview/endsession/method [engine]
        return empty_answer(rules.END_SESSION_METHOD, 405)
    return empty_answer(rules.END_SESSION, 302, ("Location", f"{auth(request.origin)}/account/logout"))


async def signed_out(_desk: Desk, _request: Request) -> Answer:
    """GET /account/logout."""
    return plain_page(rules.SIGNED_OUT, "Logout", "You are now logged out.")


async def check_session(_desk: Desk, request: Request) -> Answer:
    """/connect/checksession: the iframe of OpenID Connect Session Management; no session here ever stays the same."""
    if request.method != "GET":  # clickview/checksession/method [engine]
        return empty_answer(rules.CHECK_SESSION_METHOD, 405)
    policy = f"default-src 'none'; script-src 'sha256-{SESSION_HASH}'"
    headers = (
        ("Content-Type", "text/html; charset=UTF-8"),
        ("Content-Security-Policy", policy),
        ("X-Content-Security-Policy", policy),
    )
    return Answer(status=200, rule=rules.CHECK_SESSION, headers=headers, body=SESSION_PAGE.encode())


async def revoke(desk: Desk, request: Request) -> Answer:
    """/connect/revocation: only handles kept by the engine can be withdrawn, and ClickView's tokens are none."""
    if request.method != "POST":  # clickview/revocation/method [engine]
        return empty_answer(rules.REVOCATION_METHOD, 405)
    if request.media_type != FORM:  # clickview/revocation/content-type [engine]
        return empty_answer(rules.REVOCATION_CONTENT_TYPE, 415)
    params = read_form(request)
    try:
        await authenticate(desk, request)
    except Refusal as refusal:  # clickview/revocation/client-refused [engine]
        request.facts.notes.append(f"the client was refused: {refusal.rule.mend}")
        return bare_error(Refusal(rules.REVOCATION_CLIENT, refusal.error))
    value = present(params, "token")
    if value is None:  # clickview/revocation/token-missing [engine]
        return bare_error(Refusal(rules.REVOCATION_TOKEN_MISSING, "invalid_request"))
    if present(params, "token_type_hint") not in {None, "access_token", "refresh_token"}:
        # clickview/revocation/hint-unknown [engine]
        return bare_error(Refusal(rules.REVOCATION_HINT, "unsupported_token_type"))
    token, _ = await tokens.weigh_token(desk, request.facts, "access_token", value, "body")
    if token is not None:
        request.facts.notes.append("the token is self-contained: it stays valid until it expires")
    return empty_answer(rules.REVOCATION_DONE, 200)


async def introspect(_desk: Desk, request: Request) -> Answer:
    """/connect/introspect: for an API with a secret of its own, which no partner is [engine]."""
    if request.method != "POST":  # clickview/introspection/method [engine]
        return empty_answer(rules.INTROSPECTION_METHOD, 405)
    if request.media_type != FORM:  # clickview/introspection/content-type [engine]
        return empty_answer(rules.INTROSPECTION_CONTENT_TYPE, 415)
    return empty_answer(rules.INTROSPECTION_REFUSED, 401)  # clickview/introspection/api-refused [engine]


async def authorize_device(desk: Desk, request: Request) -> Answer:
    """/connect/deviceauthorization: no client of ClickView's has the device grant [engine]."""
    if request.method != "POST" or request.media_type != FORM:  # clickview/deviceauthorization/request [engine]
        return bare_error(Refusal(rules.DEVICE_REQUEST, "invalid_request"), *NO_STORE)
    try:
        await authenticate(desk, request)
    except Refusal as refusal:  # clickview/deviceauthorization/client-refused [engine]
        request.facts.notes.append(f"the client was refused: {refusal.rule.mend}")
        return bare_error(Refusal(rules.DEVICE_CLIENT, refusal.error), *NO_STORE)
    # clickview/deviceauthorization/grant-not-allowed [engine]
    return bare_error(Refusal(rules.DEVICE_GRANT, "unauthorized_client"), *NO_STORE)


async def authenticate_backchannel(desk: Desk, request: Request) -> Answer:
    """/connect/ciba, in the variant ``duende`` alone: no client of ClickView's has that grant [engine]."""
    if desk.variant != "duende":
        return await lost(desk, request)
    if request.method != "POST" or request.media_type != FORM:  # clickview/ciba/request [engine]
        return told_error(Refusal(rules.CIBA_REQUEST, "invalid_request"), *NO_STORE)
    try:
        await authenticate(desk, request)
    except Refusal as refusal:  # clickview/ciba/client-refused [engine] 401, unlike everywhere else
        request.facts.notes.append(f"the client was refused: {refusal.rule.mend}")
        status = 401 if refusal.error == "invalid_client" else 400
        return told_error(Refusal(rules.CIBA_CLIENT, refusal.error, status=status), *NO_STORE)
    # clickview/ciba/grant-not-allowed [engine]
    return told_error(Refusal(rules.CIBA_GRANT, "unauthorized_client", "Unauthorized client"), *NO_STORE)
