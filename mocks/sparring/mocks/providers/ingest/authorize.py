"""https://login.ingest.io/authorize: the guide's "Getting an Authorization Code", in the order of its checks."""

from dataclasses import dataclass
from urllib.parse import urlencode

from sparring.mocks.engine import codes, scopes, sessions, users
from sparring.mocks.engine.clients import Client
from sparring.mocks.engine.desk import Desk
from sparring.mocks.engine.grants import open_grant
from sparring.mocks.engine.messages import (
    Answer,
    Params,
    Request,
    add_query,
    first,
    html_answer,
    redirect_answer,
)
from sparring.mocks.engine.refusals import Refusal
from sparring.mocks.engine.rules import Rule
from sparring.mocks.pages.render import consent_page, sign_in_page
from sparring.mocks.providers.ingest import rules
from sparring.mocks.providers.ingest.answers import LOOK, page_error

COOKIE = "ingest_session"


@dataclass(frozen=True, slots=True)
class Asked:
    """An authorization request, good so far. ``redirect_uri`` is where the answer goes, ``sent`` what came."""

    params: Params
    client: Client
    redirect_uri: str
    sent: str | None

    def value(self, name: str) -> str | None:
        """A parameter of the request, or None."""
        return first(self.params, name) or None


def endpoint(request: Request) -> str:
    """The login form and the consent form post to the same address [doc: JS SDK, gulp task generate-auth]."""
    names = {name for name, _ in request.form_params} if request.method == "POST" else set()
    if "decision" in names:
        return "consent"
    return "login" if LOOK.password in names else "authorize"


async def authorize(desk: Desk, request: Request) -> Answer:
    """Check the request, have the person sign in and decide, send the result to the redirect URI."""
    step = request.facts.endpoint
    try:
        asked = await _read(desk, request, step)
    except Refusal as refusal:
        return page_error(refusal.rule, refusal.description or "")
    try:
        granted = _check(asked)
    except Refusal as refusal:
        return _send_back(desk, request, asked, refusal.rule, _error(refusal))
    request.facts.client = asked.client.client_id
    session = await sessions.find_session(desk, request.cookie(COOKIE))
    if step == "login":
        return await _sign_in(desk, request, asked)
    if session is None:
        people = [user.username for user in await desk.store.every(users.User)]
        return html_answer(rules.SIGN_IN, sign_in_page(LOOK, _here(request, asked), people=people))
    request.facts.user = session.subject
    if step == "consent":
        return await _decide(desk, request, asked, session, granted)
    ticket = await sessions.hand_out_ticket(desk, session, urlencode(asked.params))
    page = consent_page(
        LOOK,
        _here(request, asked),
        app=asked.client.name,
        person=(await _person(desk, session.subject)).name,
        scopes=granted,
        ticket=ticket,
    )
    return html_answer(rules.CONSENT, page)


async def _read(desk: Desk, request: Request, step: str) -> Asked:
    """Who asks, and where the answer may go; nothing is redirected before both are known (RFC 6749 section 4.1.2.1)."""
    params = request.query_params
    if step == "authorize" and request.method == "POST":
        params = params + request.form_params  # [doc] "or in the request body"
    client = await desk.store.get(Client, first(params, "client_id") or "")
    if client is None or not client.enabled:
        # ingest/authorize/client-unknown [assumed]
        raise Refusal(rules.CLIENT_UNKNOWN, "invalid_client", "There is no application with this client_id.")
    sent = first(params, "redirect_uri") or None  # without a value it counts as left out: RFC 6749 section 3.1
    if sent is not None and sent not in client.redirect_uris:
        # ingest/authorize/redirect-uri-unknown [assumed]; the guide: "used to validate the stored redirect_uri"
        raise Refusal(
            rules.REDIRECT_URI_UNKNOWN,
            "invalid_request",
            "The redirect_uri is not the one stored for this application.",
        )
    if not client.redirect_uris:
        raise Refusal(rules.REDIRECT_URI_MISSING, "invalid_request", "No redirect_uri is stored for this application.")
    # [doc] optional: the stored one is used
    return Asked(params, client, sent or client.redirect_uris[-1], sent)


