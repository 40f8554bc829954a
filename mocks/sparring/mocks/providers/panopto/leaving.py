"""https://{site}/Panopto/oauth2: the ends of a session, and what else the engine's pages name."""

from html import escape

from sparring.mocks.engine import sessions
from sparring.mocks.engine.desk import Desk
from sparring.mocks.engine.messages import Answer, Request, empty_answer
from sparring.mocks.providers.panopto import antiforgery, rules
from sparring.mocks.providers.panopto.addresses import OAUTH2, base
from sparring.mocks.providers.panopto.answers import HTML, bare_error, no_cookie, page, plain_page, redirect
from sparring.mocks.providers.panopto.parameters import form
from sparring.mocks.providers.panopto.sign_in import SESSION_COOKIE, SESSION_ID_COOKIE

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


async def end_session(_desk: Desk, request: Request) -> Answer:
    """GET or POST connect/endsession: on to the page that asks [engine: LogoutResult]."""
    return redirect(rules.END_SESSION, f"{base(request.origin)}/logout")


async def logout(desk: Desk, request: Request) -> Answer:
    """The person is asked, and signed out when the form comes back [engine: AuthenticationController]."""
    if request.method == "POST" and not antiforgery.is_valid(desk, request, form(request)):
        return bare_error(rules.LOGOUT_FORM_REFUSED)  # panopto/logout/form-refused [engine]
    session = await sessions.find_session(desk, request.cookie(SESSION_COOKIE))
    if request.method == "GET" and session is not None:  # panopto/logout/asked [engine]
        ticket, cookies = await antiforgery.protect(desk, request)
        fields = f'<input type="hidden" name="{antiforgery.COOKIE}" value="{escape(ticket)}">'
        content = f'<form method="post" action="{OAUTH2}/logout">\n{fields}\n<button>Yes</button>\n</form>'
        return page(request, rules.LOGOUT_ASKED, plain_page("Would you like to log out?", content), *cookies)
    if session is not None:
        await desk.store.delete(sessions.Session, session.id)
    gone = (no_cookie(request, SESSION_COOKIE), no_cookie(request, SESSION_ID_COOKIE, readable=True))
    # panopto/logout/signed-out [engine]
    return page(request, rules.SIGNED_OUT, plain_page("You are now logged out", ""), *gone)


async def check_session(_desk: Desk, _request: Request) -> Answer:
    """GET connect/checksession: a page for a frame; no headers but its type [engine: CheckSessionResult]."""
    text = plain_page("Check session", CHECK_SESSION % SESSION_ID_COOKIE)
    return Answer(status=200, rule=rules.CHECK_SESSION, headers=HTML, body=text.encode())


async def policy_report(_desk: Desk, _request: Request) -> Answer:
    """POST csp/report: where the pages' Content-Security-Policy sends its complaints [engine]."""
    return empty_answer(rules.POLICY_REPORT, 204)
