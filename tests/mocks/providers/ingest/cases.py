"""A row of the tables by which each of Ingest's rules is tried."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from email.utils import formatdate

from sparring.mocks.engine.clients import Client
from sparring.mocks.engine.messages import Answer
from sparring.mocks.engine.rules import Rule
from sparring.mocks.stage import Stage

Headers = tuple[tuple[str, str], ...]
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
VARYING = {
    "Request-Id": UUID,
    "Set-Cookie": re.compile(r"ingest_session=[\w-]{32}; Path=/; HttpOnly; SameSite=Lax"),
}

JSON: Headers = (("Content-Type", "application/json"),)
NO_STORE: Headers = (("Cache-Control", "no-store"), ("Pragma", "no-cache"))
PAGE: Headers = (("Content-Type", "text/html; charset=utf-8"), ("Cache-Control", "no-store"))
REQUEST_ID: Headers = (("Request-Id", "*"),)


@dataclass(frozen=True, kw_only=True)
class Case:
    """A scene on a stage and the answer that it ends with, word for word.

    ``headers`` are those before Date and Content-Length; the value ``*`` stands for one that varies, in its form.
    ``body`` is the whole of it; ``words`` are parts of a page; ``members`` those of a JSON object, in order.
    """

    name: str
    rule: Rule
    scene: Callable[[Stage], Awaitable[Answer]]
    status: int
    headers: Headers
    body: str | None = ""
    words: tuple[str, ...] = ()
    members: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """The name of the test."""
        return f"{self.rule.id.removeprefix('ingest/')}-{self.name}"


def expected_headers(case: Case, answer: Answer, at: float) -> Headers:
    """The case's headers as they go out at that time."""
    length = () if answer.status == 204 else (("Content-Length", str(len(answer.body))),)
    return (*case.headers, ("Date", formatdate(at, usegmt=True)), *length)


def seen_headers(answer: Answer) -> Headers:
    """The answer's headers, values that vary replaced by ``*`` where their form is right."""
    return tuple(
        (name, "*" if name in VARYING and VARYING[name].fullmatch(value) else value) for name, value in answer.headers
    )


def error(code: str, words: str) -> str:
    """The body of a refusal at the token endpoint."""
    return f'{{"error":"{code}","error_description":"{words}"}}'


async def register(stage: Stage, client_id: str, **members: object) -> Client:
    """One more application at Ingest, with the secret ``another``."""
    given = {"name": client_id, "secret": "another", "redirect_uris": ("https://rival.example/cb",)}
    client = Client(**({"client_id": client_id} | given | members))  # type: ignore[arg-type]
    await stage.houses["ingest"].desk.store.put(client_id, client)
    return client
