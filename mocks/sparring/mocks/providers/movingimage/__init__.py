"""movingimage VideoManager Pro: a Keycloak 4.8 realm; code flow with OpenID Connect, refresh tokens that are JWTs."""

from collections.abc import Iterator

from sparring.mocks.engine.clients import Client
from sparring.mocks.engine.desk import Desk
from sparring.mocks.engine.messages import Answer, Request
from sparring.mocks.engine.provider import Handler, Provider, Route
from sparring.mocks.engine.users import User
from sparring.mocks.providers.movingimage import (
    actions,
    addresses,
    answers,
    api,
    authorize,
    claims,
    cors,
    discovery,
    headers,
    introspection,
    login,
    logout,
    old_login,
    revocation,
    sessions,
    token,
    userinfo,
)
from sparring.mocks.providers.movingimage.addresses import (
    CONNECT,
    CONSENT_ACTION,
    DISCOVERY,
    LOGIN_ACTION,
    LOGOUT_CONFIRM,
    REALM,
    REGISTRATION,
    REQUIRED_ACTION,
    RESTART_ACTION,
)
from sparring.mocks.providers.movingimage.variants import VARIANTS

SCOPES = ("openid", "profile", "email", "address", "phone", "offline_access")


def _route(endpoint: str, path: str, handler: Handler, *methods: str) -> Route:
    return Route(endpoint, path, handler, frozenset(methods))


def _realm(endpoint: str, path: str, handler: Handler, *methods: str) -> Iterator[Route]:
    """An address of the login server, with a slash at its end too [engine: RESTEasy]; headers stand in its order."""

    async def arranged(desk: Desk, request: Request) -> Answer:
        return headers.arranged(desk, request, await handler(desk, request))

    for spelt in (path, f"{path}/"):
        yield Route(endpoint, spelt, arranged, frozenset(methods))


def _preflight(desk: Desk, request: Request, endpoint: str) -> Answer | None:
    answer = cors.preflight(desk, request, endpoint)
    return None if answer is None else headers.arranged(desk, request, answer)


