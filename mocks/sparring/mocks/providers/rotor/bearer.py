"""Whose call it is: a token, looked for and weighed as Doorkeeper's ``doorkeeper_authorize!`` does."""

import re

from sparring.mocks.engine.desk import Desk
from sparring.mocks.engine.messages import Request
from sparring.mocks.engine.refusals import Refusal
from sparring.mocks.engine.rules import Rule
from sparring.mocks.engine.tokens import Standing, Token
from sparring.mocks.providers.rotor import rules
from sparring.mocks.providers.rotor.managed_users import ManagedUser, find_user
from sparring.mocks.providers.rotor.parameters import parameters, text
from sparring.mocks.providers.rotor.weighing import weigh

UNKNOWN = "The access token is invalid"
WORDS = {Standing.EXPIRED: "The access token expired", Standing.REVOKED: "The access token was revoked"}


async def admit_partner(desk: Desk, request: Request) -> Token:
    """The token of a call that only the partner itself may make."""
    token = await _admit(desk, request)
    if token.subject is not None:
        # rotor/register/user-token [assumed]: as a token without the scope "partner" is refused [engine]
        words = 'Access to this resource requires scope "partner".'
        raise Refusal(rules.USER_TOKEN, "insufficient_scope", words, status=403)
    _expect_json(request)
    return token


async def admit_user(desk: Desk, request: Request) -> ManagedUser:
    """The managed user of a call that is made for a person."""
    token = await _admit(desk, request)
    if token.subject is None:  # rotor/api/partner-token [assumed]
        raise Refusal(rules.PARTNER_TOKEN, status=403)
    _expect_json(request)
    user = await find_user(desk, token.client_id, token.subject)
    return user or ManagedUser(
        id="", client_id=token.client_id, remote_user_id=token.subject, created_at=desk.clock.now()
    )


async def _admit(desk: Desk, request: Request) -> Token:
    """The token of either kind: there, known, not withdrawn, not expired [engine: invalid_token_response.rb]."""
    value, where = presented(request)
    if value is None:  # rotor/bearer/missing [engine]
        raise _invalid(rules.BEARER_MISSING, UNKNOWN)
    if where != "header":
        request.facts.notes.append(f"the token came in the {where}; the document shows the header")
    token, standing = await weigh(desk, request.facts, value, where)
    if token is None:  # rotor/bearer/unknown [engine]
        raise _invalid(rules.BEARER_UNKNOWN, UNKNOWN)
    request.facts.client, request.facts.user = token.client_id, token.subject
    if standing is Standing.EXPIRED:  # rotor/bearer/expired [doc] 401, [engine] words
        raise _invalid(rules.BEARER_EXPIRED, WORDS[standing])
    if standing is not Standing.VALID:  # rotor/bearer/revoked [engine]
        raise _invalid(rules.BEARER_REVOKED, WORDS[Standing.REVOKED])
    return token


def presented(request: Request) -> tuple[str | None, str]:
    """The header, then the parameters ``access_token`` and ``bearer_token`` [engine: access_token_methods]."""
    header = re.match(r"bearer (.*)", request.header("authorization") or "", re.IGNORECASE | re.DOTALL)
    if header is not None and header[1].strip():
        return header[1], "header"
    params = parameters(request)
    for name in ("access_token", "bearer_token"):
        value = text(params, name)
        if value is not None:
            return value, "query" if name in dict(request.query_params) else "body"
    return None, ""


def _expect_json(request: Request) -> None:
    """Refuse whoever takes anything but JSON."""
    ranges = [part.partition(";")[0].strip().lower() for part in (request.header("accept") or "*/*").split(",")]
    if not any(part in {"*/*", "application/*", ""} or part.endswith("json") for part in ranges):
        raise Refusal(rules.NOT_ACCEPTABLE, status=406)  # rotor/api/not-acceptable [assumed]


def _invalid(rule: Rule, words: str) -> Refusal:
    return Refusal(rule, "invalid_token", words, status=401)
