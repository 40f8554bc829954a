"""The discovery document of later releases, as Keycloak 12.0.4 and 20.0.5 write it [engine: OIDCWellKnownProvider]."""

from collections.abc import Callable, Mapping
from typing import Any

from sparring.mocks.providers.movingimage.variants import DEFAULT, ISSUER, KEYCLOAK_12, KEYCLOAK_20

Members = dict[str, Any]
PUBLIC = ["PS384", "ES384", "RS384", "ES256", "RS256", "ES512", "PS256", "PS512", "RS512"]  # a hash order, as all here
SIGNING = ["PS384", "ES384", "RS384", "HS256", "HS512", "ES256", "RS256", "HS384", "ES512", "PS256", "PS512", "RS512"]
WRAPPING = ["RSA-OAEP", "RSA-OAEP-256", "RSA1_5"]
ENCRYPTION = ["A256GCM", "A192GCM", "A128GCM", "A128CBC-HS256", "A192CBC-HS384", "A256CBC-HS512"]
METHODS = ["private_key_jwt", "client_secret_basic", "client_secret_post", "tls_client_auth", "client_secret_jwt"]
SCOPES = ["address", "email", "microprofile-jwt", "offline_access", "phone", "profile", "roles", "web-origins"]
ORDER_20 = (
    "issuer",
    "authorization_endpoint",
    "token_endpoint",
    "introspection_endpoint",
    "userinfo_endpoint",
    "end_session_endpoint",
    "frontchannel_logout_session_supported",
    "frontchannel_logout_supported",
    "jwks_uri",
    "check_session_iframe",
    "grant_types_supported",
    "acr_values_supported",
    "response_types_supported",
    "subject_types_supported",
    "id_token_signing_alg_values_supported",
    "id_token_encryption_alg_values_supported",
    "id_token_encryption_enc_values_supported",
    "userinfo_signing_alg_values_supported",
    "userinfo_encryption_alg_values_supported",
    "userinfo_encryption_enc_values_supported",
    "request_object_signing_alg_values_supported",
    "request_object_encryption_alg_values_supported",
    "request_object_encryption_enc_values_supported",
    "response_modes_supported",
    "registration_endpoint",
    "token_endpoint_auth_methods_supported",
    "token_endpoint_auth_signing_alg_values_supported",
    "introspection_endpoint_auth_methods_supported",
    "introspection_endpoint_auth_signing_alg_values_supported",
    "authorization_signing_alg_values_supported",
    "authorization_encryption_alg_values_supported",
    "authorization_encryption_enc_values_supported",
    "claims_supported",
    "claim_types_supported",
    "claims_parameter_supported",
    "scopes_supported",
    "request_parameter_supported",
    "request_uri_parameter_supported",
    "require_request_uri_registration",
    "code_challenge_methods_supported",
    "tls_client_certificate_bound_access_tokens",
    "revocation_endpoint",
    "revocation_endpoint_auth_methods_supported",
    "revocation_endpoint_auth_signing_alg_values_supported",
    "backchannel_logout_supported",
    "backchannel_logout_session_supported",
    "device_authorization_endpoint",
    "backchannel_token_delivery_modes_supported",
    "backchannel_authentication_endpoint",
    "backchannel_authentication_request_signing_alg_values_supported",
    "require_pushed_authorization_requests",
    "pushed_authorization_request_endpoint",
    "mtls_endpoint_aliases",
)


def _edition_4(members: Members, _connect: str) -> Members:
    return members


