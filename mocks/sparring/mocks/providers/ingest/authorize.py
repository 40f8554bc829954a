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
from sparring.mocks.pages.render import chooser_page, consent_page, sign_in_page
from sparring.mocks.providers.ingest import rules
from sparring.mocks.providers.ingest.answers import LOOK, page_error
from sparring.mocks.providers.ingest.claims import access_token
from sparring.mocks.providers.ingest.networks import name_of, networks_of, usual_network

COOKIE = "ingest_session"
RESPONSE_TYPES = {"default": ("code",), "implicit": ("code", "token")}
"""[doc] code, and nothing else; in 2015 an SDK's build asked for a token, and got it [client]."""


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

    @property
    def wants_token(self) -> bool:
        """Whether the answer shall be a token."""
        return self.value("response_type") == "token"


def endpoint(request: Request) -> str:
    """Every form posts to the same address [doc: JS SDK, gulp task generate-auth]."""
    names = {name for name, _ in request.form_params} if request.method == "POST" else set()
    if "decision" in names:
        return "consent"
    if LOOK.password in names:
        return "login"
    return "chooser" if "network" in names else "authorize"


async def authorize(desk: Desk, request: Request) -> Answer:
    """Check the request, have the person sign in and decide, send the result to the redirect URI."""
    step = request.facts.endpoint
    try:
        asked = await _read(desk, request, step)
    except Refusal as refusal:
        return page_error(refusal.rule, refusal.description or "")
    try:
        granted = _check(desk, asked)
    except Refusal as refusal:
        return _send_back(desk, request, asked, refusal.rule, _error(refusal))
    request.facts.client = asked.client.client_id
    session = await sessions.find_session(desk, request.cookie(COOKIE))
    if step == "login":
        return await _sign_in(desk, request, asked)
    person = None if session is None else await _person(desk, session.subject)
    if session is None or person is None:
        people = await desk.store.every(users.User)
        return html_answer(rules.SIGN_IN, sign_in_page(LOOK, _here(request, asked), people=people))
    request.facts.user = session.subject
    if step == "chooser":
        return _choose(request, asked, person)
    network = _network(request, asked, person)
    if network is None:  # ingest/authorize/network-chooser [doc] unless network_id says which
        return _chooser(rules.NETWORK_CHOOSER, request, asked, person)
    if step == "consent":
        return await _decide(desk, request, asked, session, granted, network)
    ticket = await sessions.hand_out_ticket(desk, session, urlencode(asked.params))
    page = consent_page(
        LOOK, _here(request, asked), app=asked.client.name, person=person.name, scopes=granted, ticket=ticket
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
        raise Refusal(rules.CLIENT_UNKNOWN, description="There is no application with this client_id.")
    sent = first(params, "redirect_uri") or None  # without a value it counts as left out: RFC 6749 section 3.1
    if sent is not None and sent not in client.redirect_uris:
        # ingest/authorize/redirect-uri-unknown [assumed]; the guide: "used to validate the stored redirect_uri"
        words = "The redirect_uri is not the one stored for this application."
        raise Refusal(rules.REDIRECT_URI_UNKNOWN, description=words)
    if not client.redirect_uris:  # ingest/authorize/redirect-uri-missing [assumed]
        raise Refusal(rules.REDIRECT_URI_MISSING, description="No redirect_uri is stored for this application.")
    # [doc] optional: the stored one is used
    return Asked(params, client, sent or client.redirect_uris[-1], sent)


def _check(desk: Desk, asked: Asked) -> tuple[str, ...]:
    """The scopes that are asked for; what is wrong from here on goes back in the redirect [doc]."""
    names = [name for name, _ in asked.params]
    if len(names) != len(set(names)):  # ingest/authorize/parameter-repeated [assumed]
        raise Refusal(rules.AUTHORIZE_REPEATED, "invalid_request", "A parameter is repeated.")
    response_type = asked.value("response_type")
    if response_type is None:  # ingest/authorize/parameter-missing [doc] "required"
        raise Refusal(rules.AUTHORIZE_MISSING, "invalid_request", "The response_type parameter is missing.")
    if response_type not in RESPONSE_TYPES[desk.variant]:  # ingest/authorize/response-type [doc] error types
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
    network = (first(request.form_params, "network") or "").strip()
    chosen = _named(user, network)
    right = user is not None and users.password_matches(user, first(request.form_params, LOOK.password) or "")
    if user is None or not right or (network and chosen is None):
        # ingest/authorize/sign-in-wrong [assumed] the form again
        words, people = "That login and password do not match.", await desk.store.every(users.User)
        page = sign_in_page(LOOK, _here(request, asked), problem=words, username=login, people=people)
        return html_answer(rules.SIGN_IN_WRONG, page)
    session = await sessions.start_session(desk, user.subject)
    request.facts.user = user.subject
    secure = "; Secure" if request.scheme == "https" else ""
    cookie = f"{COOKIE}={session.id}; Path=/; HttpOnly; SameSite=Lax{secure}"
    return redirect_answer(rules.SIGNED_IN, _here(request, asked, chosen), ("Set-Cookie", cookie))


def _named(person: users.User | None, text: str) -> str | None:
    """The one of a person's networks that has that id or name."""
    mine = () if person is None else networks_of(person)
    return next((each for each in mine if text.lower() in {each.lower(), name_of(each).lower()}), None)


def _network(request: Request, asked: Asked, person: users.User) -> str | None:
    """The network of the login: the one asked for, or the person's only one; None where that leaves a choice."""
    named, mine = asked.value("network_id"), networks_of(person)
    if named in mine:
        return named
    if named is not None:
        request.facts.notes.append("network_id was ignored: the person does not belong to that network")
    return usual_network(person) if len(mine) < 2 else None


def _chooser(rule: Rule, request: Request, asked: Asked, person: users.User, problem: str = "") -> Answer:
    offered = [(each, name_of(each)) for each in networks_of(person)]
    page = chooser_page(LOOK, _here(request, asked), field="network", offered=offered, problem=problem)
    return html_answer(rule, page)


def _choose(request: Request, asked: Asked, person: users.User) -> Answer:
    """The choice goes into the URL, as if the client had asked for that network [assumed]."""
    chosen = _named(person, first(request.form_params, "network") or "")
    if chosen is None:  # ingest/authorize/network-unknown [assumed]
        return _chooser(rules.NETWORK_UNKNOWN, request, asked, person, "That is none of your networks.")
    return redirect_answer(rules.NETWORK_CHOSEN, _here(request, asked, chosen))


async def _decide(
    desk: Desk, request: Request, asked: Asked, session: sessions.Session, granted: tuple[str, ...], network: str
) -> Answer:
    ticket = first(request.form_params, "ticket")
    if not await sessions.accept_ticket(desk, session, ticket, urlencode(asked.params)):
        # ingest/authorize/form-stale [assumed]
        return page_error(rules.FORM_STALE, "This form was sent before, or belongs to another request.")
    if first(request.form_params, "decision") != "approve":  # ingest/authorize/access-denied [doc]
        refusal = Refusal(rules.ACCESS_DENIED, "access_denied", "The user rejected your request.")
        return _send_back(desk, request, asked, refusal.rule, _error(refusal))
    grant = await open_grant(desk, asked.client.client_id, session.subject, granted, {"network": network})
    if asked.wants_token:  # ingest/authorize/token-issued [client] access_token first
        value = await access_token(desk, request, grant, granted)
        lifetime = str(desk.lifetimes["access_token"])
        given = [("access_token", value), ("token_type", "Bearer"), ("expires_in", lifetime)]
        return _send_back(desk, request, asked, rules.TOKEN_ISSUED, [*given, ("scope", ",".join(granted))])
    code = await codes.issue_code(desk, request.facts, grant, redirect_uri=asked.sent)
    if asked.value("code_challenge"):
        request.facts.notes.append("code_challenge was ignored: this provider knows no PKCE")
    return _send_back(desk, request, asked, rules.CODE_ISSUED, [("code", code)])


async def _person(desk: Desk, subject: str) -> users.User | None:
    return next((user for user in await desk.store.every(users.User) if user.subject == subject), None)


def _error(refusal: Refusal) -> Params:
    return [("error", refusal.error), ("error_description", refusal.description or "")]


def _send_back(desk: Desk, request: Request, asked: Asked, rule: Rule, params: Params) -> Answer:
    """302 with the result in the query; ``state`` as it came [doc], with errors too [assumed, RFC 6749 4.1.2.1]."""
    state = first(asked.params, "state")
    given = params + ([("state", state)] if state is not None else [])
    going = desk.hook.alter(request, "authorization-response", given)
    if asked.wants_token and "token" in RESPONSE_TYPES[desk.variant]:
        return redirect_answer(rule, f"{asked.redirect_uri}#{urlencode(going)}")
    return redirect_answer(rule, add_query(asked.redirect_uri, going))


def _here(request: Request, asked: Asked, network: str | None = None) -> str:
    """The authorization request as a URL, with that network in it if there is one."""
    params = asked.params
    if network is not None:
        params = [(name, value) for name, value in params if name != "network_id"] + [("network_id", network)]
    return f"{request.path}?{urlencode(params)}"
