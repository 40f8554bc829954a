"""A row of the tables by which each of movingimage's rules is tried."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from email.utils import formatdate

from sparring.mocks.engine.clients import Client
from sparring.mocks.engine.messages import Answer
from sparring.mocks.engine.rules import Rule
from sparring.mocks.stage import Stage

Headers = tuple[tuple[str, str], ...]
Scene = Callable[[Stage], Awaitable[Answer]]

JSON: Headers = (("Content-Type", "application/json"),)
HTML: Headers = (("Content-Type", "text/html;charset=utf-8"),)
NO_STORE: Headers = (("Cache-Control", "no-store"), ("Pragma", "no-cache"))
NO_CACHE: Headers = (("Cache-Control", "no-cache"),)
NO_WAY_BACK: Headers = (("Cache-Control", "no-store, must-revalidate, max-age=0"),)
SECURITY: Headers = (
    ("X-Frame-Options", "SAMEORIGIN"),
    ("Content-Security-Policy", "frame-src 'self'; frame-ancestors 'self'; object-src 'none';"),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Robots-Tag", "none"),
    ("X-XSS-Protection", "1; mode=block"),
    ("Strict-Transport-Security", "max-age=31536000; includeSubDomains"),
)
_PATH = "Path=/auth/realms/platform/"
_TEN_HOURS = "Expires=Mon, 16-Jun-2025 01:06:40 GMT; Max-Age=36000"
_GONE = "; Version=1; Comment=Expiring cookie; Expires=Thu, 01-Jan-1970 00:00:10 GMT; Max-Age=0; "
BROWSER: Headers = (
    ("Set-Cookie", f"AUTH_SESSION_ID=<uuid>; Version=1; {_PATH}; HttpOnly"),
    ("Set-Cookie", f"KC_RESTART=<jwt>; Version=1; {_PATH}; HttpOnly"),
)
SIGNED_IN: Headers = (
    ("Set-Cookie", f"KC_RESTART={_GONE}{_PATH}; HttpOnly"),
    ("Set-Cookie", f"KEYCLOAK_IDENTITY=<jwt>; Version=1; {_PATH}; HttpOnly"),
    ("Set-Cookie", f"KEYCLOAK_SESSION=platform/<uuid>/<uuid>; Version=1; {_TEN_HOURS}; {_PATH}"),
)
SIGNED_OUT: Headers = (
    ("Set-Cookie", f"KEYCLOAK_IDENTITY={_GONE}{_PATH}; HttpOnly"),
    ("Set-Cookie", f"KEYCLOAK_SESSION={_GONE}{_PATH}"),
)
PAGE: Headers = HTML + SECURITY
FORM: Headers = HTML + NO_WAY_BACK + SECURITY

_VARYING = (
    (re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"), "<uuid>"),
    (re.compile(r"eyJ[\w-]+\.eyJ[\w-]+\.[\w-]+"), "<jwt>"),
    (re.compile(r"(?<=tab_id=)[\w-]{11}(?![\w-])"), "<tab>"),
    (re.compile(r"(?<=session_code=)[\w-]{43}(?![\w-])"), "<code>"),
)


@dataclass(frozen=True, kw_only=True)
class Case:
    """A scene on a stage and the answer that it ends with, word for word, what varies in its form only.

    ``headers`` are those before Date and Content-Length. ``body`` is the whole of it; ``words`` are parts of a page.
    """

    rule: Rule
    scene: Scene
    status: int
    headers: Headers
    body: str | None = ""
    words: tuple[str, ...] = ()
    variant: str = "default"


def masked(text: str) -> str:
    """The text with what varies from login to login replaced by its kind."""
    for pattern, kind in _VARYING:
        text = pattern.sub(kind, text)
    return text


def shown(answer: Answer) -> Headers:
    """The answer's headers, masked."""
    return tuple((name, masked(value)) for name, value in answer.headers)


def expected(case: Case, answer: Answer, at: float) -> Headers:
    """The case's headers as they go out at that time."""
    length = () if answer.status == 204 else (("Content-Length", str(len(answer.body))),)
    return (*case.headers, ("Date", formatdate(at, usegmt=True)), *length)


def error(code: str, words: str) -> str:
    """The body of a refusal."""
    return f'{{"error":"{code}","error_description":"{words}"}}'


def refused(rule: Rule, scene: Scene, code: str, words: str, status: int = 400, variant: str = "default") -> Case:
    """A refusal by the token endpoint."""
    headers = JSON + NO_STORE
    return Case(rule=rule, scene=scene, status=status, headers=headers, body=error(code, words), variant=variant)


async def change_client(stage: Stage, client_id: str, **members: object) -> None:
    """One client, with some of its members changed; a new one where there is none of that name."""
    store = stage.houses["movingimage"].desk.store
    client = await store.get(Client, client_id) or Client(client_id=client_id, secret="another", name=client_id)
    await store.put(client_id, replace(client, **members))  # type: ignore[arg-type]
