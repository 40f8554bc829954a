"""https://api.rotorvideos.com/oauth/token: "Authorize Application", in the order in which Doorkeeper checks."""

import base64
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote_plus

from sparring.mocks.engine import scopes
from sparring.mocks.engine.clients import Client, Credentials, secret_matches
from sparring.mocks.engine.desk import Desk
from sparring.mocks.engine.grants import open_grant
from sparring.mocks.engine.messages import Answer, Request, json_answer
from sparring.mocks.engine.refusals import Refusal
from sparring.mocks.engine.rules import Rule
from sparring.mocks.providers.rotor import rules
from sparring.mocks.providers.rotor.answers import INVALID_CLIENT, JSON, NO_STORE, rails_error, token_error
from sparring.mocks.providers.rotor.opaque import partner_token
from sparring.mocks.providers.rotor.parameters import FORM, parameters, readable, text
from sparring.mocks.providers.rotor.variants import DOORKEEPER_5_9_6, STRING_NUMBERS

DEFAULT_SCOPES = ("partner",)  # [doc] sample answer; that the server has no other one is [assumed]
ECHOED = frozenset({"invalid_request", "unsupported_grant_type"})


async def token(desk: Desk, request: Request) -> Answer:
    """Parameters from body and query alike, a JSON body too [engine]; the document shows a form."""
    try:
        params = parameters(request)
    except Refusal as refusal:
        return rails_error(refusal.rule, request, 400, "Bad Request")
    try:
        grant_type = text(params, "grant_type")
        if grant_type is None:
            # rotor/token/content-type, rotor/token/grant-type-missing [engine]
            rule = rules.GRANT_TYPE_MISSING if readable(request) else rules.TOKEN_CONTENT_TYPE
            raise Refusal(rule, "invalid_request", "Missing required parameter: grant_type.")
        request.facts.grant = grant_type
        if grant_type != "client_credentials":  # rotor/token/grant-type-unknown [engine]: before the client
            raise Refusal(
                rules.GRANT_TYPE_UNKNOWN,
                "unsupported_grant_type",
                "The authorization grant type is not supported by the authorization server.",
            )
        client = await _authenticate(desk, request, params)
        if grant_type not in client.grants:  # rotor/token/grant-not-allowed [engine] 401 from 5.5.0 on
            raise Refusal(
                rules.GRANT_TYPE_FORBIDDEN,
                "unauthorized_client",
                "The client is not authorized to perform this request using this method.",
                status=401,
            )
        granted = _scopes(client, params)
    except Refusal as refusal:
        # [engine] errors that are raised echo the state, those that a validation finds do not
        return token_error(refusal, text(params, "state") if refusal.error in ECHOED else None)
    grant = await open_grant(desk, client.client_id, None, granted, {"kind": "partner"})
    value = await partner_token(desk, request.facts, grant)
    if request.media_type != FORM:
        request.facts.notes.append("the parameters were not sent as a form; the document asks for one")
    members = (_older_members if desk.variant == STRING_NUMBERS else _members)(desk, value, granted)
    # rotor/token/issued [doc]
    return json_answer(rules.ISSUED, members, NO_STORE, ("Pragma", "no-cache"), kind=JSON)


async def _authenticate(desk: Desk, request: Request, params: Mapping[str, Any]) -> Client:
    """The client that the request comes from; Refusal with ``invalid_client`` where there is none."""
    found = [found for found in (_from_basic(request), _from_params(request, params)) if found is not None]
    choose = _only if desk.variant == DOORKEEPER_5_9_6 else _first
    presented = choose(request, found)
    if presented is None:  # rotor/token/client-missing [engine]
        raise _refused(rules.CLIENT_MISSING)
    client = await desk.store.get(Client, presented.client_id or "")
    if client is None and await _once_decoded(desk, presented):
        # rotor/token/client-form-encoded [engine]: both are taken as they are after base64
        raise _refused(rules.CLIENT_ENCODED)
    if client is None or not client.enabled:  # rotor/token/client-unknown [engine]
        raise _refused(rules.CLIENT_UNKNOWN)
    public = client.secret is None and not presented.secret  # [engine] by_uid_and_secret
    if not public and not secret_matches(client, presented.secret):
        encoded = await _once_decoded(desk, presented)
        # rotor/token/client-form-encoded, rotor/token/client-secret-wrong [engine]
        raise _refused(rules.CLIENT_ENCODED if encoded else rules.SECRET_WRONG)
    request.facts.client = client.client_id
    if presented.method != "basic":
        request.facts.notes.append(f"the credentials came in the {presented.method}; the document shows a Basic header")
    return client


