"""What an authorization request asks for, checked in the order of IdentityServer3's AuthorizeRequestValidator."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from sparring.mocks.engine import scopes
from sparring.mocks.engine.clients import Client
from sparring.mocks.engine.desk import Desk
from sparring.mocks.engine.messages import Facts, Params
from sparring.mocks.engine.refusals import Refusal
from sparring.mocks.engine.rules import Rule
from sparring.mocks.providers.panopto import rules
from sparring.mocks.providers.panopto.parameters import LONGEST, LONGEST_REDIRECT_URI, LONGEST_TEXT, present
from sparring.mocks.providers.panopto.registrations import IDENTITY_SCOPES, RESOURCE_SCOPES, SCOPES

FLOWS = {  # [engine] ResponseTypeToFlowMapping; the grant of a client that has that flow
    "code": "authorization_code",
    "token": "implicit",
    "id_token": "implicit",
    "id_token token": "implicit",
    "code id_token": "hybrid",
    "code token": "hybrid",
    "code id_token token": "hybrid",
}
RESPONSE_TYPES = tuple(FLOWS)
RESPONSE_MODES = ("form_post", "query", "fragment")
PROMPTS = ("none", "login", "consent", "select_account")
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:.+", re.DOTALL)
_INTEGER = re.compile(r"\s*[+-]?\d{1,10}\s*", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """An authorization request whose client and redirect URI are good."""

    params: Params
    client: Client
    redirect_uri: str
    response_type: str
    response_mode: str

    def value(self, name: str) -> str | None:
        """A parameter of the request, None where it is blank."""
        return present(self.params, name)

    @property
    def wants(self) -> frozenset[str]:
        """The words of response_type: code, token, id_token."""
        return frozenset(self.response_type.split())

    @property
    def prompt(self) -> str | None:
        """What the client wants of the person; values that are not known are passed over [engine]."""
        value = self.value("prompt")
        return value if value in PROMPTS else None

    @property
    def idp(self) -> str | None:
        """The identity provider that acr_values ask for [engine: KnownAcrValues]."""
        words = (self.value("acr_values") or "").split(" ")
        return next((word.removeprefix("idp:") for word in words if word.startswith("idp:")), "") or None

    @property
    def max_age(self) -> int | None:
        """Seconds after which a sign-in is too old."""
        value = self.value("max_age")
        return None if value is None else int(value)

    @property
    def scopes(self) -> tuple[str, ...]:
        """The scopes in the order in which they were asked for, each once."""
        return scopes.split(self.value("scope"))


async def read(desk: Desk, facts: Facts, params: Params) -> Asked:
    """Who asks, where the answer goes and how; what is wrong here is shown to the person [engine]."""
    client_id, uri = present(params, "client_id"), present(params, "redirect_uri")
    if client_id is None or len(client_id) > LONGEST:  # panopto/authorize/client-id-missing [engine]
        raise Refusal(rules.CLIENT_ID_MISSING, "invalid_request")
    if uri is None or len(uri) > LONGEST_REDIRECT_URI:  # panopto/authorize/redirect-uri-missing [engine]
        raise Refusal(rules.REDIRECT_URI_MISSING, "invalid_request")
    if not _is_absolute(uri):  # panopto/authorize/redirect-uri-relative [engine]
        raise Refusal(rules.REDIRECT_URI_RELATIVE, "invalid_request")
    client = await desk.store.get(Client, client_id)
    if client is None or not client.enabled:  # panopto/authorize/client-unknown [engine]
        raise Refusal(rules.CLIENT_UNKNOWN, "unauthorized_client")
    facts.client = client.client_id
    if uri.lower() not in {registered.lower() for registered in client.redirect_uris}:
        # panopto/authorize/redirect-uri-unknown [engine] whole, in any case of letters
        raise Refusal(rules.REDIRECT_URI_UNKNOWN, "unauthorized_client")
    if uri not in client.redirect_uris:
        facts.notes.append("redirect_uri differs in upper and lower case; a stricter server would refuse")
    response_type, mode = _response(params, client)
    return Asked(params=params, client=client, redirect_uri=uri, response_type=response_type, response_mode=mode)


def _is_absolute(uri: str) -> bool:
    try:
        parts = urlsplit(uri)
        _ = parts.port  # ValueError where it is no number, as in the guide's "http://localhost:port"
    except ValueError:
        return False
    return _ABSOLUTE.fullmatch(uri) is not None and (parts.scheme not in {"http", "https"} or bool(parts.hostname))


def _response(params: Params, client: Client) -> tuple[str, str]:
    """response_type in its usual order of words, and response_mode [engine: ValidateCoreParameters]."""
    words = frozenset((present(params, "response_type") or "").split())
    asked = next((known for known in RESPONSE_TYPES if frozenset(known.split()) == words), None)
    if asked is None:  # panopto/authorize/response-type [engine] the order of words is free
        raise Refusal(rules.RESPONSE_TYPE, "unsupported_response_type")
    allowed = ("query", "form_post") if asked == "code" else ("fragment", "form_post")
    mode = present(params, "response_mode") or allowed[0]
    if mode not in allowed:  # panopto/authorize/response-mode [engine]
        raise Refusal(rules.RESPONSE_MODE, "unsupported_response_type")
    if FLOWS[asked] not in client.grants:  # panopto/authorize/flow [engine]
        raise Refusal(rules.FLOW, "unauthorized_client")
    return asked, mode


def check_scopes(asked: Asked) -> None:
    """Scopes. What is wrong goes back to the client (status 302), but for one thing that is a page (200) [engine]."""
    scope = asked.value("scope")
    if scope is None or len(scope) > LONGEST_TEXT:  # panopto/authorize/scope-missing [engine]
        raise Refusal(rules.SCOPE_MISSING, "invalid_request", status=302)
    if "id_token" in asked.wants and "openid" not in asked.scopes:  # panopto/authorize/openid-missing [engine]
        raise Refusal(rules.OPENID_MISSING, "invalid_request", status=302)
    if scopes.foreign(asked.scopes, SCOPES):  # panopto/authorize/scope-unknown [engine] in this case of letters only
        raise Refusal(rules.SCOPE_UNKNOWN, "invalid_scope", status=302)
    if set(IDENTITY_SCOPES) & set(asked.scopes) and "openid" not in asked.scopes:
        # panopto/authorize/scope-without-openid [engine]
        raise Refusal(rules.SCOPE_WITHOUT_OPENID, "invalid_scope", status=302)
    if scopes.foreign(asked.scopes, asked.client.scopes):  # panopto/authorize/scope-not-allowed [engine]
        raise Refusal(rules.SCOPE_NOT_ALLOWED, "unauthorized_client", status=200)
    identity, resource = (bool(set(kind) & set(asked.scopes)) for kind in (IDENTITY_SCOPES, RESOURCE_SCOPES))
    only = {"token": resource and not identity, "id_token": identity and not resource}
    if not only.get(asked.response_type, True):  # panopto/authorize/scope-kinds [engine]
        raise Refusal(rules.SCOPE_KINDS, "invalid_scope", status=302)


def check_optional(asked: Asked) -> None:
    """Everything else, in the engine's order; what is wrong goes back to the client [engine]."""

    def too_long(name: str, longest: int) -> bool:
        return len(asked.value(name) or "") > longest

    if too_long("nonce", LONGEST_TEXT):  # panopto/authorize/nonce-too-long [engine]
        raise _bad(rules.NONCE_TOO_LONG)
    if asked.response_type != "code" and "openid" in asked.scopes and asked.value("nonce") is None:
        raise _bad(rules.NONCE_MISSING)  # panopto/authorize/nonce-missing [engine]
    if too_long("ui_locales", LONGEST):  # panopto/authorize/optional-too-long [engine]
        raise _bad(rules.OPTIONAL_TOO_LONG)
    max_age = asked.value("max_age")
    if max_age is not None and not (_INTEGER.fullmatch(max_age) and 0 <= int(max_age) < 1 << 31):
        raise _bad(rules.MAX_AGE)  # panopto/authorize/max-age [engine]
    if too_long("login_hint", LONGEST) or too_long("acr_values", LONGEST_TEXT):
        raise _bad(rules.OPTIONAL_TOO_LONG)  # panopto/authorize/optional-too-long [engine]


def _bad(rule: Rule) -> Refusal:
    return Refusal(rule, "invalid_request", status=302)
