"""How Ingest words its answers."""

from sparring.mocks.engine.desk import Desk
from sparring.mocks.engine.messages import Answer, Request, empty_answer, html_answer, json_answer
from sparring.mocks.engine.refusals import Refusal
from sparring.mocks.engine.rules import Rule
from sparring.mocks.pages.render import Look, error_page
from sparring.mocks.providers.ingest import rules
from sparring.mocks.providers.ingest.limits import limit_headers, spend

NO_STORE = (("Cache-Control", "no-store"), ("Pragma", "no-cache"))  # [assumed] RFC 6749 section 5.1

LOOK = Look(
    title="Ingest",
    accent="#0b7285",
    manner="ingest",
    username="login",
    password="password",
    more=(("network", "Network (optional)"),),
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


def bare_refusal(refusal: Refusal) -> Answer:
    """An error of the API: empty [assumed]; a 401 names the scheme, as RFC 6750 section 3 asks."""
    challenge = (("WWW-Authenticate", "Bearer"),) if refusal.status == 401 else ()
    return empty_answer(refusal.rule, refusal.status, *challenge)


async def request_id(desk: Desk, request: Request) -> tuple[str, str]:
    """The header that names a request [doc: API reference, Request IDs]; requests for other things do not change it."""
    return "Request-Id", desk.entropy.uuid(*await desk.serial("request-id", request.method, request.path))


def outage(rule: Rule, status: int, seconds: int) -> Answer:
    """Empty; at the rate limit with its three headers [doc: API reference, Rate Limiting]."""
    return empty_answer(rule, status, *(limit_headers(0, seconds) if status == 429 else ()))


async def lost(desk: Desk, request: Request) -> Answer:
    """An address that is not Ingest's, answered as the API answers."""
    return empty_answer(rules.LOST, 404, await request_id(desk, request), *(await spend(desk, request)).headers)


async def wrong_method(desk: Desk, request: Request, allowed: str) -> Answer:
    """A known address, asked by another method than those ``allowed``."""
    allow = ("Allow", allowed)
    if request.facts.endpoint == "token":
        return empty_answer(rules.TOKEN_METHOD, 405, allow)
    if request.facts.endpoint != "api":
        return empty_answer(rules.METHOD, 405, allow)
    named = await request_id(desk, request)
    return empty_answer(rules.METHOD, 405, allow, named, *(await spend(desk, request)).headers)
