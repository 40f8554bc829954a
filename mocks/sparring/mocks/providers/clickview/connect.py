"""https://auth.clickviewapp.com/connect: what discovery advertises besides the token endpoint. Nothing of it is
documented, little of it is of use to a partner; every address answers as the engine's does.
"""

import base64
import hashlib
from dataclasses import dataclass

from sparring.mocks.engine import tokens
from sparring.mocks.engine.clients import Client
from sparring.mocks.engine.desk import Desk
from sparring.mocks.engine.messages import Answer, Params, Request, empty_answer, first, html_answer
from sparring.mocks.engine.refusals import Refusal
from sparring.mocks.engine.rules import Rule
from sparring.mocks.pages.render import error_page
from sparring.mocks.providers.clickview import rules
from sparring.mocks.providers.clickview.addresses import auth
from sparring.mocks.providers.clickview.answers import LOOK, NO_STORE, bare_error, plain_page
from sparring.mocks.providers.clickview.bearer import bearer, check, scopes
from sparring.mocks.providers.clickview.token import FORM, LONGEST, authenticate, present, read_form

LONGEST_REDIRECT_URI = 400  # [engine] InputLengthRestrictions
SESSION_SCRIPT = 'addEventListener("message",e=>e.source.postMessage(e.data.includes(" ")?"changed":"error",e.origin))'
SESSION_PAGE = f"""<!DOCTYPE html>
<html>
<head><title>Check Session IFrame</title></head>
<body><script id='cookie-name' type='application/json'>idsrv.session</script><script>{SESSION_SCRIPT}</script></body>
</html>
"""
SESSION_HASH = base64.b64encode(hashlib.sha256(SESSION_SCRIPT.encode()).digest()).decode()


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """What the error page of an id tells."""

    rule: str
    error: str
    description: str


async def authorize(desk: Desk, request: Request) -> Answer:
    """/connect/authorize: a partner's client cannot log anybody in, so all roads lead to the error page [engine]."""
    if request.method not in {"GET", "POST"}:  # clickview/authorize/method [engine]
        return empty_answer(rules.AUTHORIZE_METHOD, 405)
    if request.method == "POST" and request.media_type != FORM:  # clickview/authorize/content-type [engine]
        return empty_answer(rules.AUTHORIZE_CONTENT_TYPE, 415)
    params = request.query_params if request.method == "GET" else read_form(request)
    rule, error, description = await _reason(desk, request, params)
    error_id = "CfDJ8" + desk.entropy.urlsafe(96, *await desk.serial("error"))
    trouble = Trouble(rule=rule.id, error=error, description=description)
    await desk.store.put(error_id, trouble, until=desk.clock.now() + 3600)
    return empty_answer(rule, 302, ("Location", f"{auth(request.origin)}/home/error?errorId={error_id}"))


async def _reason(desk: Desk, request: Request, params: Params) -> tuple[Rule, str, str]:
    client_id = present(params, "client_id")
    if client_id is None or len(client_id) > LONGEST:  # clickview/authorize/client-missing [engine]
        return rules.AUTHORIZE_CLIENT_MISSING, "invalid_request", "Invalid client_id"
    client = await desk.store.get(Client, client_id)
    if client is None or not client.enabled:  # clickview/authorize/client-unknown [engine]
        return rules.AUTHORIZE_CLIENT_UNKNOWN, "unauthorized_client", "Unknown client or client not enabled"
    request.facts.client = client_id
    uri = present(params, "redirect_uri") or ""
    if len(uri) > LONGEST_REDIRECT_URI or uri not in client.redirect_uris:
        # clickview/authorize/redirect-uri-unknown [engine]
        return rules.AUTHORIZE_REDIRECT_URI, "invalid_request", "Invalid redirect_uri"
    # clickview/authorize/grant-not-allowed [engine]: no error that is sent back to the client
    return rules.AUTHORIZE_GRANT, "unauthorized_client", "Invalid grant type for client"


async def error(desk: Desk, request: Request) -> Answer:
    """GET /home/error: the error that the id stands for."""
    found = await desk.store.get(Trouble, first(request.query_params, "errorId") or "")
    words = "Sorry, there was an error" + (f": {found.error}, {found.description}" if found else ".")
    rule = rules.BY_ID[found.rule] if found else rules.ERROR_PAGE
    return html_answer(rules.ERROR_PAGE, error_page(LOOK, heading="Error", words=words, rule=rule))


async def userinfo(desk: Desk, request: Request) -> Answer:
    """/connect/userinfo: for tokens of persons; the refusal is a challenge [engine: ProtectedResourceErrorResult]."""
    if request.method not in {"GET", "POST"}:  # clickview/userinfo/method [engine]
        return empty_answer(rules.USERINFO_METHOD, 405)
    value, where = bearer(request), "header"
    if value is None:
        value, where = present(read_form(request), "access_token"), "body"
    if value is None:  # clickview/userinfo/token-refused [engine]
        return _challenge(rules.USERINFO_TOKEN, 401, 'error="invalid_token"')
    try:
        claims = await check(desk, request, value, audience=None, where=where)
    except Refusal as refusal:  # clickview/userinfo/token-refused [engine]
        expired = ',error_description="The access token expired"' if refusal.rule == rules.TOKEN_EXPIRED else ""
        return _challenge(rules.USERINFO_TOKEN, 401, f'error="invalid_token"{expired}')
    if "openid" not in scopes(claims):  # clickview/userinfo/scope-lacking [engine]
        return _challenge(rules.USERINFO_SCOPE, 403, 'error="insufficient_scope"')
    return _challenge(rules.USERINFO_TOKEN, 401, 'error="invalid_token"')  # [engine] no token here has a subject


def _challenge(rule: Rule, status: int, words: str) -> Answer:
    header = ("WWW-Authenticate", f'Bearer realm="IdentityServer",{words}')
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
    headers = (("Content-Security-Policy", policy), ("X-Content-Security-Policy", policy))
    return html_answer(rules.CHECK_SESSION, SESSION_PAGE, *headers)


async def revoke(desk: Desk, request: Request) -> Answer:
    """/connect/revocation: only handles kept by the engine can be withdrawn, and ClickView's tokens are none."""
    if request.method != "POST":  # clickview/revocation/method [engine]
        return empty_answer(rules.REVOCATION_METHOD, 405)
    if request.media_type != FORM:  # clickview/revocation/content-type [engine]
        return empty_answer(rules.REVOCATION_CONTENT_TYPE, 415)
    params = read_form(request)
    try:
        await authenticate(desk, request, params)
    except Refusal as refusal:  # clickview/revocation/client-refused [engine]
        request.facts.notes.append(f"the client was refused: {refusal.rule.mend}")
        return bare_error(Refusal(rules.REVOCATION_CLIENT, "invalid_client"))
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
        await authenticate(desk, request, read_form(request))
    except Refusal as refusal:  # clickview/deviceauthorization/client-refused [engine]
        request.facts.notes.append(f"the client was refused: {refusal.rule.mend}")
        return bare_error(Refusal(rules.DEVICE_CLIENT, "invalid_client"), *NO_STORE)
    # clickview/deviceauthorization/grant-not-allowed [engine]
    return bare_error(Refusal(rules.DEVICE_GRANT, "unauthorized_client"), *NO_STORE)
