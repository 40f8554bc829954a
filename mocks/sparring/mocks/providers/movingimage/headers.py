"""The login server's headers: those that guard browsers, in which order all stand, and what a theme says."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from sparring.mocks.engine.desk import Desk
from sparring.mocks.engine.messages import Answer, Request
from sparring.mocks.providers.movingimage import rules
from sparring.mocks.providers.movingimage.variants import DEFAULT, KEYCLOAK_12, KEYCLOAK_20, step

FRAMES = ("X-Frame-Options", "SAMEORIGIN")
CONTENT = ("Content-Security-Policy", "frame-src 'self'; frame-ancestors 'self'; object-src 'none';")
IN_A_FRAME = ("Content-Security-Policy", "frame-src 'self'; object-src 'none';")
ROBOTS = ("X-Robots-Tag", "none")
ALWAYS = (
    ("X-Content-Type-Options", "nosniff"),
    ("X-XSS-Protection", "1; mode=block"),
    ("Strict-Transport-Security", "max-age=31536000; includeSubDomains"),
)
SECURITY = (FRAMES, CONTENT, ROBOTS, *ALWAYS)  # [engine] BrowserSecurityHeaders
REFERRER = ("Referrer-Policy", "no-referrer")

ORDER = (
    "Access-Control-Allow-Origin",
    "Cache-Control",
    "Set-Cookie",
    "Pragma",
    "WWW-Authenticate",
    "X-XSS-Protection",
    "X-Frame-Options",
    "Content-Security-Policy",
    "X-Robots-Tag",
    "Strict-Transport-Security",
    "X-Content-Type-Options",
    "Access-Control-Allow-Headers",
    "Access-Control-Allow-Credentials",
    "Access-Control-Allow-Methods",
    "Access-Control-Expose-Headers",
    "Access-Control-Max-Age",
    "P3P",
    "Location",
    "Content-Type",
    "Content-Language",
)
ORDER_12 = (
    "Access-Control-Allow-Origin",
    "Cache-Control",
    "Set-Cookie",
    "P3P",
    "X-XSS-Protection",
    "Pragma",
    "X-Frame-Options",
    "Referrer-Policy",
    "WWW-Authenticate",
    "Content-Security-Policy",
    "X-Robots-Tag",
    "Strict-Transport-Security",
    "X-Content-Type-Options",
    "Access-Control-Allow-Headers",
    "Access-Control-Allow-Credentials",
    "Access-Control-Allow-Methods",
    "Access-Control-Expose-Headers",
    "Access-Control-Max-Age",
    "Location",
    "Content-Type",
    "Content-Language",
)
ORDER_20 = (
    "Referrer-Policy",
    "X-Frame-Options",
    "Strict-Transport-Security",
    "X-Robots-Tag",
    "Cache-Control",
    "X-Content-Type-Options",
    "Content-Security-Policy",
    "Set-Cookie",
    "Pragma",
    "WWW-Authenticate",
    "X-XSS-Protection",
    "P3P",
    "Location",
    "Access-Control-Allow-Origin",
    "Access-Control-Allow-Headers",
    "Access-Control-Allow-Credentials",
    "Access-Control-Allow-Methods",
    "Access-Control-Expose-Headers",
    "Access-Control-Max-Age",
    "Content-Language",
    "Content-Type",
)
ORDERS: Mapping[str, tuple[str, ...]] = {DEFAULT: ORDER, KEYCLOAK_12: ORDER_12, KEYCLOAK_20: ORDER_20}


def _moved(order: tuple[str, ...], name: str, behind: str) -> tuple[str, ...]:
    left = [each for each in order if each != name]
    left.insert(left.index(behind) + 1, name)
    return tuple(left)


def _with_scripts(order: tuple[str, ...]) -> tuple[str, ...]:
    """Where scripts may read headers too, the origin stands behind them."""
    return _moved(
        _moved(order, "Access-Control-Expose-Headers", "Pragma"),
        "Access-Control-Allow-Origin",
        "Access-Control-Expose-Headers",
    )


def arranged(desk: Desk, request: Request, answer: Answer) -> Answer:
    """The answer as its release writes it."""
    answer = step(desk, GUARD)(request, answer)
    order = step(desk, ORDERS)
    if answer.header("Access-Control-Expose-Headers") is not None:
        order = _with_scripts(order)
    if all(answer.header(name) is None for name in ("Content-Type", "Content-Security-Policy", "Set-Cookie")):
        order = step(desk, BARE)(order)
    headers = tuple(sorted(answer.headers, key=lambda header: order.index(header[0])))
    return replace(answer, headers=headers, body=step(desk, SAY)(answer))


def _as_it_is(order: tuple[str, ...]) -> tuple[str, ...]:
    return order


def _referrer_last(order: tuple[str, ...]) -> tuple[str, ...]:
    return _moved(order, "Referrer-Policy", "X-Content-Type-Options")


def _sniffing_last(order: tuple[str, ...]) -> tuple[str, ...]:
    return _moved(order, "X-Content-Type-Options", "X-XSS-Protection")


BARE = {DEFAULT: _as_it_is, KEYCLOAK_12: _referrer_last, KEYCLOAK_20: _sniffing_last}
"""An answer that is nothing but a few headers."""


def _pages_alone(_request: Request, answer: Answer) -> Answer:
    return answer


def _everything(request: Request, answer: Answer) -> Answer:
    """By the type of the answer, else of the request [engine: Keycloak 12.0.4 DefaultSecurityHeadersProvider]."""
    kind = (answer.header("Content-Type") or request.media_type).partition(";")[0]
    wanted: tuple[tuple[str, str], ...] = (REFERRER, *ALWAYS)
    if kind.endswith("json"):
        wanted = (FRAMES, *wanted)
    elif answer.rule is rules.CHECK_SESSION and answer.body:
        wanted = (IN_A_FRAME, ROBOTS, *wanted)
    elif kind in {"text/html", "application/x-www-form-urlencoded"}:
        wanted = (FRAMES, CONTENT, ROBOTS, *wanted)
    return answer.with_headers(*(header for header in wanted if answer.header(header[0]) is None))


GUARD: Mapping[str, Callable[[Request, Answer], Answer]] = {DEFAULT: _pages_alone, KEYCLOAK_12: _everything}
WORDS_20 = (
    (b"Log in to movingimage", b"Sign in to movingimage"),
    (b">Log In<", b">Sign in to your account<"),
    (b'value="Log In"', b'value="Sign In"'),
    (b"We're sorry...", b"We are sorry..."),
    (b"contact admin.", b"contact your administrator."),
)


def _as_said(answer: Answer) -> bytes:
    return answer.body


def _said_anew(answer: Answer) -> bytes:
    body = answer.body
    if (answer.header("Content-Type") or "").startswith("text/html"):
        for older, newer in WORDS_20:
            body = body.replace(older, newer)
    return body


SAY: Mapping[str, Callable[[Answer], bytes]] = {DEFAULT: _as_said, KEYCLOAK_20: _said_anew}
"""The words of the base theme [engine: messages_en.properties]."""
