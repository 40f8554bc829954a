"""How Panopto words its answers: as IdentityServer3 and ASP.NET Web API do."""

from datetime import UTC, datetime
from html import escape
from urllib.parse import quote

from sparring.mocks.engine.desk import Desk
from sparring.mocks.engine.messages import Answer, Request, empty_answer, json_answer
from sparring.mocks.engine.refusals import Refusal
from sparring.mocks.engine.rules import Rule
from sparring.mocks.pages.render import Look, error_page
from sparring.mocks.providers.panopto import rules
from sparring.mocks.providers.panopto.addresses import OAUTH2, base

JSON = "application/json; charset=utf-8"
HTML = (("Content-Type", "text/html; charset=utf-8"),)
NO_CACHE = (("Cache-Control", "no-store, no-cache, max-age=0, private"), ("Pragma", "no-cache"))  # [engine] on 2xx only

LOOK = Look(
    title="Panopto",
    accent="#0a6e31",
    manner="panopto",
    username="username",
    password="password",
    ticket="idsrv.xsrf",
    choice="scopes",
    remember="RememberConsent",
    stay="rememberMe",
    scope_texts=(  # [engine] Scopes.resx; those of api are [assumed]
        ("openid", "Your user identifier"),
        ("profile", "User profile"),
        ("email", "Your email address"),
        ("api", "Use the Panopto API on your behalf"),
        ("offline_access", "Offline access"),
    ),
)

WORDS = {  # [engine] Messages.resx
    "invalid_request": "The client application made an invalid request.",
    "unauthorized_client": "The client application is not known or is not authorized.",
    "unsupported_response_type": "The authorization server does not support the requested response type.",
    "unexpected": "There was an unexpected error",
    "no_sign_in": "There is an error determining which application you are signing into."
    " Return to the application and try again.",
}
UNAVAILABLE = (
    b'<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01//EN""http://www.w3.org/TR/html4/strict.dtd">\r\n'
    b"<HTML><HEAD><TITLE>Service Unavailable</TITLE>\r\n"
    b'<META HTTP-EQUIV="Content-Type" Content="text/html; charset=us-ascii"></HEAD>\r\n'
    b"<BODY><h2>Service Unavailable</h2>\r\n"
    b"<hr><p>HTTP Error 503. The service is unavailable.</p>\r\n"
    b"</BODY></HTML>\r\n"
)
ALLOWED = {  # the name of an address in recordings, and what may be asked there besides GET
    "login": "GET,POST",
    "page": "GET,POST",
    "logout": "GET,POST",
    "userinfo": "GET,POST",
    "end-session": "GET,POST",
    "access-token-validation": "GET,POST",
    "identity-token-validation": "GET,POST",
    "consent": "POST",
    "token": "POST",
    "revocation": "POST",
    "introspection": "POST",
    "csp-report": "POST",
    "upload": "POST",
    "upload-state": "GET,PUT",
    "storage": "POST,PUT",
}


def page_headers(request: Request, *, framed: bool = False) -> tuple[tuple[str, str], ...]:
    """Headers of a page of the engine's [engine: SecurityHeadersAttribute, NoCacheAttribute]."""
    report = f"{base(request.origin)}/csp/report"
    policy = "default-src 'self'; script-src 'self' ; style-src 'self' 'unsafe-inline' ; img-src *;  report-uri "
    return (
        *HTML,
        *NO_CACHE,
        ("X-Content-Type-Options", "nosniff"),
        *(() if framed else (("X-Frame-Options", "SAMEORIGIN"),)),
        ("Content-Security-Policy", policy + report),
        ("X-Content-Security-Policy", policy + report),
    )


def page(request: Request, rule: Rule, text: str, *cookies: tuple[str, str], framed: bool = False) -> Answer:
    """A page of the engine's, always 200."""
    return Answer(status=200, rule=rule, headers=(*page_headers(request, framed=framed), *cookies), body=text.encode())


