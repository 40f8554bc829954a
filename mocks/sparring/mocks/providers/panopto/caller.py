"""Who calls Panopto's own API, and how it says no."""

import re

from sparring.mocks.engine import tokens
from sparring.mocks.engine.desk import Desk
from sparring.mocks.engine.messages import Answer, Request, empty_answer, json_answer
from sparring.mocks.engine.refusals import Refusal
from sparring.mocks.engine.rules import Rule
from sparring.mocks.engine.tokens import Standing, Token
from sparring.mocks.providers.panopto import rules
from sparring.mocks.providers.panopto.answers import JSON

GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
CODES = {400: "BadRequest", 404: "NotFound"}


async def bearer(desk: Desk, request: Request) -> Token | None:
    """The access token of the Authorization header with what is known of it; None where it is not good."""
    value = bearer_value(request)
    if value is None:
        return None
    token, standing = await tokens.weigh_token(desk, request.facts, "access_token", value, "header")
    if token is None or standing is not Standing.VALID:
        return None
    request.facts.client, request.facts.user = token.client_id, token.subject
    return token


def bearer_value(request: Request) -> str | None:
    """What stands behind Bearer, in any case of letters."""
    scheme, _, value = (request.header("authorization") or "").partition(" ")
    return value.strip() or None if scheme.lower() == "bearer" else None


async def admit(desk: Desk, request: Request) -> Token:
    """Token, then scope; the whole of the API asks for them alike."""
    if bearer_value(request) is None:  # panopto/api/bearer-missing [doc]
        raise Refusal(rules.BEARER_MISSING, status=401)
    token = await bearer(desk, request)
    if token is None:  # panopto/api/bearer-refused [doc]
        raise Refusal(rules.BEARER_REFUSED, status=401)
    if "api" not in token.scopes:  # panopto/api/scope-lacking [assumed]
        raise Refusal(rules.SCOPE_LACKING, status=403)
    return token


def refuse(refusal: Refusal) -> Answer:
    """401 and 403 without a body [doc]; otherwise an object ``Error`` [client], whose code is [assumed]."""
    if refusal.status in {401, 403}:
        return empty_answer(refusal.rule, refusal.status)
    words = {"Code": CODES[refusal.status], "Message": refusal.error}
    return json_answer(refusal.rule, {"Error": words}, status=refusal.status, kind=JSON)


def guid(text: object, rule: Rule, what: str) -> str:
    """A GUID in lower case. Refusal with 400."""
    if not isinstance(text, str) or GUID.fullmatch(text) is None:
        raise Refusal(rule, f"The {what} is not a GUID.")
    return text.lower()