async def _once_decoded(desk: Desk, presented: Credentials) -> bool:
    """Whether the credentials would be right, had they not been form-encoded before base64."""
    if presented.method != "basic":
        return False
    client = await desk.store.get(Client, unquote_plus(presented.client_id or ""))
    return client is not None and secret_matches(client, unquote_plus(presented.secret or ""))


def _refused(rule: Rule) -> Refusal:
    return Refusal(rule, "invalid_client", INVALID_CLIENT, status=401)


def _from_basic(request: Request) -> Credentials | None:
    """Base64 read loosely, split at the first colon, nothing decoded after that [engine: from_basic]."""
    header = re.match(r"basic (.*)", request.header("authorization") or "", re.IGNORECASE | re.DOTALL)
    if header is None:
        return None
    client_id, colon, secret = _decode64(header[1]).partition(":")
    return Credentials(client_id, secret if colon else None, "basic") if client_id.strip() else None


def _decode64(encoded: str) -> str:
    """As Ruby's ``Base64.decode64``: what is no letter of the alphabet is passed over, an odd tail cut off."""
    letters = re.sub(r"[^A-Za-z0-9+/]", "", encoded.partition("=")[0])
    letters = letters[: len(letters) - (len(letters) % 4 == 1)]
    return base64.b64decode(letters + "=" * (-len(letters) % 4)).decode("utf-8", "replace")


def _from_params(request: Request, params: Mapping[str, Any]) -> Credentials | None:
    """``client_id`` and ``client_secret`` [engine: from_params]."""
    client_id, secret = text(params, "client_id"), text(params, "client_secret")
    in_query = {"client_id", "client_secret"} & {name for name, _ in request.query_params}
    return None if client_id is None else Credentials(client_id, secret, "query" if in_query else "body")


def _first(request: Request, found: list[Credentials]) -> Credentials | None:
    """The first that there are; the others are not looked at [engine: 5.9.0]."""
    if len(found) > 1:
        request.facts.notes.append("credentials in header and parameters; the header's were taken, 5.9.6 would refuse")
    return found[0] if found else None


def _only(_request: Request, found: list[Credentials]) -> Credentials | None:
    """The only ones that there may be: one secret, one client id [engine: 5.9.5, 5.9.6]."""
    secrets = [credentials for credentials in found if credentials.secret]
    if len(secrets) > 1 or len({credentials.client_id for credentials in found}) > 1:
        # rotor/token/two-mechanisms [engine]
        raise Refusal(
            rules.TWO_MECHANISMS,
            "invalid_request",
            "The request utilizes more than one mechanism for authenticating the client.",
        )
    return found[0] if found else None


def _scopes(client: Client, params: Mapping[str, Any]) -> tuple[str, ...]:
    """What is asked for; else those of the client that are the server's as well [engine: build_scopes]."""
    own = client.scopes or DEFAULT_SCOPES
    asked = text(params, "scope")
    granted = (
        tuple(name for name in DEFAULT_SCOPES if name in own) if asked is None else tuple(dict.fromkeys(asked.split()))
    )
    if not granted or scopes.foreign(granted, own):  # rotor/token/scope-invalid [engine]
        raise Refusal(rules.SCOPE_INVALID, "invalid_scope", "The requested scope is invalid, unknown, or malformed.")
    return granted


def _members(desk: Desk, value: str, granted: tuple[str, ...]) -> dict[str, Any]:
    """Members in the newest document's order, numbers as numbers [doc]."""
    return {
        "access_token": value,
        "created_at": desk.seconds(),
        "token_type": "Bearer",
        "expires_in": desk.lifetimes["access_token"],
        "scope": " ".join(granted),
    }


def _older_members(desk: Desk, value: str, _granted: tuple[str, ...]) -> dict[str, Any]:
    """The sample of the older documents: numbers as strings, no scope [doc]."""
    return {
        "access_token": value,
        "created_at": str(desk.seconds()),
        "token_type": "Bearer",
        "expires_in": str(desk.lifetimes["access_token"]),
    }
