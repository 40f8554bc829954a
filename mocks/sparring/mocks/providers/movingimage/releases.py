"""Single steps of the authorization and the token endpoint, by the release of Keycloak that brought them."""

from collections.abc import Callable, Mapping

from sparring.mocks.engine import scopes
from sparring.mocks.engine.clients import Client
from sparring.mocks.engine.desk import Desk
from sparring.mocks.engine.messages import Params, Request
from sparring.mocks.engine.refusals import Refusal
from sparring.mocks.providers.movingimage import rules
from sparring.mocks.providers.movingimage.addresses import issuer
from sparring.mocks.providers.movingimage.asked import Asked
from sparring.mocks.providers.movingimage.variants import DEFAULT, ISSUER, KEYCLOAK_12, KEYCLOAK_15, KEYCLOAK_20

CLIENT_NOT_FOUND = {DEFAULT: "Client not found.", KEYCLOAK_20: "Invalid parameter: redirect_uri"}
NO_CLIENT = {DEFAULT: "Missing parameters: client_id", KEYCLOAK_20: "Invalid Request"}
FLOW_OFF = {DEFAULT: "unsupported_response_type", KEYCLOAK_12: "unauthorized_client"}
PASSWORD_OFF = {DEFAULT: "invalid_grant", KEYCLOAK_12: "unauthorized_client"}
GRANT_UNKNOWN = {
    DEFAULT: ("invalid_request", "Invalid grant_type"),
    KEYCLOAK_12: ("unsupported_grant_type", "Unsupported grant_type"),
}
REPEATED = "duplicated parameter"
_KNOWN = frozenset(
    [
        "client_id",
        "response_type",
        "response_mode",
        "redirect_uri",
        "state",
        "scope",
        "login_hint",
        "prompt",
        "kc_idp_hint",
        "kc_action",
        "nonce",
        "max_age",
        "ui_locales",
        "request",
        "request_uri",
        "claims",
        "acr_values",
        "code_challenge",
        "code_challenge_method",
        "display",
    ]
)


def repeated(params: Params) -> set[str]:
    """The names that occur more than once."""
    names = [name for name, _ in params]
    return {name for name in names if names.count(name) > 1}


def unknown_scopes(client: Client, asked: str | None) -> bool:
    """Whether a scope is none of the client's [engine: Keycloak 12.0.4 TokenManager.isValidScope]."""
    always = ("openid", "profile", "email", "roles", "web-origins")
    return bool(scopes.foreign(scopes.split(asked), (*always, *client.scopes)))


def _nothing(_asked: Asked) -> None:
    """The first of several counts, and scopes that nobody knows are ignored."""


def _once_and_known(error: str) -> Callable[[Asked], None]:
    def check(asked: Asked) -> None:
        if repeated(asked.params) & _KNOWN:  # movingimage/authorize/parameter-repeated [engine]
            raise Refusal(rules.PARAMETER_REPEATED, "invalid_request", REPEATED)
        scope = asked.value("scope")
        if unknown_scopes(asked.client, scope):  # movingimage/authorize/scope-unknown [engine]
            raise Refusal(rules.SCOPE_UNKNOWN, error, f"Invalid scopes: {scope}")

    return check


CHECK_PARAMETERS = {
    DEFAULT: _nothing,
    KEYCLOAK_12: _once_and_known("invalid_request"),
    KEYCLOAK_15: _once_and_known("invalid_scope"),
}


def _in_the_query(_asked: Asked, _refusal: Refusal) -> str:
    return "query"


def _as_wished(asked: Asked, refusal: Refusal) -> str:
    """[engine: Keycloak 20.0.1 OIDCResponseMode.parseWhenInvalidResponseType]."""
    mode = asked.value("response_mode")
    by_type = refusal.rule in {rules.RESPONSE_TYPE_MISSING, rules.RESPONSE_TYPE_UNKNOWN}
    return mode if by_type and mode in {"fragment", "form_post"} else "query"


MODE_OF_BAD_FORM = {DEFAULT: _in_the_query, KEYCLOAK_20: _as_wished}


def _unnamed(_desk: Desk, _request: Request) -> Params:
    return []


def _named(desk: Desk, request: Request) -> Params:
    return [("iss", issuer(desk, request.origin))]


NAME_ISSUER: Mapping[str, Callable[[Desk, Request], Params]] = {DEFAULT: _unnamed, ISSUER: _named}


def _any_form(_form: Params) -> None:
    """The first of several counts."""


def _no_form_twice(form: Params) -> None:
    if repeated(form):  # movingimage/token/parameter-repeated [engine]
        raise Refusal(rules.TOKEN_REPEATED, "invalid_request", REPEATED)


CHECK_FORM = {DEFAULT: _any_form, KEYCLOAK_15: _no_form_twice}


def _any_scope(_client: Client, _scope: str | None) -> None:
    """Scopes that nobody knows are ignored."""


def _known_scope(client: Client, scope: str | None) -> None:
    if unknown_scopes(client, scope):  # movingimage/token/scope-unknown [engine]
        raise Refusal(rules.TOKEN_SCOPE_UNKNOWN, "invalid_scope", f"Invalid scopes: {scope}")


CHECK_SCOPE = {DEFAULT: _any_scope, KEYCLOAK_12: _known_scope}