def _edition_12(members: Members, connect: str) -> Members:
    """With revocation and logout by back channel."""
    more = {
        "id_token_signing_alg_values_supported": SIGNING,
        "userinfo_signing_alg_values_supported": [*SIGNING, "none"],
        "request_object_signing_alg_values_supported": [*SIGNING, "none"],
        "token_endpoint_auth_methods_supported": METHODS,
        "token_endpoint_auth_signing_alg_values_supported": SIGNING,
        "claims_supported": ["aud", *members["claims_supported"], "acr"],
        "claims_parameter_supported": True,
        "scopes_supported": ["openid", *SCOPES],
    }
    left_out = {"token_introspection_endpoint", "introspection_endpoint", "tls_client_certificate_bound_access_tokens"}
    edition: Members = {}
    for name, value in members.items():
        if name == "token_introspection_endpoint":
            edition["introspection_endpoint"] = value
        if name not in left_out:
            edition[name] = more.get(name, value)
        if name == "id_token_signing_alg_values_supported":
            edition["id_token_encryption_alg_values_supported"] = WRAPPING
            edition["id_token_encryption_enc_values_supported"] = ENCRYPTION
        if name == "request_uri_parameter_supported":
            edition["require_request_uri_registration"] = True
    return edition | {
        "tls_client_certificate_bound_access_tokens": True,
        "revocation_endpoint": f"{connect}/revoke",
        "revocation_endpoint_auth_methods_supported": METHODS,
        "revocation_endpoint_auth_signing_alg_values_supported": SIGNING,
        "backchannel_logout_supported": True,
        "backchannel_logout_session_supported": True,
    }


def _edition_20(members: Members, connect: str) -> Members:
    """With much that movingimage does not speak of and the fake does not serve: devices, CIBA, pushed requests."""
    edition = _edition_12(members, connect)
    device, backchannel, pushed = f"{connect}/auth/device", f"{connect}/ext/ciba/auth", f"{connect}/ext/par/request"
    edition |= {
        "frontchannel_logout_session_supported": True,
        "frontchannel_logout_supported": True,
        "grant_types_supported": [
            *edition["grant_types_supported"],
            "urn:ietf:params:oauth:grant-type:device_code",
            "urn:openid:params:grant-type:ciba",
        ],
        "acr_values_supported": ["0", "1"],
        "userinfo_encryption_alg_values_supported": WRAPPING,
        "userinfo_encryption_enc_values_supported": ENCRYPTION,
        "request_object_encryption_alg_values_supported": WRAPPING,
        "request_object_encryption_enc_values_supported": ENCRYPTION,
        "response_modes_supported": [
            *edition["response_modes_supported"],
            "query.jwt",
            "fragment.jwt",
            "form_post.jwt",
            "jwt",
        ],
        "introspection_endpoint_auth_methods_supported": METHODS,
        "introspection_endpoint_auth_signing_alg_values_supported": SIGNING,
        "authorization_signing_alg_values_supported": SIGNING,
        "authorization_encryption_alg_values_supported": WRAPPING,
        "authorization_encryption_enc_values_supported": ENCRYPTION,
        "scopes_supported": ["openid", "acr", *SCOPES],
        "device_authorization_endpoint": device,
        "backchannel_token_delivery_modes_supported": ["poll", "ping"],
        "backchannel_authentication_endpoint": backchannel,
        "backchannel_authentication_request_signing_alg_values_supported": PUBLIC,
        "require_pushed_authorization_requests": False,
        "pushed_authorization_request_endpoint": pushed,
        "mtls_endpoint_aliases": {
            "token_endpoint": f"{connect}/token",
            "revocation_endpoint": f"{connect}/revoke",
            "introspection_endpoint": f"{connect}/token/introspect",
            "device_authorization_endpoint": device,
            "registration_endpoint": edition["registration_endpoint"],
            "userinfo_endpoint": edition["userinfo_endpoint"],
            "pushed_authorization_request_endpoint": pushed,
            "backchannel_authentication_endpoint": backchannel,
        },
    }
    return {name: edition[name] for name in ORDER_20}


def _edition_23(members: Members, connect: str) -> Members:
    """RFC 9207 section 3."""
    return _edition_20(members, connect) | {"authorization_response_iss_parameter_supported": True}


EDITIONS: Mapping[str, Callable[[Members, str], Members]] = {
    DEFAULT: _edition_4,
    KEYCLOAK_12: _edition_12,
    KEYCLOAK_20: _edition_20,
    ISSUER: _edition_23,
}
