"""https://{site}/Panopto/oauth2/.well-known: IdentityServer3's DiscoveryEndpointController, and its CORS policy."""

import base64

from sparring.mocks.engine.desk import Desk
from sparring.mocks.engine.messages import Answer, Request, empty_answer, json_answer
from sparring.mocks.providers.panopto import rules
from sparring.mocks.providers.panopto.addresses import base, issuer, site
from sparring.mocks.providers.panopto.answers import JSON
from sparring.mocks.providers.panopto.asked import RESPONSE_MODES, RESPONSE_TYPES
from sparring.mocks.providers.panopto.certificate import certificate, thumbprint
from sparring.mocks.providers.panopto.registrations import ORIGINS, SCOPES

BROWSER_ENDPOINTS = frozenset({"discovery", "jwks", "token", "userinfo", "identity-token-validation", "revocation"})
"""[engine] CorsPaths."""
API_ENDPOINTS = frozenset({"api", "folder", "folder-sessions", "folder-search", "session", "session-search", "user"})
"""That a browser may call these is [assumed] from the client type for JavaScript."""
SIMPLE_METHODS = frozenset({"GET", "HEAD", "POST"})
SIMPLE_HEADERS = frozenset({"origin", "accept", "accept-language", "content-language"})
PROFILE = (  # [engine] ScopeToClaimsMapping
    "name",
    "family_name",
    "given_name",
    "middle_name",
    "nickname",
    "preferred_username",
    "profile",
    "picture",
    "website",
    "gender",
    "birthdate",
    "zoneinfo",
    "locale",
    "updated_at",
)


async def document(desk: Desk, request: Request) -> Answer:
    """Members in the engine's order; no cache header [engine]."""
    connect = f"{base(request.origin)}/connect"
    members = {
        "issuer": issuer(desk, request.origin),
        "jwks_uri": f"{base(request.origin)}/.well-known/jwks",
        "authorization_endpoint": f"{connect}/authorize",
        "token_endpoint": f"{connect}/token",
        "userinfo_endpoint": f"{connect}/userinfo",
        "end_session_endpoint": f"{connect}/endsession",
        "check_session_iframe": f"{connect}/checksession",
        "revocation_endpoint": f"{connect}/revocation",
        "introspection_endpoint": f"{connect}/introspect",
        "frontchannel_logout_supported": True,
        "frontchannel_logout_session_supported": True,
        "scopes_supported": SCOPES,
        "claims_supported": ("sub", *PROFILE, "email", "email_verified"),
        "response_types_supported": RESPONSE_TYPES,
        "response_modes_supported": RESPONSE_MODES,
        "grant_types_supported": (
            "authorization_code",
            "client_credentials",
            "password",
            "refresh_token",
            "implicit",
        ),
        "subject_types_supported": ("public",),
        "id_token_signing_alg_values_supported": ("RS256",),
        "code_challenge_methods_supported": ("plain", "S256"),
        "token_endpoint_auth_methods_supported": ("client_secret_post", "client_secret_basic"),
    }
    return json_answer(rules.DISCOVERY, members, kind=JSON)


async def jwks(desk: Desk, _request: Request) -> Answer:
    """The keys with their certificates, without ``alg`` [engine]."""
    keys = []
    for key in desk.keys:
        n, e = key.numbers()
        name = thumbprint(key.private)
        chain = [base64.b64encode(certificate(key.private)).decode()]
        keys.append({"kty": "RSA", "use": "sig", "kid": name, "x5t": name, "e": e, "n": n, "x5c": chain})
    return json_answer(rules.JWKS, {"keys": keys}, kind=JSON)


def cors(desk: Desk, request: Request, endpoint: str) -> tuple[tuple[str, str], ...]:
    """A browser on one of the client's origins may read these [engine: CorsPolicyProvider]."""
    origin = request.header("origin")
    if origin is None or endpoint not in BROWSER_ENDPOINTS | API_ENDPOINTS or origin == site(request.origin):
        return ()
    if origin.lower() not in {allowed.lower() for allowed in (*ORIGINS, *desk.origins)}:
        return ()
    return (("Access-Control-Allow-Origin", origin),)


def preflight(desk: Desk, request: Request, endpoint: str) -> Answer | None:
    """A preflight from an allowed origin; from any other one it is a request like any other [engine: Katana]."""
    method = request.header("access-control-request-method")
    if request.method != "OPTIONS" or method is None or not cors(desk, request, endpoint):
        return None
    names = [name.strip() for name in (request.header("access-control-request-headers") or "").split(",")]
    named = ",".join(name for name in names if name and name.lower() not in SIMPLE_HEADERS)
    headers = [] if method in SIMPLE_METHODS else [("Access-Control-Allow-Methods", method)]
    headers += [("Access-Control-Allow-Headers", named)] if named else []
    return empty_answer(rules.PREFLIGHT, 200, *headers)
