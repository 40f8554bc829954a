"""The authorization endpoint: the guide's "Get an Authorization Code", checked in the order of Keycloak 4.8.3's
AuthorizationEndpoint.process. What later releases do otherwise stands in releases.py.
"""

import re
from dataclasses import replace

from sparring.mocks.engine import pkce
from sparring.mocks.engine.clients import Client
from sparring.mocks.engine.desk import Desk
from sparring.mocks.engine.messages import Answer, Params, Request, first
from sparring.mocks.engine.refusals import Refusal
from sparring.mocks.engine.users import User
from sparring.mocks.providers.movingimage import bearer, consent, cookies, login, releases, rules, sessions, tabs
from sparring.mocks.providers.movingimage.answers import NO_WAY_BACK, error_page
from sparring.mocks.providers.movingimage.asked import Asked
from sparring.mocks.providers.movingimage.people import by_subject
from sparring.mocks.providers.movingimage.redirects import allowed, single
from sparring.mocks.providers.movingimage.responses import MODES, error_params, send_back
from sparring.mocks.providers.movingimage.sessions import SsoSession
from sparring.mocks.providers.movingimage.variants import step

RESPONSE_TYPES = ("code", "none", "id_token", "token")
NOT_ALLOWED = (
    "Client is not allowed to initiate browser login with given response_type. {} flow is disabled for the client."
)


async def authorize(desk: Desk, request: Request) -> Answer:
    """GET takes the query, POST the form, never both [engine: buildGet, buildPost]."""
    params = request.form_params if request.method == "POST" else request.query_params
    try:
        asked = await _read(desk, params)
    except Refusal as refusal:
        return error_page(refusal)
    request.facts.client, state = asked.client.client_id, asked.value("state")
    try:
        types, mode = _check_form(asked)
    except Refusal as refusal:
        mode = step(desk, releases.MODE_OF_BAD_FORM)(asked, refusal)
        return send_back(desk, request, mode, asked.uri, refusal.rule, error_params(desk, request, refusal, state))
    try:
        _check_flow(desk, asked, types)
        step(desk, releases.CHECK_PARAMETERS)(asked)
        _check_challenge(asked)
    except Refusal as refusal:
        return send_back(desk, request, mode, asked.uri, refusal.rule, error_params(desk, request, refusal, state))
    _note(request, asked)
    session = await cookies.session_by_cookie(desk, request)
    if session is not None and _must_sign_in_again(desk, asked, session):
        session = None
    if session is not None:  # signed in already: no page [engine: CookieAuthenticator]
        if asked.has("prompt", "none") and await _question(desk, asked.client, session):
            # movingimage/authorize/interaction-required [engine]
            going = error_params(desk, request, Refusal(rules.INTERACTION_REQUIRED, "interaction_required"), state)
            over = cookies.begun_no_more(request)
            return send_back(desk, request, mode, asked.uri, rules.INTERACTION_REQUIRED, going, NO_WAY_BACK, over)
        await sessions.touch(desk, session)
        user = await _with_action(desk, session)
        if user is not None:
            tab = await tabs.open_tab(desk, request, asked.client.client_id, asked.uri, asked.params)
            return (await login.ask_action(desk, request, tab, user)).with_headers(*cookies.opened(desk, request, tab))
        if asked.has("prompt", "none"):
            return await login.finish(desk, request, asked.client, asked.uri, asked.params, session, again=True)
        tab = await tabs.open_tab(desk, request, asked.client.client_id, asked.uri, asked.params)
        client, uri = asked.client, asked.uri
        answer = await login.finish(desk, request, client, uri, asked.params, session, again=True, tab=tab)
        return replace(answer, headers=(*cookies.opened(desk, request, tab), *answer.headers))
    if asked.has("prompt", "none"):  # movingimage/authorize/login-required [engine]
        going = error_params(desk, request, Refusal(rules.LOGIN_REQUIRED, "login_required"), state)
        root = await tabs.browser(desk, request)
        headers = (NO_WAY_BACK, *cookies.named(desk, request, root), cookies.begun_no_more(request))
        return send_back(desk, request, mode, asked.uri, rules.LOGIN_REQUIRED, going, *headers)
    return await login.show(desk, request, asked.client.client_id, asked.uri, asked.params)


async def _read(desk: Desk, params: Params) -> Asked:
    """Who asks, and where the answer may go; nothing is redirected before both are known."""
    client_id = first(params, "client_id")
    if client_id is None:  # movingimage/authorize/client-id-missing [engine]
        raise Refusal(rules.CLIENT_ID_MISSING, description=step(desk, releases.NO_CLIENT))
    client = await desk.store.get(Client, client_id)
    if client is None:  # movingimage/authorize/client-unknown [engine]
        raise Refusal(rules.CLIENT_UNKNOWN, description=step(desk, releases.CLIENT_NOT_FOUND))
    if not client.enabled:  # movingimage/authorize/client-disabled [engine]
        raise Refusal(rules.CLIENT_DISABLED, description="Client disabled.")
    sent, elsewhere = first(params, "request"), first(params, "request_uri")
    claims = {"client_id": client_id} if sent is None else bearer.claims_of(sent) or {}
    unreadable = claims.get("client_id") != client_id or (sent is not None and elsewhere is not None)
    if unreadable or not _whole(first(params, "max_age")):  # movingimage/authorize/request-unreadable [engine]
        raise Refusal(rules.REQUEST_UNREADABLE, description="Invalid Request")
    sent = first(params, "redirect_uri")
    if sent is not None:
        uri = allowed(sent, client.redirect_uris)
    else:  # required by OpenID Connect, not by OAuth [engine]
        openid = "openid" in (first(params, "scope") or "").split(" ")
        uri = None if openid else single(client.redirect_uris)
    if uri is None:  # movingimage/authorize/redirect-uri [doc] "this must also be set up with movingimage in advance"
        raise Refusal(rules.REDIRECT_URI, description="Invalid parameter: redirect_uri")
    return Asked(params, client, uri)


