"""How movingimage words its answers."""

from http import HTTPStatus

from sparring.mocks.engine.desk import Desk
from sparring.mocks.engine.messages import Answer, Request, empty_answer, json_answer
from sparring.mocks.engine.refusals import Refusal
from sparring.mocks.engine.rules import Rule
from sparring.mocks.providers.movingimage import pages, rules
from sparring.mocks.providers.movingimage.headers import SECURITY, arranged
from sparring.mocks.providers.movingimage.variants import DEFAULT, KEYCLOAK_12, step

HTML = "text/html;charset=utf-8"
NO_STORE = (("Cache-Control", "no-store"), ("Pragma", "no-cache"))  # [engine] TokenEndpoint
NO_CACHE = ("Cache-Control", "no-cache")  # [engine] @NoCache
NEVER = ("Cache-Control", "no-cache, must-revalidate, no-transform, no-store")  # [engine] CacheControlUtil.noCache
NO_WAY_BACK = ("Cache-Control", "no-store, must-revalidate, max-age=0")  # [engine] noBackButtonCacheControlHeader
LANGUAGE = ("Content-Language", "en")


def page(rule: Rule, content: str, *headers: tuple[str, str], status: int = 200) -> Answer:
    """A page of the login theme."""
    return Answer(
        status=status, rule=rule, headers=(("Content-Type", HTML), LANGUAGE, *headers, *SECURITY), body=content.encode()
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
    if not refusal.error:
        return empty_answer(refusal.rule, refusal.status, *headers, ("WWW-Authenticate", 'Basic realm="platform"'))
    return json_error(refusal, *headers)


def _silent(rule: Rule, status: int, _words: str, *headers: tuple[str, str]) -> Answer:
    return empty_answer(rule, status, *headers)


def _in_json(rule: Rule, status: int, words: str, *headers: tuple[str, str]) -> Answer:
    """[engine: Keycloak 12.0.4 KeycloakErrorHandler] without a description."""
    return json_answer(rule, {"error": words}, *headers, status=status)


SAY = {DEFAULT: _silent, KEYCLOAK_12: _in_json}


def _handled(
    desk: Desk, rule: Rule, request: Request, status: int, page_words: str, words: str, *headers: tuple[str, str]
) -> Answer:
    """What no endpoint answers itself: a page where one is asked for [engine: KeycloakErrorHandler]."""
    if "text/html" in (request.header("accept") or ""):
        content = pages.error(page_words, rule)  # outside of the realm, hence without its headers [engine]
        html = (("Content-Type", HTML), *headers)
        return arranged(desk, request, Answer(status=status, rule=rule, headers=html, body=content.encode()))
    return arranged(desk, request, step(desk, SAY)(rule, status, words, *headers))


INTERNAL = "An internal server error has occurred"


NOWHERE = {
    DEFAULT: "RESTEASY003210: Could not find resource for full path: {}",
    KEYCLOAK_12: "HTTP 404 Not Found",
}


async def lost(desk: Desk, request: Request) -> Answer:
    """An address that is not movingimage's, or another realm's."""
    words = step(desk, NOWHERE).format(request.origin + request.path)
    if request.path.startswith("/auth/realms/") and request.path.split("/")[3] != "platform":
        words = "Realm does not exist"
    return _handled(desk, rules.LOST, request, 404, "Page not found", words)


async def wrong_method(desk: Desk, request: Request) -> Answer:
    """A known address, asked by another method."""
    rule = rules.TOKEN_METHOD if request.facts.endpoint == "token" else rules.METHOD
    return _handled(
        desk,
        rule,
        request,
        405,
        INTERNAL,
        f"RESTEASY003650: No resource method found for {request.method}, return 405 with Allow header",
    )


def not_implemented(desk: Desk, rule: Rule, request: Request, *headers: tuple[str, str]) -> Answer:
    """A feature of the engine that is switched off [engine: ProfileHelper.requireFeature]."""
    return _handled(desk, rule, request, 501, INTERNAL, "Feature not enabled", *headers)


def outage(rule: Rule, status: int, _seconds: int) -> Answer:
    """The container's own error page [assumed, from a client that looks for its title]."""
    phrase = HTTPStatus(status).phrase
    body = f"<html><head><title>Error</title></head><body>{phrase}</body></html>".encode()
    headers = (("Content-Type", "text/html;charset=UTF-8"),)
    return Answer(status=status, rule=rule, headers=headers, body=body)
