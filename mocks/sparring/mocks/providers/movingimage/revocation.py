"""The revocation endpoint (RFC 7009), from Keycloak 10 on: Keycloak 12.0.4's TokenRevocationEndpoint, top to bottom."""

from typing import Any

from sparring.mocks.engine import tokens
from sparring.mocks.engine.desk import Desk
from sparring.mocks.engine.grants import Grant
from sparring.mocks.engine.messages import Answer, Params, Request, empty_answer, first
from sparring.mocks.engine.refusals import Refusal
from sparring.mocks.engine.rules import Rule
from sparring.mocks.providers.movingimage import answers, bearer, consent, cors, offline, releases, rules, sessions
from sparring.mocks.providers.movingimage.authentication import authenticate
from sparring.mocks.providers.movingimage.sessions import SsoSession
from sparring.mocks.providers.movingimage.variants import DEFAULT, KEYCLOAK_12, KEYCLOAK_15, step
from sparring.mocks.providers.movingimage.weighing import weigh

REFRESH = ("Refresh", offline.KIND)


async def revoke(desk: Desk, request: Request) -> Answer:
    """Unknown before Keycloak 10."""
    return await step(desk, SERVED)(desk, request)


async def _revoke(desk: Desk, request: Request) -> Answer:
    """The client proves who it is and gives a token back."""
    form = request.form_params
    try:
        client = await authenticate(desk, request)
        step(desk, CHECK_FORM)(form)
        value = first(form, "token")
        if value is None:  # movingimage/revocation/token-missing [engine]
            raise Refusal(rules.REVOKE_MISSING, "invalid_request", "Token not provided")
        claims = await _read(desk, request, value)
        if claims.get("azp") != client.client_id:  # movingimage/revocation/token-of-another-client [engine]
            raise Refusal(rules.REVOKE_FOREIGN, "invalid_request", "Unmatching clients")
        subject = await _whose(desk, claims, client.client_id)
    except Refusal as refusal:
        return answers.client_error(refusal, *cors.for_client(desk, request))
    if claims["typ"] in REFRESH:
        await _end_all(desk, subject, client.client_id, claims)
    else:
        await bearer.withdraw(desk, claims)
    return empty_answer(rules.REVOKED, 200, *cors.for_client(desk, request))


SERVED = {DEFAULT: answers.lost, KEYCLOAK_12: _revoke}


def _any_form(_form: Params) -> None:
    """The first of several counts."""


def _no_form_twice(form: Params) -> None:
    if releases.repeated(form):  # movingimage/revocation/parameter-repeated [engine]
        raise Refusal(rules.REVOKE_REPEATED, "invalid_request", releases.REPEATED)


CHECK_FORM = {DEFAULT: _any_form, KEYCLOAK_15: _no_form_twice}


async def _read(desk: Desk, request: Request, value: str) -> dict[str, Any]:
    """The claims of a token that can be revoked; one that is over can be, too."""
    try:
        claims = bearer.read(desk, value, by_the_realm=True)
    except Refusal as refusal:
        raise _invalid(rules.REVOKE_INVALID) from refusal
    kind: tokens.Kind = "refresh_token" if claims.get("typ") in REFRESH else "access_token"
    await weigh(desk, request.facts, kind, value, "body")
    if claims.get("typ") not in {*REFRESH, "Bearer"}:  # movingimage/revocation/token-kind [engine]
        raise Refusal(rules.REVOKE_KIND, "unsupported_token_type", "Unsupported token type")
    return claims


async def _whose(desk: Desk, claims: dict[str, Any], client_id: str) -> str:
    """The person; a Refusal where the session is gone, or the client's part of it."""
    session_id = str(claims.get("session_state"))
    session = await sessions.find(desk, session_id)
    if session is not None and not await sessions.attached(desk, session, client_id):
        session = None
    session = session or await offline.active(desk, session_id)
    if session is None:  # movingimage/revocation/token-invalid [engine]
        raise _invalid(rules.REVOKE_INVALID)
    return session.subject


async def _end_all(desk: Desk, subject: str, client_id: str, claims: dict[str, Any]) -> None:
    """A refresh token takes the consent and the client's part of every session along, and the sessions in which no
    other client has one [engine: revokeClient].
    """
    await consent.withdraw(desk, subject, client_id)
    if claims["typ"] == offline.KIND:
        await offline.end(desk, str(claims.get("session_state")))
    grants = await desk.store.every(Grant)
    for session in await desk.store.every(SsoSession):
        if session.subject == subject:
            await sessions.detach(desk, session.id, client_id)
            others = {grant.client_id for grant in grants if grant.attributes.get("session") == session.id} - {
                client_id
            }
            if not [other for other in others if await sessions.attached(desk, session, other)]:
                await sessions.end(desk, session.id)


def _invalid(rule: Rule) -> Refusal:
    """Not an error by its status [engine]."""
    return Refusal(rule, "invalid_token", "Invalid token", 200)
