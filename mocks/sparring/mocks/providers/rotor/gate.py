"""What Rails turns away before anybody behind it is asked: lost addresses, methods, broken parameters."""

from sparring.mocks.engine.desk import Desk
from sparring.mocks.engine.messages import Answer, Request
from sparring.mocks.engine.provider import Handler
from sparring.mocks.engine.rules import Rule
from sparring.mocks.providers.rotor import rules
from sparring.mocks.providers.rotor.answers import rails_error
from sparring.mocks.providers.rotor.parameters import malformed

METHODS = frozenset(  # [engine] action_dispatch/http/request.rb: HTTP_METHODS
    {
        *("OPTIONS", "GET", "HEAD", "POST", "PUT", "DELETE", "TRACE", "CONNECT"),
        *("PROPFIND", "PROPPATCH", "MKCOL", "COPY", "MOVE", "LOCK", "UNLOCK"),
        *("VERSION-CONTROL", "REPORT", "CHECKOUT", "CHECKIN", "UNCHECKOUT", "MKWORKSPACE", "UPDATE", "LABEL", "MERGE"),
        *("BASELINE-CONTROL", "MKACTIVITY", "ORDERPATCH", "ACL", "SEARCH", "MKCALENDAR", "PATCH"),
    }
)


def behind_rails(handler: Handler) -> Handler:
    """The handler, asked only where query and form can be read."""

    async def handle(desk: Desk, request: Request) -> Answer:
        if malformed(request):  # rotor/parameters-malformed [engine]
            return rails_error(rules.PARAMETERS_MALFORMED, request, 400)
        return await handler(desk, request)

    return handle


async def lost(_desk: Desk, request: Request) -> Answer:
    """An address that is not Rotor's."""
    return _no_route(rules.LOST, request)


async def wrong_method(_desk: Desk, request: Request) -> Answer:
    """A known address, asked by another method: no route, so 404 and not 405 [engine]."""
    return _no_route(rules.TOKEN_METHOD if request.facts.endpoint == "token" else rules.METHOD, request)


def _no_route(rule: Rule, request: Request) -> Answer:
    if request.method not in METHODS:  # rotor/method-unknown [engine]
        return rails_error(rules.METHOD_UNKNOWN, request, 405)
    return rails_error(rule, request, 404)