def _check(asked: Asked) -> tuple[str, ...]:
    """The scopes that are asked for; what is wrong from here on goes back in the redirect [doc]."""
    names = [name for name, _ in asked.params]
    if len(names) != len(set(names)):  # ingest/authorize/parameter-repeated [assumed]
        raise Refusal(rules.AUTHORIZE_REPEATED, "invalid_request", "A parameter is repeated.")
    response_type = asked.value("response_type")
    if response_type is None:  # ingest/authorize/parameter-missing [doc] "required"
        raise Refusal(rules.AUTHORIZE_MISSING, "invalid_request", "The response_type parameter is missing.")
    if response_type != "code":  # ingest/authorize/response-type [doc] error types
        raise Refusal(rules.RESPONSE_TYPE, "unsupported_response_type", "The response_type must be code.")
    if "authorization_code" not in asked.client.grants:  # ingest/authorize/grant-not-allowed [doc] error types
        raise Refusal(rules.AUTHORIZE_GRANT, "unauthorized_client", "This application may not use this method.")
    if asked.value("scope") is None:  # ingest/authorize/parameter-missing [doc] "required"
        raise Refusal(rules.AUTHORIZE_MISSING, "invalid_request", "The scope parameter is missing.")
    wanted = scopes.split(asked.value("scope"), ",")
    if not wanted or scopes.foreign(wanted, asked.client.scopes):  # ingest/authorize/scope-invalid [doc]
        raise Refusal(rules.AUTHORIZE_SCOPE, "invalid_scope", "The requested scope is invalid, or malformed.")
    return wanted


async def _sign_in(desk: Desk, request: Request, asked: Asked) -> Answer:
    login = first(request.form_params, LOOK.username) or ""
    user = await desk.store.get(users.User, login)
    here = _here(request, asked)
    if user is None or not users.password_matches(user, first(request.form_params, LOOK.password) or ""):
        # ingest/authorize/sign-in-wrong [assumed] the form again
        page = sign_in_page(LOOK, here, problem="That login and password do not match.", username=login)
        return html_answer(rules.SIGN_IN_WRONG, page)
    session = await sessions.start_session(desk, user.subject)
    request.facts.user = user.subject
    secure = "; Secure" if request.scheme == "https" else ""
    cookie = f"{COOKIE}={session.id}; Path=/; HttpOnly; SameSite=Lax{secure}"
    return redirect_answer(rules.SIGNED_IN, here, ("Set-Cookie", cookie))


async def _decide(
    desk: Desk, request: Request, asked: Asked, session: sessions.Session, granted: tuple[str, ...]
) -> Answer:
    ticket = first(request.form_params, "ticket")
    if not await sessions.accept_ticket(desk, session, ticket, urlencode(asked.params)):
        # ingest/authorize/form-stale [assumed]
        return page_error(rules.FORM_STALE, "This form was sent before, or belongs to another request.")
    if first(request.form_params, "decision") != "approve":  # ingest/authorize/access-denied [doc]
        refusal = Refusal(rules.ACCESS_DENIED, "access_denied", "The user rejected your request.")
        return _send_back(desk, request, asked, refusal.rule, _error(refusal))
    user = await _person(desk, session.subject)
    network = asked.value("network_id") or user.attributes["network"]
    grant = await open_grant(desk, asked.client.client_id, user.subject, granted, {"network": network})
    code = await codes.issue_code(desk, request.facts, grant, redirect_uri=asked.sent)
    if asked.value("code_challenge"):
        request.facts.notes.append("code_challenge was ignored: this provider knows no PKCE")
    return _send_back(desk, request, asked, rules.CODE_ISSUED, [("code", code)])


async def _person(desk: Desk, subject: str) -> users.User:
    return next(user for user in await desk.store.every(users.User) if user.subject == subject)


def _error(refusal: Refusal) -> Params:
    return [("error", refusal.error), ("error_description", refusal.description or "")]


def _send_back(desk: Desk, request: Request, asked: Asked, rule: Rule, params: Params) -> Answer:
    """302 with the result in the query; ``state`` as it came [doc], with errors too [assumed, RFC 6749 4.1.2.1]."""
    state = first(asked.params, "state")
    given = params + ([("state", state)] if state is not None else [])
    going = desk.hook.alter(request, "authorization-response", given)
    return redirect_answer(rule, add_query(asked.redirect_uri, going))


def _here(request: Request, asked: Asked) -> str:
    return f"{request.path}?{urlencode(asked.params)}"
