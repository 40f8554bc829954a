"""https://{site}/Panopto/oauth2: the ends of a session, and what else the engine's pages name."""

from dataclasses import dataclass
from urllib.parse import quote

from sparring.mocks.engine import sessions
from sparring.mocks.engine.clients import Client
from sparring.mocks.engine.desk import Desk
from sparring.mocks.engine.messages import Answer, Request, empty_answer, first
from sparring.mocks.pages.render import message_page, question_page
from sparring.mocks.providers.panopto import antiforgery, rules, signed_in
from sparring.mocks.providers.panopto.access import audience_of, holder, read_jwt
from sparring.mocks.providers.panopto.addresses import OAUTH2, base
from sparring.mocks.providers.panopto.answers import (
    HTML,
    LOOK,
    bare_error,
    cookie,
    error,
    no_cookie,
    page,
    plain_page,
    redirect,
    unsupported_type,
)
from sparring.mocks.providers.panopto.handles import handle
from sparring.mocks.providers.panopto.parameters import FORM, LONGEST, form, present, query
from sparring.mocks.providers.panopto.responses import CLIENTS_COOKIE
from sparring.mocks.providers.panopto.signed_in import SESSION_COOKIE, SESSION_ID_COOKIE

MESSAGE_COOKIE = "SignOutMessage."
LONGEST_REPORT = 2000  # [engine] InputLengthRestrictions
CHECK_SESSION = """<p>This page answers messages of the client's page.</p>
<script id="cookie" type="application/json">"%s"</script>
<script>
const name = JSON.parse(document.getElementById("cookie").textContent);
const read = () => (document.cookie.split("; ").find((c) => c.startsWith(name + "=")) || "").slice(name.length + 1);
const encode = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes)))
  .replace(/\\+/g, "-").replace(/\\//g, "_").replace(/=+$/, "");
window.addEventListener("message", async (event) => {
  const [client, state, ...rest] = String(event.data).split(" ");
  const [hash, salt] = String(state).split(".");
  let answer = "error";
  if (client && hash && salt && !rest.length) {
    const text = new TextEncoder().encode(client + event.origin + read() + salt);
    answer = encode(await crypto.subtle.digest("SHA-256", text)) === hash ? "unchanged" : "changed";
  }
  event.source.postMessage(answer, event.origin);
});
</script>"""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignOutMessage:
    """Which client sends a person to sign out. The engine keeps it in the cookie; here the cookie holds ``proof``."""

    id: str
    proof: str
    client_id: str | None


async def end_session(desk: Desk, request: Request) -> Answer:
    """GET or POST connect/endsession: on to the page that asks [engine: EndSessionRequestValidator, LogoutResult]."""
    params = query(request) if request.method == "GET" else form(request)
    logout_page = f"{base(request.origin)}/logout"
    hint = present(params, "id_token_hint")
    client = None if hint is None else await _client_of(desk, request, hint)
    if hint is not None and (client is None or present(params, "post_logout_redirect_uri") is not None):
        # panopto/end-session/parameters-ignored [engine] no API client has an address to come back to
        return redirect(rules.END_SESSION_IGNORED, logout_page)
    sign_out = SignOutMessage(
        id=await handle(desk, "signout"),
        proof=desk.entropy.urlsafe(32, *await desk.serial("signout-proof")),
        client_id=None if client is None else client.client_id,
    )
    await desk.store.put(sign_out.id, sign_out, until=desk.clock.now() + 3600)
    written = cookie(request, MESSAGE_COOKIE + sign_out.id, sign_out.proof)
    return redirect(rules.END_SESSION, f"{logout_page}?id={sign_out.id}", written)  # panopto/end-session [engine]


async def _client_of(desk: Desk, request: Request, hint: str) -> Client | None:
    """Whom an ID token of the person signed in was made for; how old it is does not count [engine]."""
    client = await desk.store.get(Client, audience_of(hint) or "")
    claims = None if client is None else read_jwt(desk, request, hint, client.client_id, lifetime=False)
    session = await signed_in.find(desk, request)
    if claims is None or (session is not None and claims.get("sub") != session.subject):
        return None
    _, active = await holder(desk, claims)
    return client if active else None