def error(request: Request, rule: Rule, words: str) -> Answer:
    """A page that says what is wrong, with status 200 [engine: HtmlStreamActionResult]."""
    return page(request, rule, error_page(LOOK, heading="Error", words=WORDS[words], rule=rule))


def bare_error(rule: Rule) -> Answer:
    """The page of a form that was refused, or of a broken request: 200 and none of the headers [engine: the filters
    that answer so run before, or instead of, those that add them].
    """
    text = error_page(LOOK, heading="Error", words=WORDS["unexpected"], rule=rule)
    return Answer(status=200, rule=rule, headers=HTML, body=text.encode())


def plain_page(heading: str, content: str) -> str:
    """A page for a frame, with a heading; ``content`` is HTML."""
    title = escape(heading)
    return (
        f'<!doctype html>\n<html lang="en">\n<head><meta charset="utf-8"><title>{title} - Panopto</title></head>\n'
        f"<body>\n<h1>{title}</h1>\n{content}\n</body>\n</html>\n"
    )


def redirect(rule: Rule, location: str, *cookies: tuple[str, str]) -> Answer:
    """302; no cache header, for that one comes with success only [engine: NoCacheAttribute]."""
    return empty_answer(rule, 302, ("Location", location), *cookies)


def cookie(
    request: Request, name: str, value: str, *, readable: bool = False, until: float | None = None
) -> tuple[str, str]:
    """A cookie as Katana writes it, its name escaped, for the whole of the engine's base path [engine]. ``until`` in
    POSIX seconds, None for as long as the browser is open.
    """
    expires = "" if until is None else f"; expires={datetime.fromtimestamp(until, UTC):%a, %d-%b-%Y %H:%M:%S GMT}"
    secure = "; secure" if request.scheme == "https" else ""
    name = quote(name, safe="")
    return "Set-Cookie", f"{name}={value}; path={OAUTH2}{expires}{secure}{'' if readable else '; HttpOnly'}"


def no_cookie(request: Request, name: str, *, readable: bool = False) -> tuple[str, str]:
    """What makes a browser forget a cookie."""
    return cookie(request, name, ".", readable=readable, until=0)


def token_error(refusal: Refusal) -> Answer:
    """400 and a code alone: no description, no challenge, no cache header [engine: TokenErrorResult]."""
    return json_answer(refusal.rule, {"error": refusal.error}, status=400, kind=JSON)


def unsupported_type(rule: Rule) -> Answer:
    """415 [engine: PreventUnsupportedRequestMediaTypesAttribute]."""
    return json_answer(rule, {"ErrorMessage": "Unsupported Media Type"}, status=415, kind=JSON)


def message(rule: Rule, status: int, words: str, *headers: tuple[str, str]) -> Answer:
    """An object ``Message``, as ASP.NET Web API says what is wrong [engine]."""
    return json_answer(rule, {"Message": words}, *headers, status=status, kind=JSON)


def outage(rule: Rule, status: int, _seconds: int) -> Answer:
    """The page of the web server before the site [engine: HTTP.sys]; where calls are counted, an object ``Error``
    [doc: the samples meet 429; its body is assumed].
    """
    if status == 429:
        words = {"Code": "TooManyRequests", "Message": "Too many requests."}
        return json_answer(rule, {"Error": words}, status=status, kind=JSON)
    return Answer(
        status=status, rule=rule, headers=(("Content-Type", "text/html; charset=us-ascii"),), body=UNAVAILABLE
    )


async def lost(_desk: Desk, _request: Request) -> Answer:
    """An address that is not Panopto's."""
    return empty_answer(rules.LOST, 404)


async def wrong_method(_desk: Desk, request: Request) -> Answer:
    """A known address, asked by another method [engine: ASP.NET Web API]."""
    words = f"The requested resource does not support http method '{request.method}'."
    allow = ALLOWED.get(request.facts.endpoint, "GET")
    return message(rules.METHOD, 405, words, ("Allow", allow))
