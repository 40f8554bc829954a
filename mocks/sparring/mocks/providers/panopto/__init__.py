"""Panopto: IdentityServer3 under every customer's site; authorization code, password and implicit clients."""

from sparring.mocks.engine.provider import Handler, Provider, Route
from sparring.mocks.providers.panopto import (
    access,
    addresses,
    answers,
    api,
    authorize,
    certificate,
    claims,
    discovery,
    leaving,
    registrations,
    revocation,
    sign_in,
    storage_target,
    token,
    upload,
    userinfo,
    validation,
)
from sparring.mocks.providers.panopto.addresses import API, OAUTH2, ROOT_FOLDER, UPLOAD_API, UPLOADS

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
        _route("switch", f"{CONNECT}/switch", authorize.switch, "GET"),
        _route("consent", f"{CONNECT}/consent", authorize.consent, "POST"),
        _route("token", f"{CONNECT}/token", token.token, "POST"),
        _route("userinfo", f"{CONNECT}/userinfo", userinfo.userinfo, "GET", "POST"),
        _route("revocation", f"{CONNECT}/revocation", revocation.revoke, "POST"),
        _route("introspection", f"{CONNECT}/introspect", revocation.introspect, "POST"),
        _route("access-token-validation", f"{CONNECT}/accessTokenValidation", validation.access_token, "GET", "POST"),
        _route(
            "identity-token-validation", f"{CONNECT}/identityTokenValidation", validation.identity_token, "GET", "POST"
        ),
        _route("end-session", f"{CONNECT}/endsession", leaving.end_session, "GET", "POST"),
        _route("end-session-callback", f"{CONNECT}/endsessioncallback", leaving.end_session_callback, "GET"),
        _route("check-session", f"{CONNECT}/checksession", leaving.check_session, "GET"),
        _route("logout", f"{OAUTH2}/logout", leaving.logout, "GET", "POST"),
        _route("csp-report", f"{OAUTH2}/csp/report", leaving.policy_report, "POST"),
        _route("api", f"{API}/folders/{{id}}/children", api.children, "GET"),
        _route("folder-sessions", f"{API}/folders/{{id}}/sessions", api.folder_sessions, "GET"),
        _route("folder-search", f"{API}/folders/search", api.search_folders, "GET"),
        _route("folder", f"{API}/folders/{{id}}", api.one_folder, "GET"),
        _route("session-search", f"{API}/sessions/search", api.search_sessions, "GET"),
        _route("session", f"{API}/sessions/{{id}}", api.one_session, "GET"),
        _route("user", f"{API}/users/{{id}}", api.one_user, "GET"),
        _route("legacy-login", f"{API}/auth/legacyLogin", api.legacy_login, "GET"),
        _route("upload", UPLOAD_API, upload.start, "POST"),
        _route("upload-state", f"{UPLOAD_API}/{{id}}", upload.progress, "GET"),
        _route("upload-state", f"{UPLOAD_API}/{{id}}", upload.finish, "PUT"),
        _route("storage", f"{UPLOADS}/{{id}}/{{file}}", storage_target.begin, "POST"),
        _route("storage", f"{UPLOADS}/{{id}}/{{file}}", storage_target.part, "PUT"),
    ),
    # [doc] access 3600 ("expires in 1 hour"); the others are the engine's defaults
    lifetimes={"access_token": 3600, "id_token": 300, "refresh_token": 2592000, "code": 300},
    clients=registrations.CLIENTS,
    persona_clients=registrations.PERSONA_CLIENTS,
    users=registrations.USERS,
    persona_users=registrations.PERSONA_USERS,
    issuer=addresses.issuer,
    kid=certificate.kid,
    lost=answers.lost,
    wrong_method=answers.wrong_method,
    preflight=discovery.preflight,
    cors=discovery.cors,
    mint=claims.mint,
    leeway=access.LEEWAY,
    outage=answers.outage,
)
