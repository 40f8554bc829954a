"""https://{site}/Panopto/oauth2/login: IdentityServer3's AuthenticationController, for local accounts."""

from dataclasses import dataclass

from sparring.mocks.engine import users
from sparring.mocks.engine.desk import Desk
from sparring.mocks.engine.messages import Answer, Request
from sparring.mocks.engine.rules import Rule
from sparring.mocks.pages.render import sign_in_page
from sparring.mocks.providers.panopto import antiforgery, rules
from sparring.mocks.providers.panopto.addresses import OAUTH2, base
from sparring.mocks.providers.panopto.answers import (
    LOOK,
    bare_error,
    cookie,
    error,
    no_cookie,
    page,
    redirect,
    unsupported_type,
)
from sparring.mocks.providers.panopto.asked import Asked
from sparring.mocks.providers.panopto.handles import handle
from sparring.mocks.providers.panopto.parameters import FORM, LONGEST, as_query, form, present, query
from sparring.mocks.providers.panopto.people import person_with
from sparring.mocks.providers.panopto.signed_in import begin

MESSAGE_COOKIE = "SignInMessage."


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInMessage:
    """Where a sign-in leads back to. The engine keeps all of it in the cookie; here the cookie holds ``proof``."""

    id: str
    proof: str
    return_url: str
    login_hint: str
    idp: str | None = None


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
        idp=asked.idp,
    )
    await desk.store.put(message.id, message, until=desk.clock.now() + 3600)
    location = f"{base(request.origin)}/login?signin={message.id}"
    # panopto/authorize/sign-in-needed [engine]
    return redirect(rules.SIGN_IN_NEEDED, location, cookie(request, MESSAGE_COOKIE + message.id, message.proof))


async def login(desk: Desk, request: Request) -> Answer:
    """GET shows the form, POST takes it; ``signin`` in the query says which message's [engine]."""
    if request.method == "POST" and request.media_type not in {"", FORM}:  # panopto/form/content-type [engine]
        return unsupported_type(rules.FORM_TYPE)
    fields = form(request) if request.method == "POST" else []
    if request.method == "POST" and not antiforgery.is_valid(desk, request, fields):
        return bare_error(rules.SIGN_IN_FORM_REFUSED)  # panopto/sign-in/form-refused [engine]
    signin = present(query(request), "signin")
    if signin is not None and len(signin) > LONGEST:  # panopto/sign-in/message-too-long [engine]
        return error(request, rules.SIGN_IN_MESSAGE_TOO_LONG, "unexpected")
    message = await desk.store.get(SignInMessage, signin or "")
    if message is None or request.cookie(MESSAGE_COOKIE + message.id) != message.proof:
        return error(request, rules.SIGN_IN_MESSAGE_UNKNOWN, "no_sign_in")  # panopto/sign-in/message-unknown [engine]
    if request.method == "GET":
        if message.idp is not None:  # panopto/sign-in/provider-unknown [engine]
            return error(request, rules.SIGN_IN_PROVIDER, "unexpected")
        return await _show(desk, request, message, rules.SIGN_IN, username=message.login_hint)  # panopto/sign-in/form
    username, password = present(fields, LOOK.username), present(fields, LOOK.password)
    if username is None or password is None:  # panopto/sign-in/field-missing [engine]
        problem = "Username is required" if username is None else "Password is required"
        return await _show(desk, request, message, rules.SIGN_IN_FIELD, problem=problem, username=username or "")
    if max(len(username), len(password)) > LONGEST:  # panopto/sign-in/field-too-long [engine]
        return await _show(desk, request, message, rules.SIGN_IN_TOO_LONG, username=message.login_hint)
    user = await person_with(desk, username.strip(), password.strip())
    if user is None:  # panopto/sign-in/wrong [engine]
        problem = "Invalid username or password"
        return await _show(desk, request, message, rules.SIGN_IN_WRONG, problem=problem, username=username)
    await desk.store.delete(SignInMessage, message.id)
    request.facts.user = user.subject
    remember = (present(fields, LOOK.stay) or "").lower() == "true"
    cookies = await begin(desk, user, request, remember=remember)
    forget = no_cookie(request, MESSAGE_COOKIE + message.id)
    return redirect(rules.SIGNED_IN, message.return_url, forget, *cookies)  # panopto/sign-in/signed-in [engine]


async def _show(
    desk: Desk, request: Request, message: SignInMessage, rule: Rule, *, problem: str = "", username: str = ""
) -> Answer:
    ticket, cookies = await antiforgery.protect(desk, request)
    people = await desk.store.every(users.User)
    action = f"{OAUTH2}/login?signin={message.id}"
    text = sign_in_page(LOOK, action, problem=problem, username=username, people=people, ticket=ticket)
    return page(request, rule, text, *cookies)
