"""The API's calls about networks and who belongs to them."""

from typing import Any

from sparring.mocks.engine.desk import Desk
from sparring.mocks.engine.grants import Grant, revoke_grant
from sparring.mocks.engine.messages import Answer, empty_answer, json_answer
from sparring.mocks.engine.refusals import Refusal
from sparring.mocks.providers.ingest import rules
from sparring.mocks.providers.ingest.api import MEDIA_TYPE, Call, member_of, show, show_list
from sparring.mocks.providers.ingest.networks import members, name_of, networks_of, settle


async def networks(desk: Desk, call: Call) -> Answer:
    """GET /networks: those of the person who asks [doc]."""
    person = await member_of(desk, call.subject)
    return show_list(call, rules.NETWORKS, [_network(desk, each) for each in networks_of(person)])


async def network(desk: Desk, call: Call) -> Answer:
    """GET /networks/{id}: one of them, with its members [doc]."""
    return show(call, rules.NETWORK, await _with_members(desk, await _own(desk, call)))


async def add_member(desk: Desk, call: Call) -> Answer:
    """LINK /networks/{id}, with the id of an account [doc]: 200 without a body."""
    chosen = await _own(desk, call)
    subject = call.text("id")
    person = await member_of(desk, subject)
    await settle(desk, person, tuple(dict.fromkeys((*networks_of(person), chosen))))
    return empty_answer(rules.MEMBER_ADDED, 200)


async def remove_member(desk: Desk, call: Call) -> Answer:
    """UNLINK /networks/{id}: whatever token the person had for that network is dead at once [doc]."""
    chosen = await _own(desk, call)
    subject = call.text("id")
    person = next((each for each in await members(desk, chosen) if each.subject == subject), None)
    if person is None:  # ingest/api/member-unknown [doc] 404
        raise Refusal(rules.MEMBER_UNKNOWN, status=404)
    await settle(desk, person, [each for each in networks_of(person) if each != chosen])
    for grant in await desk.store.every(Grant):
        if grant.subject == subject and grant.attributes["network"] == chosen:
            await revoke_grant(desk, grant.id)
    return json_answer(rules.MEMBER_REMOVED, await _with_members(desk, chosen), kind=MEDIA_TYPE)


async def invite(desk: Desk, call: Call) -> Answer:
    """POST /networks/{id}/invite, with a name and an email address [doc]; no mail is sent."""
    await _own(desk, call)
    for name in ("name", "email"):
        call.text(name)
    return empty_answer(rules.INVITED, 204)


async def empty_list(desk: Desk, call: Call) -> Answer:
    """GET /networks/{id}/keys, invoices or customers: there are none [client: the SDK asks for them]."""
    await _own(desk, call)
    return show_list(call, rules.NETWORK_LISTS, [])


async def _own(desk: Desk, call: Call) -> str:
    """The network that the path names, if the person belongs to it."""
    chosen = call.request.path_params["id"]
    if chosen not in networks_of(await member_of(desk, call.subject)):  # ingest/api/network-unknown [doc] 404
        raise Refusal(rules.NO_NETWORK, status=404)
    return chosen


def _network(desk: Desk, chosen: str) -> dict[str, Any]:
    return {
        "network_id": chosen,
        "name": name_of(chosen),
        "customer_id": f"cus_{desk.entropy.alnum(14, desk.provider, 'customer', chosen)}",
    }


async def _with_members(desk: Desk, chosen: str) -> dict[str, Any]:
    listed = [
        {
            "id": each.subject,
            "url": f"{desk.base_url}/users/{each.subject}",
            "email": each.email,
            "name": each.name,
            "profile": {"display_name": each.name, "title": "", "phone_number": ""},
            "timezone": "UTC",
            "deleted_at": None,
        }
        for each in await members(desk, chosen)
    ]
    return {**_network(desk, chosen), "members": listed}
