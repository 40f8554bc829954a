"""Every address of Ingest's, in the order of its documents."""

from sparring.mocks.engine.desk import Desk
from sparring.mocks.engine.messages import Answer, Request
from sparring.mocks.engine.provider import Handler, Route
from sparring.mocks.providers.ingest import answers, authorize, membership, people, personal, token, videos
from sparring.mocks.providers.ingest.api import resource


def _api(methods: str, path: str, handler: Handler) -> Route:
    return Route("api", path, handler, frozenset(methods.split()))


ROUTES = (
    Route(authorize.endpoint, "/authorize", authorize.authorize, frozenset({"GET", "POST"})),
    Route("token", "/token", token.token, frozenset({"POST"})),
    Route("personal-token", "/api/clients/{client_id}/token", personal.personal_token, frozenset({"POST"})),
    _api("GET", "/videos", resource(videos.videos, "read_videos")),
    _api("GET", "/videos/{id}", resource(videos.video, "read_videos")),
    _api("GET", "/users/me", resource(people.me, None, person=True)),
    _api("DELETE", "/users/me/revoke", resource(people.revoke_me, None, person=True)),
    _api("DELETE", "/users/{id}/revoke", resource(people.revoke_user, "write_users", person=True)),
    _api("PATCH", "/users/{id}/transfer/{heir}", resource(people.transfer, "write_users", person=True)),
    _api("PUT", "/users/{id}/roles", resource(people.set_roles, "write_users", person=True)),
    _api("GET", "/networks", resource(membership.networks, "read_networks", person=True)),
    _api("GET", "/networks/{id}", resource(membership.network, "read_networks", person=True)),
    # the reference prints the one address for LINK, the SDK calls the other
    _api("LINK", "/networks/{id}", resource(membership.add_member, "write_networks", person=True)),
    _api("LINK", "/networks/{id}/invite", resource(membership.add_member, "write_networks", person=True)),
    _api("UNLINK", "/networks/{id}", resource(membership.remove_member, "write_networks", person=True)),
    _api("POST", "/networks/{id}/invite", resource(membership.invite, "write_networks", person=True)),
    _api("GET", "/networks/{id}/keys", resource(membership.empty_list, "read_netKeys", person=True)),
    _api("GET", "/networks/{id}/invoices", resource(membership.empty_list, "read_billing", person=True)),
    _api("GET", "/networks/{id}/customers", resource(membership.empty_list, "read_billing", person=True)),
    _api("POST", "/live", resource(videos.go_live, "write_live", person=True)),
)


async def wrong_method(desk: Desk, request: Request) -> Answer:
    """A known address, asked by a method that it does not have."""
    here = [route for route in ROUTES if route.pattern.fullmatch(request.path)]
    methods = dict.fromkeys(method for route in here for method in sorted(route.methods))
    return await answers.wrong_method(desk, request, ", ".join(methods))
