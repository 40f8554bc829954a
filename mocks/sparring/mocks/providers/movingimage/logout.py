"""The end of a session, in the order of Keycloak 4.8.3's LogoutEndpoint. The guide does not speak of it."""

from dataclasses import dataclass

from sparring.mocks.engine.clients import Client
from sparring.mocks.engine.desk import Desk
from sparring.mocks.engine.messages import Answer, Params, Request, add_query, empty_answer, first
from sparring.mocks.engine.refusals import Refusal
from sparring.mocks.providers.movingimage import bearer, cookies, cors, offline, pages, rules, sessions
from sparring.mocks.providers.movingimage.addresses import LOGOUT_CONFIRM
from sparring.mocks.providers.movingimage.answers import NO_CACHE, client_error, error_page, lost, page
from sparring.mocks.providers.movingimage.authentication import authenticate
from sparring.mocks.providers.movingimage.redirects import allowed
from sparring.mocks.providers.movingimage.refresh import check_owner, read_refresh_token
from sparring.mocks.providers.movingimage.variants import DEFAULT, KEYCLOAK_20, step
from sparring.mocks.providers.movingimage.weighing import weigh


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaving:
    """A person is asked whether to sign out. ``named`` is the hint's session, ``back`` where to go then."""

    root: str
    named: str
    back: str
    state: str | None


async def logout(desk: Desk, request: Request) -> Answer:
    """GET by a browser, POST by a client; from release 18 on a POST without a refresh token is a browser's too."""
    by_client = request.method == "POST" and step(desk, IS_CLIENT)(request)
    try:
        if by_client:
            return await _by_client(desk, request)
        params = request.form_params if request.method == "POST" else request.query_params
        return await step(desk, BY_BROWSER)(desk, request, params)
    except Refusal as refusal:
        return client_error(refusal) if by_client else error_page(refusal)


def _always(_request: Request) -> bool:
    return True


def _with_token(request: Request) -> bool:
    return first(request.form_params, "refresh_token") is not None


IS_CLIENT = {DEFAULT: _always, KEYCLOAK_20: _with_token}


async def _at_once(desk: Desk, request: Request, params: Params) -> Answer:
    """Whom the hint names is signed out, else whom the cookie names; then back, to any client's redirect URI."""
    back = first(params, "post_logout_redirect_uri")
    back = first(params, "redirect_uri") if back is None else back
    if back is not None:
        clients = [client for client in await desk.store.every(Client) if client.enabled]
        back = allowed(back, [uri for client in clients for uri in client.redirect_uris])
        if back is None:  # movingimage/logout/redirect-uri [engine]
            raise Refusal(rules.LOGOUT_REDIRECT_URI, description="Invalid redirect uri")
    hint, named = first(params, "id_token_hint"), ""
    if hint is not None:
        try:
            named = str(bearer.read(desk, hint, by_the_realm=True).get("session_state"))
        except Refusal:  # movingimage/logout/hint-unreadable [engine]
            raise Refusal(rules.LOGOUT_HINT, description="Session not active.") from None
    gone = await _end(desk, request, named)
    if back is None:  # movingimage/logout/signed-out [engine]
        return empty_answer(rules.SIGNED_OUT, 200, NO_CACHE, *gone)
    return _back(back, first(params, "state"), gone)


async def _asking(desk: Desk, request: Request, params: Params) -> Answer:
    """The person is asked first, unless an ID token says for which client [engine: Keycloak 20.0.1 LogoutEndpoint]."""
    if first(params, "redirect_uri") is not None:  # movingimage/logout/redirect-uri-no-more [engine]
        raise Refusal(rules.LOGOUT_OLD_PARAMETER, description="Invalid parameter: redirect_uri")
    back, hint = first(params, "post_logout_redirect_uri"), first(params, "id_token_hint")
    client_id = first(params, "client_id")
    if back is not None and hint is None and client_id is None:  # movingimage/logout/hint-missing [engine]
        raise Refusal(rules.LOGOUT_HINT_MISSING, description="Missing parameters: id_token_hint")
    claims = {} if hint is None else _hinted(desk, hint)
    if client_id is not None and claims and claims.get("azp") != client_id:
        raise Refusal(rules.LOGOUT_HINT, description="Invalid parameter: id_token_hint")
    client = await desk.store.get(Client, client_id or str(claims.get("azp")))
    if back is not None:
        back = None if client is None else allowed(back, client.redirect_uris)
        if back is None:
            raise Refusal(rules.LOGOUT_REDIRECT_URI, description="Invalid redirect uri")
    session = await cookies.session_by_cookie(desk, request)
    named, state = str(claims.get("session_state", "")), first(params, "state")
    sure = bool(claims) and client is not None and (session is None or session.id == named)
    if sure or (session is None and client is not None and back is not None and not claims):
        return await _leave(desk, request, named, back or "", state)
    code = desk.entropy.urlsafe(32, *await desk.serial("logout"))
    root = desk.entropy.uuid(*await desk.serial("root"))  # [engine] an authentication session of its own
    asked = Leaving(root=root, named=named, back=back or "", state=state)
    await desk.store.put(code, asked, until=desk.seconds() + desk.lifetimes["login"])
    fresh = () if request.method == "POST" else (NO_CACHE,)
    headers = cookies.named(desk, request, root)  # movingimage/logout/confirmation [engine]
    return page(rules.LOGOUT_CONFIRM, pages.confirm_logout(LOGOUT_CONFIRM, code), *fresh, *headers)


