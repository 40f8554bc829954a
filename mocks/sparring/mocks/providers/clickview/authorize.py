"""https://auth.clickviewapp.com/connect/authorize: discovery advertises it, ClickView documents no login. A partner's
client cannot log anybody in, so all roads lead to the error page, in the order of AuthorizeRequestValidator.
"""

from dataclasses import dataclass
from urllib.parse import urlsplit

from sparring.mocks.engine.clients import Client
from sparring.mocks.engine.desk import Desk
from sparring.mocks.engine.messages import Answer, Params, Request, empty_answer, first, html_answer
from sparring.mocks.engine.rules import Rule
from sparring.mocks.pages.render import error_page
from sparring.mocks.providers.clickview import rules
from sparring.mocks.providers.clickview.addresses import auth
from sparring.mocks.providers.clickview.answers import LOOK
from sparring.mocks.providers.clickview.token import FORM, LONGEST, present
from sparring.mocks.providers.clickview.versions import read_form, read_params

LONGEST_REDIRECT_URI = 400  # [engine] InputLengthRestrictions
LONGEST_REQUEST = 51200
CHALLENGE = range(43, 129)
RESPONSE_TYPES = {
    frozenset(words.split())
    for words in (
        "code",
        "token",
        "id_token",
        "id_token token",
        "code id_token",
        "code token",
        "code id_token token",
    )
}
RESPONSE_MODES = ("form_post", "query", "fragment")


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """What the error page of an id tells."""

    rule: str
    error: str
    description: str


async def authorize(desk: Desk, request: Request) -> Answer:
    """Nothing is ever sent back to a redirect URI: none of these errors is safe to [engine: AuthorizeResult]."""
    if request.method not in {"GET", "POST"}:  # clickview/authorize/method [engine]
        return empty_answer(rules.AUTHORIZE_METHOD, 405)
    if request.method == "POST" and request.media_type != FORM:  # clickview/authorize/content-type [engine]
        return empty_answer(rules.AUTHORIZE_CONTENT_TYPE, 415)
    params = read_form(request) if request.method == "POST" else read_params(request, request.query_params)
    rule, error, description = await _reason(desk, request, params)
    error_id = "CfDJ8" + desk.entropy.urlsafe(96, *await desk.serial("error"))
    trouble = Trouble(rule=rule.id, error=error, description=description)
    await desk.store.put(error_id, trouble, until=desk.clock.now() + 3600)
    return empty_answer(rule, 302, ("Location", f"{auth(request.origin)}/home/error?errorId={error_id}"))


async def _reason(desk: Desk, request: Request, params: Params) -> tuple[Rule, str, str]:
    """The rule, error and description [engine]."""
    client_id = present(params, "client_id")
    if client_id is None or len(client_id) > LONGEST:  # clickview/authorize/client-missing
        return rules.AUTHORIZE_CLIENT_MISSING, "invalid_request", "Invalid client_id"
    client = await desk.store.get(Client, client_id)
    if client is None or not client.enabled:  # clickview/authorize/client-unknown
        return rules.AUTHORIZE_CLIENT_UNKNOWN, "unauthorized_client", "Unknown client or client not enabled"
    request.facts.client = client_id
    document, document_uri = present(params, "request"), present(params, "request_uri")
    if document is not None and document_uri is not None:  # clickview/authorize/request-object-twice
        return rules.AUTHORIZE_REQUEST_TWICE, "invalid_request", "Only one request parameter is allowed"
    if document_uri is not None:  # clickview/authorize/request-uri
        return rules.AUTHORIZE_REQUEST_URI, "request_uri_not_supported", ""
    if document is not None:  # clickview/authorize/request-object: no partner has registered a key for one
        words = "Invalid request value" if len(document) >= LONGEST_REQUEST else "Invalid JWT request"
        return rules.AUTHORIZE_REQUEST_OBJECT, "invalid_request_object", words
    uri = present(params, "redirect_uri") or ""
    if len(uri) > LONGEST_REDIRECT_URI or uri not in client.redirect_uris or not urlsplit(uri).scheme:
        # clickview/authorize/redirect-uri-unknown
        return rules.AUTHORIZE_REDIRECT_URI, "invalid_request", "Invalid redirect_uri"
    return _reason_of_response(params)


def _reason_of_response(params: Params) -> tuple[Rule, str, str]:
    """What is wrong with the response that is asked for; in the end, that the client may have none at all."""
    response_type = present(params, "response_type")
    if response_type is None:  # clickview/authorize/response-type
        return rules.AUTHORIZE_RESPONSE_TYPE, "unsupported_response_type", "Missing response_type"
    kinds = frozenset(response_type.split())
    if kinds not in RESPONSE_TYPES:  # clickview/authorize/response-type
        return rules.AUTHORIZE_RESPONSE_TYPE, "unsupported_response_type", "Response type not supported"
    if "code" in kinds and (words := _complaint_of_challenge(params)):  # clickview/authorize/code-challenge
        return rules.AUTHORIZE_CHALLENGE, "invalid_request", words
    mode = present(params, "response_mode")
    if mode not in {None, *RESPONSE_MODES}:  # clickview/authorize/response-mode
        return rules.AUTHORIZE_RESPONSE_MODE, "unsupported_response_type", "Invalid response_mode"
    if mode == "query" and kinds != {"code"}:  # clickview/authorize/response-mode
        return rules.AUTHORIZE_RESPONSE_MODE, "invalid_request", "Invalid response_mode for response_type"
    # clickview/authorize/grant-not-allowed
    return rules.AUTHORIZE_GRANT, "unauthorized_client", "Invalid grant type for client"


def _complaint_of_challenge(params: Params) -> str:
    """PKCE is asked of every client unless it is excused, and only S256 will do [engine: Client.cs]."""
    challenge = present(params, "code_challenge")
    if challenge is None:
        return "code challenge required"
    if len(challenge) not in CHALLENGE:
        return "Invalid code_challenge"
    return "" if present(params, "code_challenge_method") == "S256" else "Transform algorithm not supported"


async def error(desk: Desk, request: Request) -> Answer:
    """GET /home/error: the error that the id stands for."""
    found = await desk.store.get(Trouble, first(request.query_params, "errorId") or "")
    told = ", ".join(part for part in (found.error, found.description) if part) if found else ""
    words = f"Sorry, there was an error: {told}" if told else "Sorry, there was an error."
    rule = rules.BY_ID[found.rule] if found else rules.ERROR_PAGE
    return html_answer(rules.ERROR_PAGE, error_page(LOOK, heading="Error", words=words, rule=rule))
