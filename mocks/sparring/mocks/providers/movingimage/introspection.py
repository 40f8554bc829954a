"""The introspection endpoint (RFC 7662), in the order of Keycloak 4.8.3's TokenIntrospectionEndpoint."""

from typing import Any

from sparring.mocks.engine import tokens
from sparring.mocks.engine.clients import Client
from sparring.mocks.engine.desk import Desk
from sparring.mocks.engine.messages import Answer, Params, Request, first, json_answer
from sparring.mocks.engine.refusals import Refusal
from sparring.mocks.engine.tokens import Standing
from sparring.mocks.providers.movingimage import bearer, offline, releases, rules, sessions
from sparring.mocks.providers.movingimage.addresses import issuer
from sparring.mocks.providers.movingimage.answers import json_error
from sparring.mocks.providers.movingimage.authentication import authenticate
from sparring.mocks.providers.movingimage.people import by_subject
from sparring.mocks.providers.movingimage.variants import DEFAULT, KEYCLOAK_15, step
from sparring.mocks.providers.movingimage.weighing import weigh

PROFILE = ("name", "given_name", "family_name", "preferred_username", "email", "email_verified", "acr")
HINTS = (None, "access_token", "refresh_token", "requesting_party_token")


async def introspect(desk: Desk, request: Request) -> Answer:
    """POST token, by a client that has a secret; any refusal of that client has the same words [engine]."""
    try:
        try:
            client = await authenticate(desk, request)
        except Refusal as refusal:  # movingimage/introspection/client-refused [engine]
            words = "Authentication failed."
            raise Refusal(rules.INTROSPECT_REFUSED, "invalid_request", words, status=401) from refusal
        if client.secret is None:  # movingimage/introspection/client-public [engine]
            raise Refusal(rules.INTROSPECT_PUBLIC, "invalid_request", "Client not allowed.", status=403)
        form = request.form_params
        step(desk, CHECK_FORM)(form)
        value, hint = first(form, "token"), first(form, "token_type_hint")
        if value is None:  # movingimage/introspection/token-missing [engine]
            raise Refusal(rules.INTROSPECT_MISSING, "invalid_request", "Token not provided.")
        if hint not in HINTS:  # movingimage/introspection/hint-unknown [engine]
            raise Refusal(rules.INTROSPECT_HINT, "invalid_request", f"Unsupported token type [{hint}].")
    except Refusal as refusal:
        return json_error(refusal)
    claims = await _active(desk, request, value)
    if claims is None:  # movingimage/introspection/inactive [engine]
        return json_answer(rules.INTROSPECT_INACTIVE, {"active": False})
    more = {"client_id": claims.get("azp"), "username": claims.get("preferred_username"), "active": True}
    return json_answer(rules.INTROSPECT_ACTIVE, _written_anew(claims) | more)


def _written_anew(claims: dict[str, Any]) -> dict[str, Any]:
    """The person's claims stand where the engine's class has them, not where the token has them."""
    later = [name for name in claims if name in {"allowed-origins", "realm_access", "resource_access", "scope", "sid"}]
    first_ones = [name for name in claims if name not in {*PROFILE, *later}]
    names = (*first_ones, *(name for name in PROFILE if name in claims), *later)
    return {name: claims[name] for name in names}


def _any_form(_form: Params) -> None:
    """The first of several counts."""


def _no_form_twice(form: Params) -> None:
    if releases.repeated(form):  # movingimage/introspection/parameter-repeated [engine]
        raise Refusal(rules.INTROSPECT_REPEATED, "invalid_request", releases.REPEATED)


CHECK_FORM = {DEFAULT: _any_form, KEYCLOAK_15: _no_form_twice}


async def _active(desk: Desk, request: Request, value: str) -> dict[str, Any] | None:
    """The claims of a token that is good in every respect; using it so keeps its session alive [engine]."""
    try:
        claims = bearer.read(desk, value, by_the_realm=True)
    except Refusal:
        return None
    if claims.get("iss") != issuer(desk, request.origin) or not bearer.in_time(desk, claims):
        return None
    kind: tokens.Kind = "refresh_token" if str(claims.get("typ")) in {"Refresh", "Offline"} else "access_token"
    _, standing = await weigh(desk, request.facts, kind, value, "body")
    client = await desk.store.get(Client, str(claims.get("azp")))
    if standing is Standing.REVOKED or await bearer.withdrawn(desk, claims) or client is None or not client.enabled:
        return None
    session_id = str(claims.get("session_state"))
    session = await sessions.find_active(desk, session_id)
    if session is not None and not await sessions.attached(desk, session, client.client_id):
        session = None
    found = session or await offline.active(desk, session_id)
    user = None if found is None else await by_subject(desk, found.subject)
    if user is None or user.locked:
        return None
    if session is not None:
        await sessions.touch(desk, session)
    return claims