BY_BROWSER = {DEFAULT: _at_once, KEYCLOAK_20: _asking}


def _hinted(desk: Desk, hint: str) -> dict[str, object]:
    """The claims of an ID token, over or not."""
    try:
        claims = bearer.read(desk, hint, by_the_realm=True)
    except Refusal:
        claims = {}
    if claims.get("typ") != "ID":
        raise Refusal(rules.LOGOUT_HINT, description="Invalid parameter: id_token_hint")
    return claims


async def confirm(desk: Desk, request: Request) -> Answer:
    """Unknown before Keycloak 18."""
    return await step(desk, CONFIRM)(desk, request)


async def _confirmed(desk: Desk, request: Request) -> Answer:
    """The person pressed the button."""
    form = request.form_params
    taken = await desk.store.take(Leaving, first(form, "session_code") or "")
    good = taken is not None and taken.first and taken.record.root == cookies.root(request)
    if taken is None or not good or first(form, "confirmLogout") is None:
        # movingimage/logout/confirmation-unknown [engine]
        return error_page(Refusal(rules.LOGOUT_UNCONFIRMED, description="Logout failed"))
    asked = taken.record
    return await _leave(desk, request, asked.named, asked.back, asked.state)


CONFIRM = {DEFAULT: lost, KEYCLOAK_20: _confirmed}


async def _leave(desk: Desk, request: Request, named: str, back: str, state: str | None) -> Answer:
    gone = await _end(desk, request, named)
    if not gone and request.method == "GET":  # [engine] an authentication session of its own
        gone = cookies.named(desk, request, desk.entropy.uuid(*await desk.serial("root")))
    if back:
        return _back(back, state, gone)
    fresh = () if request.method == "POST" else (NO_CACHE,)
    return page(rules.SIGNED_OUT, pages.info("You are logged out"), *fresh, *gone)


async def _end(desk: Desk, request: Request, named: str) -> cookies.Headers:
    """The browser's own session ends, whatever the hint says [engine: browserLogout]; without one, the hint's."""
    session = await cookies.session_by_cookie(desk, request)
    if session is None:
        if named:
            await sessions.end(desk, named)
        return ()
    request.facts.user = session.subject
    await sessions.end(desk, session.id)
    return await cookies.signed_out(desk, request)


def _back(back: str, state: str | None, gone: cookies.Headers) -> Answer:
    location = back if state is None else add_query(back, [("state", state)])
    return empty_answer(rules.SIGNED_OUT, 302, ("Location", location), *gone)


async def _by_client(desk: Desk, request: Request) -> Answer:
    """The client proves who it is and gives the refresh token back; an expired one does as well."""
    client = await authenticate(desk, request)
    value = first(request.form_params, "refresh_token")
    if value is None:  # movingimage/logout/refresh-token-missing [engine]
        raise Refusal(rules.LOGOUT_TOKEN_MISSING, "invalid_request", "No refresh token")
    await weigh(desk, request.facts, "refresh_token", value, "body")
    claims = read_refresh_token(desk, value, rules.LOGOUT_TOKEN_INVALID)
    check_owner(client, claims, rules.LOGOUT_TOKEN_INVALID)  # movingimage/logout/refresh-token-invalid [engine]
    session_id = str(claims.get("session_state"))
    by_cookie = await cookies.session_by_cookie(desk, request)  # [engine] expireUserSessionCookie
    gone = cookies.forgotten(desk, request) if by_cookie is not None and by_cookie.id == session_id else ()
    await (offline.end if claims["typ"] == offline.KIND else sessions.end)(desk, session_id)
    return empty_answer(rules.LOGGED_OUT, 204, *gone, *cors.for_client(desk, request))