def _whole(text: str | None) -> bool:
    return text is None or re.fullmatch(r"[+-]?[0-9]{1,9}", text) is not None


def _check_form(asked: Asked) -> tuple[list[str], str]:
    """Response types and mode [engine: checkResponseType]."""
    response_type = asked.value("response_type")
    if response_type is None:  # movingimage/authorize/response-type-missing [doc]
        raise Refusal(rules.RESPONSE_TYPE_MISSING, "invalid_request", "Missing parameter: response_type")
    types = response_type.strip().split(" ")
    if set(types) - set(RESPONSE_TYPES) or ("none" in types and len(types) > 1):
        # movingimage/authorize/response-type-unknown [engine]
        raise Refusal(rules.RESPONSE_TYPE_UNKNOWN, "unsupported_response_type")
    tokens = "token" in types or "id_token" in types
    mode = asked.value("response_mode")
    mode = ("fragment" if tokens else "query") if mode is None else mode.lower()
    if mode not in MODES:  # movingimage/authorize/response-mode-unknown [engine]
        raise Refusal(rules.RESPONSE_MODE_UNKNOWN, "invalid_request", "Invalid parameter: response_mode")
    if tokens and mode == "query":  # movingimage/authorize/response-mode-query [engine]
        words = "Response_mode 'query' not allowed for implicit or hybrid flow"
        raise Refusal(rules.RESPONSE_MODE_QUERY, "invalid_request", words)
    return types, mode


def _check_flow(desk: Desk, asked: Asked, types: list[str]) -> None:
    """What the client may do [engine: checkResponseType]."""
    error = step(desk, releases.FLOW_OFF)
    if {"code", "none"} & set(types) and "authorization_code" not in asked.client.grants:
        # movingimage/authorize/standard-flow-off [engine]
        raise Refusal(rules.STANDARD_FLOW_OFF, error, NOT_ALLOWED.format("Standard"))
    if {"token", "id_token"} & set(types):  # movingimage/authorize/implicit-flow-off [engine]: no client has it
        raise Refusal(rules.IMPLICIT_FLOW_OFF, error, NOT_ALLOWED.format("Implicit"))


def _check_challenge(asked: Asked) -> None:
    """PKCE [engine: checkPKCEParams]."""
    challenge, method = asked.value("code_challenge"), asked.value("code_challenge_method")
    if challenge is None and method is not None:  # movingimage/authorize/challenge-missing [engine]
        raise Refusal(rules.CHALLENGE_MISSING, "invalid_request", "Missing parameter: code_challenge")
    if method not in {None, "S256", "plain"}:  # movingimage/authorize/challenge-method [engine]
        raise Refusal(rules.CHALLENGE_METHOD, "invalid_request", "Invalid parameter: code_challenge_method")
    if challenge is not None and not pkce.wellformed(challenge):  # movingimage/authorize/challenge-malformed [engine]
        raise Refusal(rules.CHALLENGE_MALFORMED, "invalid_request", "Invalid parameter: code_challenge")


async def _question(desk: Desk, client: Client, session: SsoSession) -> bool:
    """Whether the person would be asked something [engine: AuthenticationProcessor.nextRequiredAction]."""
    return await _with_action(desk, session) is not None or await consent.wanted(desk, client, session)


async def _with_action(desk: Desk, session: SsoSession) -> User | None:
    """The person, if there is something to do before any login is over."""
    user = await by_subject(desk, session.subject)
    return user if user is not None and "required_action" in user.attributes else None


def _must_sign_in_again(desk: Desk, asked: Asked, session: SsoSession) -> bool:
    """prompt=login, or a login older than max_age [engine: requireReauthentication]."""
    max_age = asked.value("max_age")
    too_old = max_age is not None and session.authenticated_at + int(max_age) < desk.seconds()
    return too_old or asked.has("prompt", "login")


def _note(request: Request, asked: Asked) -> None:
    """What a stricter server would have refused, and what this fake does not read."""
    names = [name for name, _ in asked.params]
    if len(names) != len(set(names)):
        request.facts.notes.append("a parameter is repeated: the first one counts; Keycloak 12 and later refuse that")
    if releases.unknown_scopes(asked.client, asked.value("scope")):
        request.facts.notes.append("unknown scopes were ignored; Keycloak 12 and later refuse them")
    if {"request", "request_uri"} & set(names):
        request.facts.notes.append("the request object was not read: only the plain parameters count")
