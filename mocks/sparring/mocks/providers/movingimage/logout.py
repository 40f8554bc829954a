"""The end of a session, in the order of Keycloak 4.8.3's LogoutEndpoint. The guide does not speak of it."""

from sparring.mocks.engine import tokens
from sparring.mocks.engine.clients import Client
from sparring.mocks.engine.desk import Desk
from sparring.mocks.engine.messages import Answer, Request, add_query, empty_answer, first
from sparring.mocks.engine.refusals import Refusal
from sparring.mocks.providers.movingimage import bearer, cookies, cors, rules, sessions
from sparring.mocks.providers.movingimage.answers import NO_CACHE, client_error, error_page
from sparring.mocks.providers.movingimage.authentication import authenticate
from sparring.mocks.providers.movingimage.redirects import allowed
from sparring.mocks.providers.movingimage.refresh import check_owner, read_refresh_token


async def logout(desk: Desk, request: Request) -> Answer:
    """GET by a browser, POST by a client."""
    try:
        return await (_by_client(desk, request) if request.method == "POST" else _by_browser(desk, request))
    except Refusal as refusal:
        return client_error(refusal) if request.method == "POST" else error_page(refusal, NO_CACHE)


async def _by_browser(desk: Desk, request: Request) -> Answer:
    """Whom the hint names is signed out, else whom the cookie names; then back, to any client's redirect URI."""
    params = request.query_params
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
    session = await cookies.session_by_cookie(desk, request)
    gone: tuple[tuple[str, str], ...] = ()
    if session is not None:  # the browser's own session ends, whatever the hint says [engine: browserLogout]
        request.facts.user = session.subject
        await sessions.end(desk, session.id)
        gone = cookies.signed_out(request)
    elif named:
        await sessions.end(desk, named)
    if back is None:  # movingimage/logout/signed-out [engine]
        return empty_answer(rules.SIGNED_OUT, 200, NO_CACHE, *gone)
    state = first(params, "state")
    location = back if state is None else add_query(back, [("state", state)])
    return empty_answer(rules.SIGNED_OUT, 302, ("Location", location), NO_CACHE, *gone)


async def _by_client(desk: Desk, request: Request) -> Answer:
    """The client proves who it is and gives the refresh token back; an expired one does as well."""
    client = await authenticate(desk, request)
    value = first(request.form_params, "refresh_token")
    if value is None:  # movingimage/logout/refresh-token-missing [engine]
        raise Refusal(rules.LOGOUT_TOKEN_MISSING, "invalid_request", "No refresh token")
    await tokens.weigh_token(desk, request.facts, "refresh_token", value, "body")
    claims = read_refresh_token(desk, value, rules.LOGOUT_TOKEN_INVALID)
    check_owner(client, claims, rules.LOGOUT_TOKEN_INVALID)  # movingimage/logout/refresh-token-invalid [engine]
    await sessions.end(desk, str(claims.get("session_state")))
    return empty_answer(rules.LOGGED_OUT, 204, *cors.for_client(desk, request))
