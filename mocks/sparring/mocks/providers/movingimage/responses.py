"""The way back to the client: in the query, in the fragment, or in a form that sends itself."""

from urllib.parse import urlencode, urlsplit, urlunsplit

from sparring.mocks.engine.desk import Desk
from sparring.mocks.engine.messages import Answer, Params, Request, add_query
from sparring.mocks.engine.refusals import Refusal
from sparring.mocks.engine.rules import Rule
from sparring.mocks.providers.movingimage import pages
from sparring.mocks.providers.movingimage.answers import HTML

MODES = ("query", "fragment", "form_post")


def send_back(
    desk: Desk, request: Request, mode: str, uri: str, rule: Rule, params: Params, *headers: tuple[str, str]
) -> Answer:
    """The authorization response [engine: OIDCRedirectUriBuilder]; what the URI has of a query stays."""
    going = desk.hook.alter(request, "authorization-response", params)
    if mode == "form_post":
        body = pages.form_post(uri, going).encode()
        return Answer(status=200, rule=rule, headers=(("Content-Type", HTML), *headers), body=body)
    if mode == "fragment":
        parts = urlsplit(uri)
        added = urlencode(going)
        location = urlunsplit(parts._replace(fragment=f"{parts.fragment}&{added}" if parts.fragment else added))
    else:
        location = add_query(uri, going)
    return Answer(status=302, rule=rule, headers=(("Location", location), *headers))


def error_params(refusal: Refusal, state: str | None) -> Params:
    """``error``, ``error_description`` where there is one, ``state`` where it came [engine: redirectErrorToClient]."""
    params = [("error", refusal.error)]
    if refusal.description is not None:
        params.append(("error_description", refusal.description))
    return params + ([("state", state)] if state is not None else [])
