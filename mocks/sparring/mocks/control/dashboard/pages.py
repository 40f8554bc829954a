"""The dashboard's pages from their templates, and the policy under which a browser shows them."""

from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.responses import HTMLResponse, Response

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)

HEADERS = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "same-origin",  # under no-referrer a browser's forms would bear `Origin: null`
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
}

STATIC = {"dashboard.css": "text/css; charset=utf-8", "dashboard.js": "text/javascript; charset=utf-8"}


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("sparring.mocks.control.dashboard"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def page(template: str, status: int = 200, headers: dict[str, str] | None = None, **values: Any) -> Response:
    """A page made of that template; a ``?`` stands for half a surrogate pair, which UTF-8 cannot carry."""
    text = _environment().get_template(template).render(**values)
    return HTMLResponse(text.encode("utf-8", "replace"), status, HEADERS | (headers or {}))


@cache
def _file(name: str) -> bytes:
    return (files("sparring.mocks.control.dashboard") / "static" / name).read_bytes()


def static(name: str) -> Response | None:
    """A style sheet or script; None where there is none of that name."""
    if name not in STATIC:
        return None
    return Response(_file(name), headers=HEADERS | {"Cache-Control": "no-cache"}, media_type=STATIC[name])
