"""How Ingest words its answers."""

from sparring.mocks.engine.desk import Desk
from sparring.mocks.engine.messages import Answer, Request, empty_answer, html_answer, json_answer
from sparring.mocks.engine.refusals import Refusal
from sparring.mocks.engine.rules import Rule
from sparring.mocks.pages.render import Look, error_page
from sparring.mocks.providers.ingest import rules

NO_STORE = (("Cache-Control", "no-store"), ("Pragma", "no-cache"))  # [assumed] RFC 6749 section 5.1

LOOK = Look(
    title="Ingest", accent="#0b7285", username="login", password="password", more=(("network", "Network (optional)"),)
)


def token_error(refusal: Refusal, *, basic: bool) -> Answer:
    """``{"error","error_description"}``; 401 with a challenge to Basic [assumed, RFC 6749 section 5.2]."""
    document = {"error": refusal.error, "error_description": refusal.description}
    challenge = (("WWW-Authenticate", 'Basic realm="Ingest"'),) if refusal.status == 401 and basic else ()
    return json_answer(refusal.rule, document, *NO_STORE, *challenge, status=refusal.status)


def page_error(rule: Rule, words: str) -> Answer:
    """A page, because there is no address that the person may safely be sent back to [assumed]."""
    page = error_page(LOOK, heading="Authorization failed", words=words, rule=rule)
    return html_answer(rule, page, status=400)


async def api_refusal(desk: Desk, rule: Rule, status: int, *headers: tuple[str, str]) -> Answer:
    """An error of the API: empty, with its Request-Id [assumed status and form; doc: Request-Id on each response]."""
    return empty_answer(rule, status, *headers, await request_id(desk))


async def request_id(desk: Desk) -> tuple[str, str]:
    """The header that names a request [doc: API reference, Conventions]."""
    return "Request-Id", desk.entropy.uuid(*await desk.serial("request-id"))


def outage(rule: Rule, status: int, seconds: int) -> Answer:
    """Empty; at the rate limit with its three headers [doc: API reference, Conventions]; the limit is [assumed]."""
    if status != 429:
        return empty_answer(rule, status)
    limits = (("X-RateLimit-Limit", "1000"), ("X-RateLimit-Remaining", "0"), ("X-RateLimit-Reset", str(seconds)))
    return empty_answer(rule, status, *limits)


async def lost(desk: Desk, _request: Request) -> Answer:
    """An address that is not Ingest's."""
    return await api_refusal(desk, rules.LOST, 404)


async def wrong_method(desk: Desk, request: Request) -> Answer:
    """A known address, asked by another method."""
    if request.facts.endpoint == "token":
        return empty_answer(rules.TOKEN_METHOD, 405, ("Allow", "POST"))
    allowed = "GET" if request.facts.endpoint == "api" else "GET, POST"
    return await api_refusal(desk, rules.METHOD, 405, ("Allow", allowed))
