"""Panopto: IdentityServer3 under every customer's site; authorization code, ID tokens, refresh by offline_access."""

from sparring.mocks.engine.clients import Client
from sparring.mocks.engine.provider import Handler, Provider, Route
from sparring.mocks.engine.users import User
from sparring.mocks.providers.panopto import (
    addresses,
    answers,
    api,
    asked,
    authorize,
    certificate,
    claims,
    discovery,
    leaving,
    revocation,
    sign_in,
    token,
    userinfo,
)
from sparring.mocks.providers.panopto.addresses import API, OAUTH2, ROOT_FOLDER

WELL_KNOWN = f"{OAUTH2}/.well-known"
CONNECT = f"{OAUTH2}/connect"


def _route(endpoint: str, path: str, handler: Handler, *methods: str) -> Route:
    """Upper and lower case are alike in a path [engine: ASP.NET routing]."""
    return Route(endpoint, path, handler, frozenset(methods), ignore_case=True)


PROVIDER = Provider(
    name="panopto",
    title="Panopto",
    hosts=addresses.HOSTS,
    docs=("Panopto OAuth2 Integration Guide", "Panopto API Python examples", "Panopto public API reference"),
    grants=("authorization_code",),
    scope="openid api offline_access",
    scopes=("openid", "api", "offline_access"),
    endpoints={
        "authorize": f"{CONNECT}/authorize",
        "token": f"{CONNECT}/token",
        "api": f"{API}/folders/{ROOT_FOLDER}/children",
        "jwks": f"{WELL_KNOWN}/jwks",
        "discovery": f"{WELL_KNOWN}/openid-configuration",
        "userinfo": f"{CONNECT}/userinfo",
    },
    routes=(
        _route("discovery", f"{WELL_KNOWN}/openid-configuration", discovery.document, "GET"),
        _route("jwks", f"{WELL_KNOWN}/jwks", discovery.jwks, "GET"),
        _route("authorize", f"{CONNECT}/authorize", authorize.authorize, "GET"),
        Route(sign_in.endpoint, f"{OAUTH2}/login", sign_in.login, frozenset({"GET", "POST"}), ignore_case=True),
        _route("consent", f"{CONNECT}/consent", authorize.consent, "POST"),
        _route("token", f"{CONNECT}/token", token.token, "POST"),
        _route("userinfo", f"{CONNECT}/userinfo", userinfo.userinfo, "GET", "POST"),
        _route("revocation", f"{CONNECT}/revocation", revocation.revoke, "POST"),
        _route("introspection", f"{CONNECT}/introspect", revocation.introspect, "POST"),
        _route("page", f"{CONNECT}/endsession", leaving.end_session, "GET", "POST"),
        _route("page", f"{CONNECT}/checksession", leaving.check_session, "GET"),
        _route("page", f"{OAUTH2}/logout", leaving.logout, "GET", "POST"),
        _route("page", f"{OAUTH2}/csp/report", leaving.policy_report, "POST"),
        _route("api", f"{API}/folders/{{id}}/children", api.children, "GET"),
    ),
    # [doc] access 3600 ("expires in 1 hour"); the others are the engine's defaults
    lifetimes={"access_token": 3600, "id_token": 300, "refresh_token": 2592000, "code": 300},
    clients=(
        Client(  # a GUID and 32 bytes in base64, as the site shows them once
            client_id="3f1d9a52-7c84-4b06-a2e5-8d90c1b7f64e",
            secret="c3BhcnJpbmctcGFub3B0by1jbGllbnQtc2VjcmV0ISE=",
            name="Doubtfire API Client",  # [doc] the guide's example
            redirect_uris=("http://localhost:9127/redirect",),  # [doc]
            scopes=asked.SCOPES,
            grants=frozenset({"authorization_code", "refresh_token"}),
        ),
    ),
    persona_clients=(
        Client(
            client_id="suspended",
            secret="c3VzcGVuZGVkLWNsaWVudC1zZWNyZXQtb2YtcGFub3B0bw==",
            name="Suspended application",
            redirect_uris=("http://localhost:9127/redirect",),
            scopes=asked.SCOPES,
            grants=frozenset({"authorization_code", "refresh_token"}),
            enabled=False,
        ),
        Client(
            client_id="short-lived-tokens",
            secret="c2hvcnQtbGl2ZWQtdG9rZW5zLWNsaWVudC1zZWNyZXQ=",
            name="Application with short-lived tokens",
            redirect_uris=("http://localhost:9127/redirect",),
            scopes=asked.SCOPES,
            grants=frozenset({"authorization_code", "refresh_token"}),
            lifetimes={"access_token": 60},
        ),
    ),
    users=(
        User(
            subject="b7e23ec2-9af2-4c17-8d54-1f6a0e3c5d90",
            username="ada",
            password="ada-spars-here",
            name="Ada",
            email="ada@campus.example",
        ),
    ),
    persona_users=(
        User(
            subject="2a95c6f0-71e4-4d3b-8f06-c5b9d1e7a842",
            username="denies",
            password="denies-spars-here",
            name="Dora Denies",
            email="denies@campus.example",
        ),
        User(
            subject="90d3b7e1-4c58-4af6-b21d-6e8f0a5c9d37",
            username="locked",
            password="locked-spars-here",
            name="Lou Locked",
            email="locked@campus.example",
            locked=True,
        ),
    ),
    issuer=addresses.issuer,
    kid=certificate.kid,
    lost=answers.lost,
    wrong_method=answers.wrong_method,
    preflight=discovery.preflight,
    cors=discovery.cors,
    mint=claims.mint,
)
