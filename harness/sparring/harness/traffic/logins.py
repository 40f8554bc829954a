"""The logins in a recording: who was sent to sign in with which URL, and what came back for it."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from sparring.harness.checks.wire import query_of
from sparring.harness.evidence import Exchange, Visit
from sparring.harness.traffic.hidden import has_fingerprint, is_masked

_OWN = ("client_id", "state", "nonce", "code_challenge", "redirect_uri")
"""What a login has of its own; the rest a provider may add when it sends the browser round once more."""

_ELSEWHERE = frozenset({"request", "request_uri"})
"""Where an authorization request has its parameters, if not in the URL (RFC 9101, RFC 9126)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """One authorization request, and the callback that the provider sent the browser to, where one was recorded."""

    asked: Exchange
    callback: str | None = None

    @property
    def code(self) -> str:
        """The code that came back, or an empty string."""
        return query_of(self.callback).get("code", "")

    @property
    def visit(self) -> Visit:
        """The same as the checks know it."""
        return Visit(url=self.asked.url, step=0, callback=self.callback)

    def shows(self, *parameters: str) -> bool:
        """Whether these parameters stand there as they were sent."""
        sent = query_of(self.asked.url)
        return not any(has_fingerprint(sent.get(name, "")) for name in parameters)


def logins_of(exchanges: Sequence[Exchange], exchanged: Collection[str]) -> tuple[Login, ...]:
    """The logins, in order. ``exchanged`` are the codes that came to the token endpoint.

    A browser may load one authorization URL several times; that is one login, unless the client took several codes
    of it.
    """
    found: list[Login] = []
    for exchange in exchanges:
        if _is_login(exchange):
            found.append(Login(asked=exchange))
        location = exchange.response_header("location")
        if location is not None and query_of(location).get("code") and not is_masked(location):
            _came_back(found, location)
    return tuple(_once(found, exchanged))


def _is_login(exchange: Exchange) -> bool:
    sent = query_of(exchange.url)
    if exchange.endpoint != "authorize" or exchange.method != "GET" or is_masked(exchange.url):
        return False
    return "response_type" in sent and not _ELSEWHERE & set(sent)


def _came_back(found: list[Login], location: str) -> None:
    """Note the callback at the newest login that it answers."""
    back = query_of(location)
    for index in reversed(range(len(found))):
        login = found[index]
        sent = query_of(login.asked.url)
        if sent.get("state") == back.get("state") and location.startswith(sent.get("redirect_uri", "")):
            if login.callback is None:
                found[index] = replace(login, callback=location)
            elif login.callback != location:
                found.append(replace(login, callback=location))
            return


def _once(found: Iterable[Login], exchanged: Collection[str]) -> list[Login]:
    kept: dict[tuple[str | None, ...], list[Login]] = {}
    for login in found:
        sent = query_of(login.asked.url)
        same = kept.setdefault(tuple(sent.get(name) for name in _OWN), [])
        both = bool(same) and login.code != same[-1].code and {login.code, same[-1].code} <= set(exchanged)
        if same and not both:
            if login.code in exchanged or not same[-1].callback:
                same[-1] = login
        else:
            same.append(login)
    return sorted((login for same in kept.values() for login in same), key=lambda login: login.asked.n)