PROVIDER = Provider(
    name="movingimage",
    title="movingimage",
    hosts=addresses.HOSTS,
    docs=('movingimage "Logged-in Users (server-side)"', 'movingimage "Endpoint Discovery"'),
    grants=("authorization_code",),
    scope="openid",
    scopes=("openid",),
    endpoints={
        "authorize": f"{CONNECT}/auth",
        "token": f"{CONNECT}/token",
        "api": "/v1/vms",
        "jwks": f"{CONNECT}/certs",
        "discovery": DISCOVERY,
        "userinfo": f"{CONNECT}/userinfo",
    },
    routes=(
        _route("webfinger", "/.well-known/webfinger", discovery.webfinger, "GET"),
        *_realm("discovery", DISCOVERY, discovery.document, "GET"),
        *_realm("realm", REALM, discovery.realm, "GET"),
        *_realm("authorize", f"{CONNECT}/auth", authorize.authorize, "GET", "POST"),
        *_realm("consent", CONSENT_ACTION, login.decide, "POST"),
        *_realm("login", RESTART_ACTION, login.start_again, "GET"),
        *_realm("login", REQUIRED_ACTION, actions.act, "GET", "POST"),
        *_realm("login", LOGIN_ACTION, login.authenticate, "GET", "POST"),
        *_realm("token", f"{CONNECT}/token", token.token, "POST"),
        *_realm("introspection", f"{CONNECT}/token/introspect", introspection.introspect, "POST"),
        *_realm("userinfo", f"{CONNECT}/userinfo", userinfo.userinfo, "GET", "POST"),
        *_realm("logout", f"{CONNECT}/logout", logout.logout, "GET", "POST"),
        *_realm("logout", LOGOUT_CONFIRM, logout.confirm, "POST"),
        *_realm("revocation", f"{CONNECT}/revoke", revocation.revoke, "POST"),
        *_realm("jwks", f"{CONNECT}/certs", discovery.keys, "GET"),
        *_realm("page", f"{CONNECT}/login-status-iframe.html", discovery.check_session, "GET"),
        *_realm("page", f"{CONNECT}/login-status-iframe.html/init", discovery.check_origin, "GET"),
        *_realm("registration", REGISTRATION, discovery.register, "POST"),
        _route("api", "/v1/vms", api.vms, "GET"),
        _route("old-login", "/v1/vms/auth/login", old_login.login, "POST"),
        _route("old-login", "/v1/vms/auth/refresh/{id}", old_login.refresh, "POST"),
        _route("user-info", "/v1/vms/corp-tube-admin/user-info", old_login.user_info, "POST"),
    ),
    # [doc] access 300, refresh 3600 in the sample answer, hence the idle time of a session; [engine] a session ends
    # after ten hours at the latest, a code after a minute, an open sign-in form after half an hour, offline access
    # after thirty days without use
    sign_out=sessions.sign_out,
    lifetimes={
        "access_token": 300,
        "refresh_token": 3600,
        "session": 36000,
        "code": 60,
        "login": 1800,
        "offline_session": 2592000,
    },
    clients=(
        Client(  # made up: movingimage hands out id, secret and redirect URI
            client_id="example-client",
            secret="9a0c2f4b-6a53-4f0e-8f7d-5d1e3b7c9a10",
            name="Example Client",
            redirect_uris=("https://redirect.example.com/",),
            scopes=SCOPES,
            grants=frozenset({"authorization_code", "refresh_token"}),
        ),
        Client(  # [doc] the public client that all customers share
            client_id="anonymous",
            secret=None,
            name="anonymous",
            scopes=SCOPES,
            grants=frozenset({"password", "refresh_token"}),
        ),
    ),
    persona_clients=(
        Client(
            client_id="asks-for-consent",
            secret="7d20b9e4-51c8-4e6f-a3b7-60f8d2c94e15",
            name="Application that asks for consent",
            redirect_uris=("https://redirect.example.com/",),
            scopes=SCOPES,
            grants=frozenset({"authorization_code", "refresh_token"}),
            consent=True,
        ),
        Client(
            client_id="suspended",
            secret="c61e7a90-8d3b-4f52-9e07-2b5f4d8a1c36",
            name="Suspended application",
            redirect_uris=("https://redirect.example.com/",),
            scopes=SCOPES,
            grants=frozenset({"authorization_code", "refresh_token"}),
            enabled=False,
        ),
        Client(
            client_id="short-lived-tokens",
            secret="4f8b1d6e-2c97-4a35-b0e4-7d9a6c1f5382",
            name="Application with short-lived tokens",
            redirect_uris=("https://redirect.example.com/",),
            scopes=SCOPES,
            grants=frozenset({"authorization_code", "refresh_token"}),
            lifetimes={"access_token": 10},
        ),
        Client(
            client_id="public",
            secret=None,
            name="Public application",
            redirect_uris=("https://redirect.example.com/",),
            scopes=SCOPES,
            grants=frozenset({"authorization_code", "refresh_token"}),
        ),
    ),
    users=(
        User(
            subject="6f0f3a0e-9d1c-4b55-8c52-0a1f0c7d2e33",
            username="ada",
            password="ada-spars-here",
            name="Ada Example",
            email="ada@network.example",
        ),
    ),
    persona_users=(
        User(
            subject="1c7d5b92-3e60-4f18-8a4b-9d2c6e0f7a51",
            username="denies",
            password="denies-spars-here",
            name="Dora Denies",
            email="denies@network.example",
        ),
        User(
            subject="e40a8f37-6b1d-4c29-95f2-0b7e3d8c1a64",
            username="locked",
            password="locked-spars-here",
            name="Lou Locked",
            email="locked@network.example",
            locked=True,
        ),
    ),
    variants=VARIANTS,
    issuer=addresses.issuer,
    kid=claims.kid,
    lost=answers.lost,
    wrong_method=answers.wrong_method,
    preflight=_preflight,
    mint=claims.mint,
    outage=answers.outage,
)
