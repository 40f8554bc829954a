"""What a provider is to its stage: a name, addresses with their handlers, and the people and clients it starts with."""

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from sparring.mocks.engine.clients import Client
from sparring.mocks.engine.desk import Desk
from sparring.mocks.engine.messages import Answer, Request
from sparring.mocks.engine.minting import Mint
from sparring.mocks.engine.rules import Rule
from sparring.mocks.engine.sessions import end_sessions
from sparring.mocks.engine.users import User

Handler = Callable[[Desk, Request], Awaitable[Answer]]


class ProviderError(LookupError):
    """A provider cannot be had; the message is one sentence that names the package, or the nearest known name."""


@dataclass(frozen=True)
class Route:
    """One address. ``path`` may hold ``{names}``; ``endpoint`` is its name in recordings and matches,
    or a function of the request where one address serves several. ``methods`` empty: the handler looks at it itself.
    """

    endpoint: str | Callable[[Request], str]
    path: str
    handler: Handler
    methods: frozenset[str] = frozenset()
    ignore_case: bool = False

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """The path as a regular expression."""
        parts = re.split(r"\{(\w+)\}", self.path)
        body = "".join(f"(?P<{part}>[^/]+)" if i % 2 else re.escape(part) for i, part in enumerate(parts))
        return re.compile(body, re.IGNORECASE if self.ignore_case else 0)

    def name(self, request: Request) -> str:
        """The endpoint's name for that request."""
        return self.endpoint if isinstance(self.endpoint, str) else self.endpoint(request)


@dataclass(frozen=True, kw_only=True)
class Provider:
    """One faked service. ``endpoints`` maps the names of the client protocol (token, authorize, api, jwks, discovery)
    to paths; ``issuer`` is a function of the desk and the origin asked; None where no token or document names one.

    ``lost`` answers an address that nobody serves, ``wrong_method`` a known address asked by another method, ``cors``
    adds the headers that a browser on another origin needs (and answers preflights, with ``preflight``). ``mint`` makes
    an access token out of turn; None where nobody has written it. ``sign_out`` ends the sessions of a person, by
    ``subject``. Personas are further clients and users, whose names say what they are for. ``leeway``: the seconds for
    which its API goes on taking access tokens that have expired.
    """

    name: str
    title: str
    hosts: tuple[str, ...]
    docs: tuple[str, ...]
    grants: tuple[str, ...]
    scope: str
    scopes: tuple[str, ...]
    endpoints: Mapping[str, str]
    routes: tuple[Route, ...]
    lifetimes: Mapping[str, int]
    clients: tuple[Client, ...]
    users: tuple[User, ...] = ()
    persona_clients: tuple[Client, ...] = ()
    persona_users: tuple[User, ...] = ()
    variants: tuple[str, ...] = ("default",)
    keys: int = 1
    issuer: Callable[[Desk, str], str] | None = None
    kid: Callable[[Desk, int], str] = field(default=lambda _desk, index: f"key-{index}")
    lost: Handler
    lost_endpoint: str = "unknown"
    wrong_method: Handler
    preflight: Callable[[Desk, Request, str], Answer | None] = field(default=lambda *_: None)
    cors: Callable[[Desk, Request, str], tuple[tuple[str, str], ...]] = field(default=lambda *_: ())
    mint: Mint | None = None
    sign_out: Callable[[Desk, str], Awaitable[None]] = end_sessions
    outage: Callable[[Rule, int, int], Answer] | None = None
    leeway: int = 0

    @cached_property
    def _by_path(self) -> Mapping[str, Sequence[tuple[Route, dict[str, str]]]]:
        """What is found at every path that is written out, so that most requests need no search."""
        return {route.path: self._search(route.path) for route in self.routes if "{" not in route.path}

    def _search(self, path: str) -> Sequence[tuple[Route, dict[str, str]]]:
        """The routes of that path, each with its path parameters."""
        matches = ((route, route.pattern.fullmatch(path)) for route in self.routes)
        return [(route, found.groupdict()) for route, found in matches if found is not None]

    def find(self, request: Request) -> tuple[str, Handler, Request]:
        """The endpoint's name, its handler, and the request with its path parameters."""
        known = ""
        for route, named in self._by_path.get(request.path) or self._search(request.path):
            if named:
                request = replace(request, path_params=named)
            known = route.name(request)
            method = "GET" if request.method == "HEAD" else request.method  # RFC 9110 section 9.3.2
            if not route.methods or method in route.methods or request.method in route.methods:
                return known, route.handler, request
        return (known, self.wrong_method, request) if known else (self.lost_endpoint, self.lost, request)
