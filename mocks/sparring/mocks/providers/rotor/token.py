"""https://api.rotorvideos.com/oauth/token: "Authorize Application", in the order in which Doorkeeper checks."""

import re
from collections.abc import Mapping
from typing import Any

from sparring.mocks.engine import scopes
from sparring.mocks.engine.clients import Client
from sparring.mocks.engine.desk import Desk
from sparring.mocks.engine.grants import open_grant
from sparring.mocks.engine.messages import Answer, Request
from sparring.mocks.engine.refusals import Refusal
from sparring.mocks.providers.rotor import rules
from sparring.mocks.providers.rotor.answers import INVALID_CLIENT, rails_error, token_answer, token_error
from sparring.mocks.providers.rotor.authentication import find_credentials, recognise
from sparring.mocks.providers.rotor.opaque import PARTNER, partner_token
from sparring.mocks.providers.rotor.parameters import FORM, parameters, present, readable, text
from sparring.mocks.providers.rotor.variants import DOORKEEPER_5_9_6, STRING_NUMBERS

DEFAULT_SCOPES = ("partner",)  # [doc] sample answer; that the server has no other one is [assumed]
ECHOED = frozenset({"invalid_request", "unsupported_grant_type"})


async def token(desk: Desk, request: Request) -> Answer:
    """Parameters from body and query alike, a JSON body too [engine]; the document shows a form."""
    try:
        params = parameters(request)
    except Refusal as refusal:
        return rails_error(refusal.rule, request, 400)
    try:
        if not present(params, "grant_type"):
            # rotor/token/content-type, rotor/token/grant-type-missing [engine]
            rule = rules.GRANT_TYPE_MISSING if readable(request) else rules.TOKEN_CONTENT_TYPE
            raise Refusal(rule, "invalid_request", "Missing required parameter: grant_type.")
        request.facts.grant = str(params["grant_type"])
        if params["grant_type"] != "client_credentials":  # rotor/token/grant-type-unknown [engine]: before the client
            raise Refusal(
                rules.GRANT_TYPE_UNKNOWN,
                "unsupported_grant_type",
                "The authorization grant type is not supported by the authorization server.",
            )
        client = await recognise(desk, request, find_credentials(desk, request, params))
        if not isinstance(client, Client):
            raise Refusal(client, "invalid_client", INVALID_CLIENT, status=401)
        if "client_credentials" not in client.grants:  # rotor/token/grant-not-allowed [engine] 401 from 5.5.0 on
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
    grant = await open_grant(desk, client.client_id, None, granted, PARTNER)
    value = await partner_token(desk, request.facts, grant)
    if request.media_type != FORM:
        request.facts.notes.append("the parameters were not sent as a form; the document asks for one")
    members = _MEMBERS.get(desk.variant, _members)(desk, value, granted)
    # rotor/token/issued [doc]
    return token_answer(rules.ISSUED, members, ("Pragma", "no-cache"))


def _scopes(client: Client, params: Mapping[str, Any]) -> tuple[str, ...]:
    """What is asked for; else those of the client that are the server's as well [engine: build_scopes]."""
    own = client.scopes or DEFAULT_SCOPES
    granted = tuple(name for name in DEFAULT_SCOPES if name in own)
    if present(params, "scope"):  # [engine] split at any white space, a tab too; scopes.rb
        granted = tuple(dict.fromkeys(re.findall(r"[^ \t\n\v\f\r]+", text(params, "scope") or "")))
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


def _engine_members(desk: Desk, value: str, granted: tuple[str, ...]) -> dict[str, Any]:
    """Members in the engine's order [engine: token_response.rb]."""
    members = _members(desk, value, granted)
    return {name: members[name] for name in ("access_token", "token_type", "expires_in", "scope", "created_at")}


_MEMBERS = {STRING_NUMBERS: _older_members, DOORKEEPER_5_9_6: _engine_members}
