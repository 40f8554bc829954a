"""The API's calls about accounts; revocation is how a person logs out."""

from sparring.mocks.engine import tokens
from sparring.mocks.engine.desk import Desk
from sparring.mocks.engine.messages import Answer, empty_answer
from sparring.mocks.engine.refusals import Refusal
from sparring.mocks.providers.ingest import rules
from sparring.mocks.providers.ingest.api import Call, member_of, show


async def me(desk: Desk, call: Call) -> Answer:
    """GET /users/me: who the person is."""
    person = await member_of(desk, call.subject)
    document = {
        "id": person.subject,
        "url": f"{desk.base_url}/users/{person.subject}",
        "email": person.email,
        "name": person.name,
        "timezone": "UTC",
        "profile": {"display_name": person.name, "title": "", "phone_number": ""},
    }
    return show(call, rules.ME, document)


async def revoke_me(desk: Desk, call: Call) -> Answer:
    """DELETE /users/me/revoke: every token of the person is dead, refresh tokens too [assumed]."""
    await tokens.revoke_tokens(desk, subject=call.subject)
    return empty_answer(rules.REVOKED, 204)


async def revoke_user(desk: Desk, call: Call) -> Answer:
    """DELETE /users/{id}/revoke: the same for another person."""
    person = await member_of(desk, call.request.path_params["id"])
    await tokens.revoke_tokens(desk, subject=person.subject)
    return empty_answer(rules.USER_REVOKED, 204)


async def transfer(desk: Desk, call: Call) -> Answer:
    """PATCH /users/{id}/transfer/{heir}: nothing here has an author, so nothing changes."""
    for name in ("id", "heir"):
        await member_of(desk, call.request.path_params[name])
    return empty_answer(rules.TRANSFERRED, 204)


async def set_roles(desk: Desk, call: Call) -> Answer:
    """PUT /users/{id}/roles with ``role_ids``; roles have no effect here."""
    await member_of(desk, call.request.path_params["id"])
    asked = call.member("role_ids")
    if not isinstance(asked, list) or not asked:  # ingest/api/body-malformed [assumed]; the SDK refuses an empty list
        raise Refusal(rules.BODY, status=400)
    return empty_answer(rules.ROLES_SET, 204)
