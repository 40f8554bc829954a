"""https://auth.clickviewapp.com/.well-known/openid-configuration, and its keys. Undocumented; as the engine's."""

from sparring.mocks.engine.desk import Desk
from sparring.mocks.engine.messages import Answer, Request, empty_answer, json_answer
from sparring.mocks.providers.clickview import rules
from sparring.mocks.providers.clickview.addresses import auth, issuer
from sparring.mocks.providers.clickview.answers import ENGINE_JSON
from sparring.mocks.providers.clickview.versions import DEVICE_CODE, version

BROWSER_ENDPOINTS = frozenset({"discovery", "jwks", "token", "userinfo", "revocation"})
CLAIMS = (  # [engine] of the scopes openid and profile, which a service with signed-in people has [assumed]
    "sub",
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
    """Members in the engine's order; no cache header [engine: DiscoveryResponseGenerator]."""
    if request.method != "GET":  # clickview/discovery/method [engine] HEAD neither
        return empty_answer(rules.DISCOVERY_METHOD, 405)
    base = auth(request.origin)
    members = {
        "issuer": issuer(desk, request.origin),
        "jwks_uri": f"{base}/.well-known/openid-configuration/jwks",
        "authorization_endpoint": f"{base}/connect/authorize",
        "token_endpoint": f"{base}/connect/token",
        "userinfo_endpoint": f"{base}/connect/userinfo",
        "end_session_endpoint": f"{base}/connect/endsession",
        "check_session_iframe": f"{base}/connect/checksession",
        "revocation_endpoint": f"{base}/connect/revocation",
        "introspection_endpoint": f"{base}/connect/introspect",
        "device_authorization_endpoint": f"{base}/connect/deviceauthorization",
        "frontchannel_logout_supported": True,
        "frontchannel_logout_session_supported": True,
        "backchannel_logout_supported": True,
        "backchannel_logout_session_supported": True,
        "scopes_supported": ["openid", "profile", "smartembed.viewkey", "offline_access"],
        "claims_supported": CLAIMS,
        "grant_types_supported": [
            "authorization_code",
            "client_credentials",
            "refresh_token",
            "implicit",
            DEVICE_CODE,
        ],
        "response_types_supported": [
            "code",
            "token",
            "id_token",
            "id_token token",
            "code id_token",
            "code token",
            "code id_token token",
        ],
        "response_modes_supported": ["form_post", "query", "fragment"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "subject_types_supported": ["public"],
        "code_challenge_methods_supported": ["plain", "S256"],
        "request_parameter_supported": True,
    }
    return json_answer(rules.DISCOVERY, version(desk).discovery(members, base), kind=ENGINE_JSON)


async def jwks(desk: Desk, request: Request) -> Answer:
    """The keys as the engine writes an RSA key without a certificate [engine: DiscoveryKeyEndpoint]."""
    if request.method != "GET":  # clickview/discovery/method [engine]
        return empty_answer(rules.DISCOVERY_METHOD, 405)
    keys = []
    for key in desk.keys:
        n, e = key.numbers()
        keys.append({"kty": "RSA", "use": "sig", "kid": key.kid, "e": e, "n": n, "alg": "RS256"})
    return json_answer(rules.JWKS, {"keys": keys}, kind=ENGINE_JSON)


def cors(desk: Desk, request: Request, endpoint: str) -> tuple[tuple[str, str], ...]:
    """A browser on an allowed origin may read these; by default no origin is allowed [engine: CorsPolicyProvider]."""
    origin = request.header("origin")
    if origin is None or origin not in desk.origins or endpoint not in BROWSER_ENDPOINTS:
        return ()
    return (("Access-Control-Allow-Origin", origin),)


def preflight(desk: Desk, request: Request, endpoint: str) -> Answer | None:
    """A preflight from an allowed origin [engine]; from any other one it is a request like any other."""
    asked = request.header("access-control-request-method")
    if request.method != "OPTIONS" or asked is None or not cors(desk, request, endpoint):
        return None
    names = request.header("access-control-request-headers")
    headers = (("Access-Control-Allow-Headers", names),) if names else ()
    return empty_answer(rules.PREFLIGHT, 204, *headers, ("Access-Control-Allow-Methods", asked))
