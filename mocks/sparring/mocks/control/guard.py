"""Who may use the control port. Web pages may not, wherever they come from: nobody meant them to."""

import asyncio
import hmac
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import suppress
from ipaddress import ip_address
from typing import Any

from starlette.datastructures import Headers
from starlette.requests import cookie_parser
from starlette.responses import JSONResponse

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

OPEN = frozenset({"/health", "/openapi.json"})
"""Addresses that need no token."""

DASHBOARD = "/dashboard/"
"""Under this everything is pages: they are read with a cookie, and changed with forms of their own."""

SIGN_IN = f"{DASHBOARD}sign-in"
STATIC = ("dashboard.css", "dashboard.js")
UNLOCKED = frozenset({SIGN_IN, *(f"{DASHBOARD}static/{name}" for name in STATIC)})
"""What of it a person sees who has not shown the token yet."""

COOKIE = "sparring-dashboard"
FORM = "application/x-www-form-urlencoded"

READING = frozenset({"GET", "HEAD", "OPTIONS"})

KEPT_TO_ITSELF = (
    (b"x-content-type-options", b"nosniff"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"content-security-policy", b"frame-ancestors 'none'"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
)
"""Headers of every answer: no page of anybody else's may embed, frame or guess at what is here."""


def pass_of(token: str) -> str:
    """What the dashboard's cookie holds: who has it has shown the control token, and cannot tell it from this."""
    return hmac.digest(token.encode(), b"sparring dashboard", "sha256").hex()


def is_own_host(host: str, bound: str) -> bool:
    """Whether a Host header names this port: by loopback, or by the address it is bound to.

    A page whose name was made to point here (DNS rebinding) bears that name. A port bound to every address cannot tell
    its own names, and relies on its token, which it has then.
    """
    name = host.strip().lower()
    name = name[1:].partition("]")[0] if name.startswith("[") else name.partition(":")[0].rstrip(".")
    if not name:
        return False
    if name == bound.lower() or name == "localhost" or name.endswith(".localhost"):
        return True
    with suppress(ValueError):
        if ip_address(name).is_loopback:
            return True
    with suppress(ValueError):
        return ip_address(bound).is_unspecified
    return False


class Guard:
    """An application, for those who may use it; ASGI 3. ``ask`` is what a person sees who has not shown the token."""

    def __init__(self, app: App, *, token: str | None, bound: str, ask: App | None = None) -> None:
        self._app = app
        self._token = token
        self._bound = bound
        self._ask = ask

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request. One that is cancelled belongs to a port that was closed: there is nobody to tell."""
        refusal = self._refusal(scope) if scope["type"] == "http" else None

        async def guarded(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                present = {name.lower() for name, _ in message.get("headers", ())}
                added = [pair for pair in KEPT_TO_ITSELF if pair[0] not in present]
                message = {**message, "headers": [*message.get("headers", ()), *added]}
            await send(message)

        with suppress(asyncio.CancelledError):
            await (refusal or self._app)(scope, receive, guarded)

    def _refusal(self, scope: Scope) -> App | None:
        headers = Headers(scope=scope)
        host, origin = headers.get("host", ""), headers.get("origin")
        if not is_own_host(host, self._bound):
            return _no(f"{host!r} is no name of this control port", 403)
        if not self._may_see(scope["path"], headers):
            if self._ask is not None and _opens_page(scope, headers):
                return self._ask
            return _no("the control token is missing or wrong", 401, {"WWW-Authenticate": "Bearer"})
        if _by_another_page(headers):
            return _no("a page from elsewhere may not look at this", 403)
        if scope["method"] in READING:
            return None
        if origin is not None and origin.lower() != f"{scope['scheme']}://{host}".lower():
            return _no(f"a page of {origin} may change nothing here", 403)
        body = headers.get("content-length", "0") != "0" or "transfer-encoding" in headers
        kind = headers.get("content-type", "" if body else "application/json").partition(";")[0].strip().lower()
        if kind == FORM and scope["path"].startswith(DASHBOARD):
            return _no("a form is sent by the dashboard's own page", 403) if origin is None else None
        return None if kind == "application/json" else _no("a body comes as application/json", 415)

    def _may_see(self, path: str, headers: Headers) -> bool:
        if self._token is None or path in OPEN or path in UNLOCKED:
            return True
        given = headers.get("authorization", "")
        if hmac.compare_digest(given.encode(), f"Bearer {self._token}".encode()):
            return True
        shown = cookie_parser(headers.get("cookie", "")).get(COOKIE, "")
        return path.startswith(DASHBOARD) and hmac.compare_digest(shown.encode(), pass_of(self._token).encode())


def _opens_page(scope: Scope, headers: Headers) -> bool:
    """Whether a person opens the dashboard, rather than a program that asks for something."""
    page = scope["path"] == "/" or scope["path"].startswith(DASHBOARD)
    return page and scope["method"] == "GET" and "text/html" in headers.get("accept", "")


def _by_another_page(headers: Headers) -> bool:
    """Whether a browser says that a page of another origin asks, other than by sending the person here (Fetch Metadata
    Request Headers, W3C): programs say nothing, and pages cannot lie about it.
    """
    if headers.get("sec-fetch-site", "none") in {"none", "same-origin"}:
        return False
    return headers.get("sec-fetch-mode") != "navigate" or headers.get("sec-fetch-dest") != "document"


def _no(sentence: str, status: int, headers: dict[str, str] | None = None) -> JSONResponse:
    return JSONResponse({"error": sentence}, status, headers)
