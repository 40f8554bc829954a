"""How a client finds everything else: the document "Endpoint Discovery", and what Keycloak 4.8.3 serves below it."""

import base64
from typing import Any

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from sparring.mocks.engine.clients import Client
from sparring.mocks.engine.dates import http_date
from sparring.mocks.engine.desk import Desk
from sparring.mocks.engine.messages import Answer, Request, empty_answer, first, json_answer
from sparring.mocks.engine.refusals import Refusal
from sparring.mocks.providers.movingimage import addresses, cookies, cors, pages, rules
from sparring.mocks.providers.movingimage.addresses import CONNECT, DISCOVERY, REGISTRATION
from sparring.mocks.providers.movingimage.answers import HTML, NEVER, NO_CACHE, json_error
from sparring.mocks.providers.movingimage.editions import EDITIONS
from sparring.mocks.providers.movingimage.variants import step

Members = dict[str, Any]

KEPT = 3600  # [assumed] how long a WebFinger answer may be cached; that it may be is [doc]
PROPERTY = f"{addresses.API}/v1/keycloak/"
ALGORITHMS = ["ES384", "RS384", "HS256", "HS512", "ES256", "RS256", "HS384", "ES512", "RS512"]  # [engine] a hash order


async def webfinger(desk: Desk, request: Request) -> Answer:
    """Which login server goes with the API [doc]."""
    resource = first(request.query_params, "resource")
    if resource is None:  # movingimage/webfinger/resource-missing [assumed]
        return empty_answer(rules.WEBFINGER_MISSING, 400)
    if resource not in {f"{addresses.API}/v1/", f"{addresses.api(request.origin)}/v1/"}:
        return empty_answer(rules.WEBFINGER_UNKNOWN, 404)  # movingimage/webfinger/resource-unknown [assumed]
    base = addresses.login(request.origin)
    document = {
        "subject": resource,
        "properties": {f"{PROPERTY}realm": "platform", f"{PROPERTY}auth-server-url": f"{base}/auth/"},
        "links": [{"rel": "http://openid.net/specs/connect/1.0/issuer", "href": f"{base}{DISCOVERY}"}],
    }
    expires = http_date(desk.clock.now() + KEPT)
    headers = (("Expires", expires), ("Cache-Control", f"max-age={KEPT}"))
    return json_answer(rules.WEBFINGER, document, *headers, kind="application/jrd+json")


async def document(desk: Desk, request: Request) -> Answer:
    """Members in the engine's order [engine: OIDCConfigurationRepresentation]."""
    base = addresses.login(request.origin)
    connect = base + CONNECT
    members: Members = {
        "issuer": addresses.issuer(desk, request.origin),
        "authorization_endpoint": f"{connect}/auth",
        "token_endpoint": f"{connect}/token",
        "token_introspection_endpoint": f"{connect}/token/introspect",
        "userinfo_endpoint": f"{connect}/userinfo",
        "end_session_endpoint": f"{connect}/logout",
        "jwks_uri": f"{connect}/certs",
        "check_session_iframe": f"{connect}/login-status-iframe.html",
        "grant_types_supported": ["authorization_code", "implicit", "refresh_token", "password", "client_credentials"],
        "response_types_supported": [
            "code",
            "none",
            "id_token",
            "token",
            "id_token token",
            "code id_token",
            "code token",
            "code id_token token",
        ],
        "subject_types_supported": ["public", "pairwise"],
        "id_token_signing_alg_values_supported": ALGORITHMS,
        "userinfo_signing_alg_values_supported": [*ALGORITHMS, "none"],
        "request_object_signing_alg_values_supported": [
            *(name for name in ALGORITHMS if not name.startswith("HS")),
            "none",
        ],
        "response_modes_supported": ["query", "fragment", "form_post"],
        "registration_endpoint": base + REGISTRATION,
        "token_endpoint_auth_methods_supported": [
            "private_key_jwt",
            "client_secret_basic",
            "client_secret_post",
            "client_secret_jwt",
        ],
        "token_endpoint_auth_signing_alg_values_supported": ["RS256"],
        "claims_supported": [
            "sub",
            "iss",
            "auth_time",
            "name",
            "given_name",
            "family_name",
            "preferred_username",
            "email",
        ],
        "claim_types_supported": ["normal"],
        "claims_parameter_supported": False,
        "scopes_supported": [
            "openid",
            "address",
            "email",
            "offline_access",
            "phone",
            "profile",
            "roles",
            "web-origins",
        ],
        "request_parameter_supported": True,
        "request_uri_parameter_supported": True,
        "code_challenge_methods_supported": ["plain", "S256"],
        "tls_client_certificate_bound_access_tokens": True,
        "introspection_endpoint": f"{connect}/token/introspect",
    }
    members = step(desk, EDITIONS)(members, connect)
    return json_answer(rules.DOCUMENT, members, NEVER, *cors.for_everybody(request))


async def keys(desk: Desk, request: Request) -> Answer:
    """The keys of access and ID tokens; the one of refresh tokens is never listed [engine]."""
    listed = []
    for key in desk.keys:
        n, e = key.numbers()
        listed.append({"kid": key.kid, "kty": "RSA", "alg": "RS256", "use": "sig", "n": n, "e": e})
    return json_answer(rules.KEYS, {"keys": listed}, NO_CACHE, *cors.for_everybody(request))


async def realm(desk: Desk, request: Request) -> Answer:
    """The realm in a few words, with its newest key."""
    form = desk.keys[0].public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    base = addresses.login(request.origin) + addresses.REALM
    members = {
        "realm": "platform",
        "public_key": base64.b64encode(form).decode(),
        "token-service": f"{base}/protocol/openid-connect",
        "account-service": f"{base}/account",
        "tokens-not-before": 0,
    }
    return json_answer(rules.REALM_INFO, members, NO_CACHE, *cors.for_everybody(request))


async def check_origin(desk: Desk, request: Request) -> Answer:
    """Whether the iframe may tell that client on that origin; by default no client has a web origin."""
    client = await desk.store.get(Client, first(request.query_params, "client_id") or "")
    allowed = client is not None and client.enabled and first(request.query_params, "origin") in desk.origins
    if not allowed:  # movingimage/discovery/check-session-origin [engine]
        return empty_answer(rules.CHECK_SESSION_ORIGIN, 403)
    return empty_answer(rules.CHECK_SESSION, 204)


async def check_session(_desk: Desk, _request: Request) -> Answer:
    """The page for an iframe that watches the session (OpenID Connect Session Management 1.0)."""
    headers = (("Content-Type", HTML), NEVER, cookies.P3P)
    return Answer(status=200, rule=rules.CHECK_SESSION, headers=headers, body=pages.CHECK_SESSION.encode())


async def register(_desk: Desk, _request: Request) -> Answer:
    """Advertised, and closed to strangers by a new realm's policies [engine]."""
    words = "Policy 'Trusted Hosts' rejected request to client-registration service. Details: Host not trusted."
    return json_error(Refusal(rules.REGISTRATION, "insufficient_scope", words, status=403))
