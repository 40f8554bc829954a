"""What a fault finds around it when it is executed: the request, the provider's desk, the stage's other addresses."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from sparring.mocks.engine.clients import parse_basic
from sparring.mocks.engine.codes import look_at_code
from sparring.mocks.engine.desk import Desk
from sparring.mocks.engine.keys import SigningKey
from sparring.mocks.engine.messages import Answer, Request, first
from sparring.mocks.engine.rules import Rule
from sparring.mocks.engine.sessions import end_sessions
from sparring.mocks.engine.tokens import Token, find_token
from sparring.mocks.faults.schema import About

Outage = Callable[[Rule, int, int], Answer]
"""A provider's own answer with that status, for so many seconds."""


async def _at_once(act: Callable[[], None]) -> None:
    act()


@dataclass(slots=True, kw_only=True)
class Scene:
    """One request at one provider. ``sign_out`` ends a person's sessions there. ``places`` are base URLs by name;
    ``rotate`` changes the signing key and says whether the one before stays published; ``keys_before`` were in use
    before the last such change. ``change`` does something to the stage, for all servers that share it.
    """

    desk: Desk
    request: Request
    sign_out: Callable[[Desk, str], Awaitable[None]] = end_sessions
    places: Mapping[str, str] = field(default_factory=dict)
    outage: Outage | None = None
    rotate: Callable[[bool], None] = field(default=lambda _keep_old: None)
    keys_before: tuple[SigningKey, ...] = ()
    change: Callable[[Callable[[], None]], Awaitable[None]] = _at_once


def about_request(provider: str, request: Request) -> About:
    """What a fault can be matched with, but for the grant, which only the provider's memory tells."""
    return About(
        provider=provider,
        endpoint=request.facts.endpoint,
        client=asker(request),
        grant=first(request.query_params + request.form_params, "grant_type"),
    )


def asker(request: Request) -> str | None:
    """The client that a request names, whether or not it is that."""
    header = request.header("authorization")
    basic = None if header is None else parse_basic(header, form_encoded=True)
    if basic is not None:
        return basic[0]
    params = request.query_params + request.form_params if request.query else request.form_params
    return first(params, "client_id")


async def presented_tokens(scene: Scene) -> list[tuple[str, Token]]:
    """The tokens of this provider that the request bears, by value: to renew with, or to call an API with."""
    request = scene.request
    scheme, _, bearer = (request.header("authorization") or "").partition(" ")
    params = request.query_params + request.form_params
    values = [first(params, name) for name in ("refresh_token", "access_token", "token")]
    values += [bearer.strip()] if scheme.lower() == "bearer" else []
    found = [(value, await find_token(scene.desk, value)) for value in values if value]
    return [(value, token) for value, token in found if token is not None]


async def family(scene: Scene) -> str | None:
    """The grant that the request is about: its token's, its code's, or that of what was issued on it; None for none."""
    for _, token in await presented_tokens(scene):
        return token.grant_id
    value = first(scene.request.query_params + scene.request.form_params, "code")
    code = None if value is None else await look_at_code(scene.desk, value)
    if code is not None:
        return code.grant_id
    facts = scene.request.facts
    return next((str(fact["family"]) for fact in facts.presented + facts.issued if "family" in fact), None)
