"""The way back to the client: in the query, in the fragment, or in a form that sends itself."""

from urllib.parse import urlencode, urlsplit, urlunsplit

from sparring.mocks.engine.desk import Desk
from sparring.mocks.engine.messages import Answer, Params, Request
from sparring.mocks.engine.refusals import Refusal
from sparring.mocks.engine.rules import Rule
from sparring.mocks.providers.movingimage import pages, releases
from sparring.mocks.providers.movingimage.variants import step

MODES = ("query", "fragment", "form_post")


def send_back(
    desk: Desk, request: Request, mode: str, uri: str, rule: Rule, params: Params, *headers: tuple[str, str]
) -> Answer:
    """The authorization response [engine: OIDCRedirectUriBuilder]; what the URI has of a query stays."""
    going = desk.hook.alter(request, "authorization-response", params)
    if mode == "form_post":
        body = pages.form_post(uri, going).encode()
        return Answer(status=200, rule=rule, headers=(("Content-Type", "text/html;charset=UTF-8"), *headers), body=body)
    parts = urlsplit(uri)
    if mode == "fragment":
        added = _encoded(going)
        location = urlunsplit(parts._replace(fragment=f"{parts.fragment}&{added}" if parts.fragment else added))
    else:
        added = _encoded(going)
        location = urlunsplit(parts._replace(query=f"{parts.query}&{added}" if parts.query else added))
    return Answer(status=302, rule=rule, headers=(("Location", location), *headers))


def _encoded(params: Params) -> str:
    return urlencode(params, safe="*")  # [engine] KeycloakUriBuilder


def error_params(desk: Desk, request: Request, refusal: Refusal, state: str | None) -> Params:
    """``error``, ``error_description`` where there is one, ``state`` where it came [engine: redirectErrorToClient];
    ``iss`` in the variant of that name.
    """
    params = [("error", refusal.error)]
    if refusal.description is not None:
        params.append(("error_description", refusal.description))
    params += [("state", state)] if state is not None else []
    return params + step(desk, releases.NAME_ISSUER)(desk, request)
