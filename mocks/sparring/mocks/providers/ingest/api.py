"""https://api.ingest.io: what every call has in common. Conventions as in the API reference."""

import hashlib
import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from sparring.mocks.engine import tokens, users
from sparring.mocks.engine.desk import Desk
from sparring.mocks.engine.messages import Answer, Request, empty_answer, json_answer
from sparring.mocks.engine.provider import Handler
from sparring.mocks.engine.refusals import Refusal
from sparring.mocks.engine.rules import Rule
from sparring.mocks.engine.tokens import Standing, Token
from sparring.mocks.providers.ingest import rules
from sparring.mocks.providers.ingest.answers import bare_refusal, request_id
from sparring.mocks.providers.ingest.limits import bearer, spend

MEDIA_TYPE = "application/vnd.ingest.v1+json"
RANGE = re.compile(r"items=(\d{1,9})-(\d{0,9})")


@dataclass(frozen=True, slots=True)
class Call:
    """A call that was admitted, by its token."""

    request: Request
    token: Token

    @property
    def subject(self) -> str:
        """The person for whom the token acts; empty where it acts for the application."""
        return self.token.subject or ""

    def member(self, name: str) -> Any:
        """A member of the JSON object in the body, None without it."""
        try:
            document = msgspec.json.decode(self.request.body)
        except (msgspec.DecodeError, RecursionError):
            return None
        return document.get(name) if isinstance(document, dict) else None

    def text(self, name: str) -> str:
        """A member of the JSON object in the body that is a text, and not an empty one. Refusal."""
        value = self.member(name)
        if not isinstance(value, str) or not value:  # ingest/api/body-malformed [assumed]
            raise Refusal(rules.BODY, status=400)
        return value


Action = Callable[[Desk, Call], Awaitable[Answer]]


def resource(action: Action, scope: str | None, *, person: bool = False) -> Handler:
    """The handler of a call that needs that scope and, if ``person``, a token that acts for one."""

    async def handle(desk: Desk, request: Request) -> Answer:
        signed = await request_id(desk, request)
        allowance = await spend(desk, request)
        try:
            if allowance.exceeded:  # ingest/api/rate-limited [doc] 429, empty
                raise Refusal(rules.RATE_LIMITED, status=429)
            answer = await action(desk, await _admit(desk, request, scope, person=person))
        except Refusal as refusal:
            answer = bare_refusal(refusal)
        if answer.status == 429:
            answer = answer.with_headers(("Retry-After", str(allowance.reset)))
        return answer.with_headers(signed, *allowance.headers)

    return handle


async def _admit(desk: Desk, request: Request, scope: str | None, *, person: bool) -> Call:
    """Version, then token, then scope, then whom it acts for [order assumed]."""
    accepted = [part.partition(";")[0].strip().lower() for part in (request.header("accept") or "").split(",")]
    if MEDIA_TYPE not in accepted:  # ingest/api/accept [doc] otherwise 406
        raise Refusal(rules.ACCEPT, status=406)
    value = bearer(request)
    if value is None:  # ingest/api/bearer-missing [doc]
        raise Refusal(rules.BEARER_MISSING, status=401)
    token, standing = await tokens.weigh_token(desk, request.facts, "access_token", value, "header")
    if token is None or standing is not Standing.VALID:  # ingest/api/bearer-refused [assumed]
        raise Refusal(rules.BEARER_REFUSED, status=401)
    request.facts.client, request.facts.user = token.client_id, token.subject
    if scope is not None and not {scope, "all"} & set(token.scopes):  # ingest/api/scope-lacking [assumed]
        raise Refusal(rules.SCOPE_LACKING, status=403)
    if person and token.subject is None:  # ingest/api/user-context [assumed]
        raise Refusal(rules.USER_CONTEXT, status=403)
    return Call(request, token)


def show(call: Call, rule: Rule, document: object, *headers: tuple[str, str], status: int = 200) -> Answer:
    """A document and its entity tag; a caller who has it already is told so [doc: Caching]."""
    answer = json_answer(rule, document, kind=MEDIA_TYPE, status=status)
    tag = f'"{hashlib.sha256(answer.body).hexdigest()[:32]}"'
    known = [value.strip().removeprefix("W/") for value in (call.request.header("if-none-match") or "").split(",")]
    if tag in known or "*" in known:  # ingest/api/not-modified [doc] 304
        return empty_answer(rules.NOT_MODIFIED, 304, ("ETag", tag))
    return answer.with_headers(("ETag", tag), *headers)


def show_list(call: Call, rule: Rule, items: Sequence[Any]) -> Answer:
    """The items, or the part of them that ``Range`` asks for; to HEAD, how many they are [doc: Pagination]."""
    if call.request.method == "HEAD":  # ingest/api/count [doc] 204
        return empty_answer(rules.COUNT, 204, ("Resource-Count", str(len(items))))
    asked = RANGE.fullmatch(call.request.header("range") or "")  # [assumed] the form; another one is ignored: RFC 9110
    first, last = (int(asked[1]), int(asked[2] or len(items))) if asked else (0, len(items))
    if first > last:
        first, last = 0, len(items)
    if asked and first >= len(items):  # ingest/api/range-unsatisfiable [assumed]
        return empty_answer(rules.RANGE, 416, ("Content-Range", f"items */{len(items)}"))
    part = items[first : last + 1]
    covered = f"{first}-{first + len(part) - 1}" if part else "*"
    content_range = ("Content-Range", f"items {covered}/{len(items)}")
    if first + len(part) == len(items):
        return show(call, rule, part, content_range)
    # ingest/api/partial [doc] 206 while items remain
    following = ("Next-Range", f"items={first + len(part)}-{first + 2 * len(part) - 1}")
    return show(call, rules.PARTIAL, part, content_range, following, status=206)


async def member_of(desk: Desk, subject: str) -> users.User:
    """The account of that id. Refusal."""
    person = next((user for user in await desk.store.every(users.User) if user.subject == subject), None)
    if person is None:  # ingest/api/user-unknown [assumed]
        raise Refusal(rules.USER_UNKNOWN, status=404)
    return person


BROWSER_ENDPOINTS = frozenset({"token", "api"})


def cors(_desk: Desk, request: Request, endpoint: str) -> tuple[tuple[str, str], ...]:
    """A browser on any origin may read tokens and the API [client: starter-js does both by XMLHttpRequest]."""
    if request.header("origin") is None or endpoint not in BROWSER_ENDPOINTS:
        return ()
    return (("Access-Control-Allow-Origin", "*"),)


def preflight(_desk: Desk, request: Request, endpoint: str) -> Answer | None:
    """A preflight of the Fetch standard, section 3.2.2; None for any other request."""
    asked = request.header("access-control-request-method")
    if request.method != "OPTIONS" or asked is None or endpoint not in BROWSER_ENDPOINTS:
        return None
    return empty_answer(
        rules.PREFLIGHT,
        204,
        ("Access-Control-Allow-Methods", asked),
        ("Access-Control-Allow-Headers", request.header("access-control-request-headers") or "Authorization"),
        ("Access-Control-Max-Age", "600"),
    )
