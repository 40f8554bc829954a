"""https://{site}/Panopto/oauth2/login: IdentityServer3's AuthenticationController, for local accounts."""

from dataclasses import dataclass

from sparring.mocks.engine import sessions, users
from sparring.mocks.engine.desk import Desk
from sparring.mocks.engine.messages import Answer, Request
from sparring.mocks.engine.rules import Rule
from sparring.mocks.pages.render import sign_in_page
from sparring.mocks.providers.panopto import antiforgery, rules
from sparring.mocks.providers.panopto.addresses import OAUTH2, base
from sparring.mocks.providers.panopto.answers import LOOK, bare_error, cookie, error, no_cookie, page, redirect
from sparring.mocks.providers.panopto.asked import Asked
from sparring.mocks.providers.panopto.handles import handle
from sparring.mocks.providers.panopto.parameters import LONGEST, as_query, form, present, query

SESSION_COOKIE = "idsrv"
SESSION_ID_COOKIE = "idsvr.session"  # a script may read it
MESSAGE_COOKIE = "SignInMessage."


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInMessage:
    """Where a sign-in leads back to. The engine keeps all of it in the cookie; here the cookie holds ``proof``."""

    id: str
    proof: str
    return_url: str
    login_hint: str


def endpoint(request: Request) -> str:
    """The form is sent to the address that shows it."""
    return "login" if request.method == "POST" else "page"


async def send_to_sign_in(desk: Desk, request: Request, asked: Asked) -> Answer:
    """302 to the sign-in page; ``prompt=login`` is dropped from the way back [engine: RedirectToLogin]."""
    params = [(name, value) for name, value in asked.params if name.lower() != "prompt" or value != "login"]
    message = SignInMessage(
        id=await handle(desk, "signin"),
        proof=desk.entropy.urlsafe(32, *await desk.serial("signin-proof")),
        return_url=f"{base(request.origin)}/connect/authorize?{as_query(params)}",
        login_hint=asked.value("login_hint") or "",
    )
    await desk.store.put(message.id, message, until=desk.clock.now() + 3600)
    location = f"{base(request.origin)}/login?signin={message.id}"
    # panopto/authorize/sign-in-needed [engine]
    return redirect(rules.SIGN_IN_NEEDED, location, cookie(request, MESSAGE_COOKIE + message.id, message.proof))


async def login(desk: Desk, request: Request) -> Answer:
    """GET shows the form, POST takes it; ``signin`` in the query says which message's [engine]."""
    fields = form(request) if request.method == "POST" else []
    if request.method == "POST" and not antiforgery.is_valid(desk, request, fields):
        return bare_error(rules.SIGN_IN_FORM_REFUSED)  # panopto/sign-in/form-refused [engine]
    signin = present(query(request), "signin")
    if signin is not None and len(signin) > LONGEST:  # panopto/sign-in/message-too-long [engine]
        return error(request, rules.SIGN_IN_MESSAGE_TOO_LONG, "unexpected")
    message = await desk.store.get(SignInMessage, signin or "")
    if message is None or request.cookie(MESSAGE_COOKIE + message.id) != message.proof:
        return error(request, rules.SIGN_IN_MESSAGE_UNKNOWN, "no_sign_in")  # panopto/sign-in/message-unknown [engine]
    if request.method == "GET":  # panopto/sign-in/form [engine]
        return await _show(desk, request, message, rules.SIGN_IN, username=message.login_hint)
    username, password = present(fields, LOOK.username), present(fields, LOOK.password)
    if username is None or password is None:  # panopto/sign-in/field-missing [engine]
        problem = "Username is required" if username is None else "Password is required"
        return await _show(desk, request, message, rules.SIGN_IN_FIELD, problem=problem, username=username or "")
    user = await desk.store.get(users.User, username.strip())
    if user is None or not users.password_matches(user, password.strip()):  # panopto/sign-in/wrong [engine]
        problem = "Invalid username or password"
        return await _show(desk, request, message, rules.SIGN_IN_WRONG, problem=problem, username=username)
    await desk.store.delete(SignInMessage, message.id)
    session = await sessions.start_session(desk, user.subject)
    request.facts.user = user.subject
    cookies = (
        no_cookie(request, MESSAGE_COOKIE + message.id),
        cookie(request, SESSION_ID_COOKIE, await handle(desk, "session-id", session.id), readable=True),
        cookie(request, SESSION_COOKIE, session.id),
    )
    return redirect(rules.SIGNED_IN, message.return_url, *cookies)  # panopto/sign-in/signed-in [engine]


async def _show(
    desk: Desk, request: Request, message: SignInMessage, rule: Rule, *, problem: str = "", username: str = ""
) -> Answer:
    ticket, cookies = await antiforgery.protect(desk, request)
    people = [user.username for user in await desk.store.every(users.User)]
    action = f"{OAUTH2}/login?signin={message.id}"
    text = sign_in_page(LOOK, action, problem=problem, username=username, people=people, ticket=ticket)
    return page(request, rule, text, *cookies)
