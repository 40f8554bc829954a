"""What stands behind a code or a refresh token, and the answer that brings tokens."""

from sparring.mocks.engine.desk import Desk
from sparring.mocks.engine.grants import Grant
from sparring.mocks.engine.messages import Answer, Request, json_answer
from sparring.mocks.engine.refusals import Refusal
from sparring.mocks.engine.rules import Rule
from sparring.mocks.providers.panopto import rules
from sparring.mocks.providers.panopto.answers import JSON, NO_CACHE
from sparring.mocks.providers.panopto.people import person


async def grant_of(desk: Desk, request: Request, grant_id: str) -> Grant:
    """What was granted, if its person still has an account [engine]."""
    grant = await desk.store.get(Grant, grant_id)
    if grant is None or grant.revoked or await person(desk, grant.subject or "") is None:
        raise Refusal(rules.USER_DISABLED, "invalid_request")  # panopto/token/user-disabled [engine]
    request.facts.user = grant.subject
    return grant


def token_answer(desk: Desk, rule: Rule, members: dict[str, str]) -> Answer:
    """Members in the engine's order, no ``scope`` among them [engine: TokenResult]."""
    expires_in = {"expires_in": desk.lifetimes["access_token"], "token_type": "Bearer"}
    present_members = {**members, **expires_in}
    order = ("id_token", "access_token", "expires_in", "token_type", "refresh_token")
    document = {name: present_members[name] for name in order if name in present_members}
    return json_answer(rule, document, *NO_CACHE, kind=JSON)
