"""What the two versions of the engine do differently, a step each: IdentityServer4 4.1.2, and in the variant ``duende``
its successor, Duende IdentityServer 6.3. Which of them ClickView runs is not known.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from sparring.mocks.engine.desk import Desk
from sparring.mocks.engine.messages import Params, Request
from sparring.mocks.engine.refusals import Refusal
from sparring.mocks.providers.clickview import rules

DEVICE_CODE = "urn:ietf:params:oauth:grant-type:device_code"
CIBA = "urn:openid:params:grant-type:ciba"
LONGEST_RESOURCE = 512  # [engine] InputLengthRestrictions
RSA_AND_EC = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One version. ``grants`` are those that it knows and no partner has; ``no_client`` is its error where no client
    id is found; ``claims`` is the order of those of an access token.
    """

    grants: frozenset[str]
    no_client: str
    claims: tuple[str, ...]
    read: Callable[[Request], Params]
    check_proofs: Callable[[Request], None]
    check_resource: Callable[[Request], None]
    refuse_resource: Callable[[Request], None]
    discovery: Callable[[Mapping[str, Any], str], dict[str, Any]]


def version(desk: Desk) -> Version:
    """The one that runs on this stage."""
    return DUENDE if desk.variant == "duende" else IDENTITYSERVER4


def read_form(request: Request) -> Params:
    """The parameters of a form-encoded body."""
    return read_params(request, request.form_params)


def read_params(request: Request, sent: Params) -> Params:
    """As the engine sees parameters: names in any case, the first value of each [engine: AsNameValueCollection]."""
    params: dict[str, str] = {}
    for name, value in sent:
        if name.lower() in params:
            request.facts.notes.append(f"{name} came again; its first value was taken, a stricter server would refuse")
        elif name != name.lower():
            request.facts.notes.append(f"{name} was read as {name.lower()}; a stricter server would not know it")
        params.setdefault(name.lower(), value)
    return list(params.items())


def _read_and_join(request: Request) -> Params:
    """Blank values are dropped, the others of one name stand in one value [engine: AsNameValueCollection of Duende]."""
    params: dict[str, str] = {}
    for name, value in request.form_params:
        if value.strip():
            params[name.lower()] = f"{params[name.lower()]},{value}" if name.lower() in params else value
    return list(params.items())


def _resources(request: Request) -> list[str]:
    return [value for name, value in request.form_params if name.lower() == "resource" and value.strip()]


def _check_proofs(request: Request) -> None:
    """clickview/token/dpop-twice [engine]; a single proof is not looked at: that needs a licence of its own."""
    if sum(name == "dpop" for name, _ in request.headers) > 1:
        raise Refusal(rules.DPOP_TWICE, "invalid_dpop_proof", "Too many DPoP headers provided.")


def _check_resource(request: Request) -> None:
    """clickview/token/resource-invalid [engine]: the form of resource indicators, before the grant is looked at."""
    found = _resources(request)
    if any(len(resource) > LONGEST_RESOURCE for resource in found):
        raise Refusal(rules.RESOURCE_INVALID, "invalid_target", "Resource indicator maximum length exceeded")
    if not all(_is_uri(resource) for resource in found):
        raise Refusal(rules.RESOURCE_INVALID, "invalid_target", "Invalid resource indicator format")
    if len(found) > 1:
        words = "Multiple resource indicators not supported on token endpoint."
        raise Refusal(rules.RESOURCE_INVALID, "invalid_target", words)


def _is_uri(text: str) -> bool:
    try:
        return bool(urlsplit(text).scheme) and "#" not in text
    except ValueError:
        return False


def _refuse_resource(request: Request) -> None:
    """clickview/token/resource-invalid [engine]: the API is not known by a URI, so no resource is the right one."""
    if _resources(request):
        raise Refusal(rules.RESOURCE_INVALID, "invalid_target")


def _discovery(members: Mapping[str, Any], base: str) -> dict[str, Any]:
    """More members, in the order of Duende's DiscoveryResponseGenerator."""
    made: dict[str, Any] = {}
    for name, value in members.items():
        made[name] = [*value, CIBA] if name == "grant_types_supported" else value
        if name == "device_authorization_endpoint":
            made["backchannel_authentication_endpoint"] = f"{base}/connect/ciba"
    return made | {
        "request_object_signing_alg_values_supported": [*RSA_AND_EC, "HS256", "HS384", "HS512"],
        "prompt_values_supported": ["none", "login", "consent", "select_account"],
        "authorization_response_iss_parameter_supported": True,
        "backchannel_token_delivery_modes_supported": ["poll"],
        "backchannel_user_code_parameter_supported": True,
        "dpop_signing_alg_values_supported": RSA_AND_EC,
    }


IDENTITYSERVER4 = Version(
    grants=frozenset({"authorization_code", "password", DEVICE_CODE}),
    no_client="invalid_client",
    claims=("nbf", "exp", "iss", "aud", "client_id", "jti", "iat", "scope"),
    read=read_form,
    check_proofs=lambda _: None,
    check_resource=lambda _: None,
    refuse_resource=lambda _: None,
    discovery=lambda members, _: dict(members),
)
DUENDE = Version(
    grants=IDENTITYSERVER4.grants | {CIBA},
    no_client="invalid_request",
    claims=("iss", "nbf", "iat", "exp", "aud", "scope", "client_id", "jti"),
    read=_read_and_join,
    check_proofs=_check_proofs,
    check_resource=_check_resource,
    refuse_resource=_refuse_resource,
    discovery=_discovery,
)