async def logout(desk: Desk, request: Request) -> Answer:
    """The person is asked unless a client sent them, and signed out [engine: AuthenticationController]."""
    if request.method == "POST":
        if request.media_type not in {"", FORM}:  # panopto/form/content-type [engine]
            return unsupported_type(rules.FORM_TYPE)
        if not antiforgery.is_valid(desk, request, form(request)):
            return bare_error(rules.LOGOUT_FORM_REFUSED)  # panopto/logout/form-refused [engine]
    message_id = present(query(request), "id") or ""
    if len(message_id) > LONGEST:  # panopto/logout/message-too-long [engine]
        return error(request, rules.LOGOUT_MESSAGE_TOO_LONG, "unexpected")
    message = await desk.store.get(SignOutMessage, message_id)
    if message is not None and request.cookie(MESSAGE_COOKIE + message.id) != message.proof:
        message = None
    session = await signed_in.find(desk, request)
    sent = message is not None and message.client_id is not None
    if request.method == "GET" and session is not None and not sent:  # panopto/logout/asked [engine]
        return await _ask(desk, request, message_id)
    if session is not None:
        await desk.store.delete(sessions.Session, session.id)
    gone = [no_cookie(request, SESSION_COOKIE)]
    gone += [no_cookie(request, MESSAGE_COOKIE + message_id)] if message_id else []
    frame = f"{base(request.origin)}/connect/endsessioncallback?sid={request.cookie(SESSION_ID_COOKIE) or ''}"
    # panopto/logout/signed-out [engine]
    return page(request, rules.SIGNED_OUT, message_page(LOOK, heading="You are now logged out", frame=frame), *gone)


async def _ask(desk: Desk, request: Request, message_id: str) -> Answer:
    ticket, cookies = await antiforgery.protect(desk, request)
    target = f"{OAUTH2}/logout{'?id=' if message_id else ''}{quote(message_id, safe='')}"
    fields = [(antiforgery.COOKIE, ticket)]
    text = question_page(LOOK, target, heading="Would you like to log out?", button="Yes", kind="logout", fields=fields)
    return page(request, rules.LOGOUT_ASKED, text, *cookies)


async def end_session_callback(_desk: Desk, request: Request) -> Answer:
    """GET connect/endsessioncallback, in a frame of the page that says good-bye [engine: LogoutCallback]."""
    sid = request.cookie(SESSION_ID_COOKIE)
    if not sid or first(request.query_params, "sid") != sid:  # panopto/end-session/callback-refused [engine]
        return empty_answer(rules.END_SESSION_CALLBACK_REFUSED, 400)
    gone = [no_cookie(request, SESSION_ID_COOKIE, readable=True)]
    gone += [no_cookie(request, CLIENTS_COOKIE)] if request.cookie(CLIENTS_COOKIE) is not None else []
    # panopto/end-session/callback [engine]
    return page(request, rules.END_SESSION_CALLBACK, plain_page("Signed out", ""), *gone, framed=True)


async def check_session(_desk: Desk, _request: Request) -> Answer:
    """GET connect/checksession: a page for a frame; no headers but its type [engine: CheckSessionResult]."""
    text = plain_page("Check session", CHECK_SESSION % SESSION_ID_COOKIE)
    return Answer(status=200, rule=rules.CHECK_SESSION, headers=HTML, body=text.encode())


async def policy_report(_desk: Desk, request: Request) -> Answer:
    """POST csp/report: where the pages' Content-Security-Policy sends its complaints [engine]."""
    if len(request.body) > LONGEST_REPORT:  # panopto/csp-report/too-long [engine]
        return empty_answer(rules.POLICY_REPORT_TOO_LONG, 400)
    return empty_answer(rules.POLICY_REPORT, 204)
