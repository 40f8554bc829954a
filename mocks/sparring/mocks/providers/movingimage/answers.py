"""How movingimage words its answers."""

from sparring.mocks.engine.desk import Desk
from sparring.mocks.engine.messages import Answer, Request, empty_answer, json_answer
from sparring.mocks.engine.refusals import Refusal
from sparring.mocks.engine.rules import Rule
from sparring.mocks.providers.movingimage import pages, rules

HTML = "text/html;charset=utf-8"
NO_STORE = (("Cache-Control", "no-store"), ("Pragma", "no-cache"))  # [engine] TokenEndpoint
NO_CACHE = ("Cache-Control", "no-cache")  # [engine] @NoCache
NEVER = ("Cache-Control", "no-cache, must-revalidate, no-transform, no-store")  # [engine] CacheControlUtil.noCache
NO_WAY_BACK = ("Cache-Control", "no-store, must-revalidate, max-age=0")  # [engine] noBackButtonCacheControlHeader
SECURITY = (  # [engine] BrowserSecurityHeaders
    ("X-Frame-Options", "SAMEORIGIN"),
    ("Content-Security-Policy", "frame-src 'self'; frame-ancestors 'self'; object-src 'none';"),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Robots-Tag", "none"),
    ("X-XSS-Protection", "1; mode=block"),
    ("Strict-Transport-Security", "max-age=31536000; includeSubDomains"),
)


def page(rule: Rule, content: str, *headers: tuple[str, str], status: int = 200) -> Answer:
    """A page of the login theme."""
    return Answer(
        status=status, rule=rule, headers=(("Content-Type", HTML), *headers, *SECURITY), body=content.encode()
    )


def error_page(refusal: Refusal, *headers: tuple[str, str]) -> Answer:
    """A page, because there is no address that the person may safely be sent back to [engine: ErrorPageException]."""
    content = pages.error(refusal.description or "", refusal.rule)
    return page(refusal.rule, content, *headers, status=refusal.status)


def json_error(refusal: Refusal, *headers: tuple[str, str]) -> Answer:
    """``{"error","error_description"}``, never with a challenge [engine: OAuth2ErrorRepresentation]."""
    document = {"error": refusal.error, "error_description": refusal.description}
    return json_answer(refusal.rule, document, *headers, status=refusal.status)


def client_error(refusal: Refusal, *headers: tuple[str, str]) -> Answer:
    """A refused client; where another scheme than Basic was used, an empty answer with a challenge [engine]."""
    if refusal.rule is rules.HEADER_NOT_BASIC:
        return empty_answer(refusal.rule, 401, *headers, ("WWW-Authenticate", 'Basic realm="platform"'))
    return json_error(refusal, *headers)


def _nothing(rule: Rule, request: Request, status: int, words: str) -> Answer:
    """Empty, unless a page is asked for [engine: KeycloakErrorHandler]."""
    accepted = request.header("accept") or ""
    if "text/html" not in accepted:
        return empty_answer(rule, status)
    return error_page(Refusal(rule, description=words, status=status))


async def lost(_desk: Desk, request: Request) -> Answer:
    """An address that is not movingimage's, or another realm's."""
    return _nothing(rules.LOST, request, 404, "Page not found")


async def wrong_method(_desk: Desk, request: Request) -> Answer:
    """A known address, asked by another method."""
    rule = rules.TOKEN_METHOD if request.facts.endpoint == "token" else rules.METHOD
    return _nothing(rule, request, 405, "An internal server error has occurred")
