"""The realm's cookies, written as Keycloak 4.8.3 writes them (ServerCookie.java), all below the realm's path."""

from typing import Any

from sparring.mocks.engine.dates import http_date
from sparring.mocks.engine.desk import Desk
from sparring.mocks.engine.messages import Request
from sparring.mocks.engine.refusals import Refusal
from sparring.mocks.providers.movingimage import sessions
from sparring.mocks.providers.movingimage.addresses import REALM, issuer
from sparring.mocks.providers.movingimage.bearer import read
from sparring.mocks.providers.movingimage.claims import sign_for_itself
from sparring.mocks.providers.movingimage.people import by_subject
from sparring.mocks.providers.movingimage.sessions import LoginTab, Root, SsoSession
from sparring.mocks.providers.movingimage.variants import DEFAULT, KEYCLOAK_12, step

ROOT = "AUTH_SESSION_ID"
NODE = "node1"
"""The server that a session sticks to; its real name is the machine's [assumed]."""

RESTART = "KC_RESTART"
IDENTITY = "KEYCLOAK_IDENTITY"
SESSION = "KEYCLOAK_SESSION"
REMEMBER = "KEYCLOAK_REMEMBER_ME"
A_YEAR = 31536000
NOTES = (
    "scope",
    "iss",
    "response_type",
    "code_challenge",
    "code_challenge_method",
    "redirect_uri",
    "state",
    "nonce",
    "login_hint",
    "prompt",
    "max_age",
    "response_mode",
)
P3P = ("P3P", 'CP="This is not a P3P policy!"')  # [engine] P3PHelper
LOCALE = "KEYCLOAK_LOCALE"
LONG_AGO = "Thu, 01-Jan-1970 00:00:10 GMT"
Headers = tuple[tuple[str, str], ...]


def _cookie(
    request: Request, name: str, value: str, more: str, scripts: bool, path: str = f"{REALM}/"
) -> tuple[str, str]:
    secure = "; Secure" if request.scheme == "https" else ""
    return "Set-Cookie", f"{name}={value}; Version=1{more}; Path={path}{secure}{_closed(scripts)}"


def _closed(scripts: bool) -> str:
    return "" if scripts else "; HttpOnly"


def _once(request: Request, name: str, value: str, more: str, scripts: bool) -> Headers:
    return (_cookie(request, name, value, more, scripts),)


def _twice(request: Request, name: str, value: str, more: str, scripts: bool) -> Headers:
    """For other sites too, and once more for browsers that do not know SameSite=None [engine: CookieHelper]."""
    legacy = _cookie(request, f"{name}_LEGACY", value, more, scripts)
    if "Max-Age=0" in more:
        return _cookie(request, name, value, more, scripts), legacy
    text = f"{name}={value}; Version=1{more}; Path={REALM}/; SameSite=None; Secure{_closed(scripts)}"
    return ("Set-Cookie", text), legacy


ACROSS_SITES = {DEFAULT: _once, KEYCLOAK_12: _twice}
OVER = f"; Expires={LONG_AGO}; Max-Age=0"
GONE = f"; Comment=Expiring cookie{OVER}"


def _until(desk: Desk, lifetime: int) -> str:
    date = http_date(desk.seconds() + lifetime)
    return f"; Expires={date[:7]}-{date[8:11]}-{date[12:]}; Max-Age={lifetime}"


def _given(request: Request, name: str) -> str | None:
    """A cookie under either of its names."""
    value = request.cookie(name)
    return request.cookie(f"{name}_LEGACY") if value is None else value


def root(request: Request) -> str | None:
    """Which browser this is."""
    value = _given(request, ROOT)
    return None if value is None else value.partition(".")[0]


def watched(request: Request) -> str | None:
    """``platform/<person>/<session>``, as scripts see it."""
    return _given(request, SESSION)


def opened(desk: Desk, request: Request, tab: LoginTab) -> Headers:
    """Before the login: which browser this is, if that is new, and how to begin again after it was forgotten."""
    again = {
        "cid": tab.client_id,
        "pty": "openid-connect",
        "ruri": tab.redirect_uri,
        "act": "AUTHENTICATE",
        "notes": _notes(desk, request, tab),
    }
    return (*named(desk, request, tab.root), _cookie(request, RESTART, sign_for_itself(desk, again), "", False))


def _notes(desk: Desk, request: Request, tab: LoginTab) -> dict[str, str]:
    """What the realm keeps of the authorization request [engine: AuthorizationEndpoint.updateAuthenticationSession]."""
    asked = dict(reversed(tab.params))
    asked |= {"iss": issuer(desk, request.origin), "code_challenge_method": asked.get("code_challenge_method", "plain")}
    return {name: asked[name] for name in NOTES if name in asked}


def named(desk: Desk, request: Request, browser: str) -> Headers:
    """Which browser this is, where it does not know yet."""
    if browser == root(request):
        return ()
    cookies: Headers = step(desk, ACROSS_SITES)(request, ROOT, f"{browser}.{NODE}", "", False)
    return cookies


def begun_no_more(request: Request) -> tuple[str, str]:
    """The login is over, in whichever way [engine: RestartLoginCookie.expireRestartCookie]."""
    return _cookie(request, RESTART, "", OVER, False)


def _no_language(_request: Request) -> Headers:
    return ()


def _language_over(request: Request) -> Headers:
    """The language is the person's from now on [engine: Keycloak 12.0.4 DefaultLocaleUpdaterProvider]."""
    return (_cookie(request, LOCALE, "", GONE, False),)


LANGUAGE = {DEFAULT: _no_language, KEYCLOAK_12: _language_over}


def settled(desk: Desk, request: Request) -> Headers:
    """The person is known: what was kept for the time before is over."""
    return (*step(desk, LANGUAGE)(request), begun_no_more(request))


async def signed_in(desk: Desk, request: Request, session: SsoSession) -> Headers:
    """After the login: the identity, and the session that scripts may watch [engine: createLoginCookie]."""
    lifetime, now = desk.lifetimes["session"], desk.seconds()
    identity = {
        "jti": desk.entropy.uuid(desk.provider, "identity", session.id, now),
        "exp": now + lifetime,
        "nbf": 0,
        "iat": now,
        "iss": issuer(desk, request.origin),
        "sub": session.subject,
        "auth_time": 0,
        "session_state": session.id,
        "state_checker": desk.entropy.urlsafe(32, desk.provider, "state-checker", session.id),
    }
    write, until = step(desk, ACROSS_SITES), _until(desk, lifetime)
    value = f"platform/{session.subject}/{session.id}"
    return (
        *settled(desk, request),
        *write(request, IDENTITY, sign_for_itself(desk, identity), until if session.remember else "", False),
        *write(request, SESSION, value, until, True),
        P3P,
        await _remembered(desk, request, session),
    )


async def _remembered(desk: Desk, request: Request, session: SsoSession) -> tuple[str, str]:
    user = await by_subject(desk, session.subject)
    if not session.remember or user is None:
        return _cookie(request, REMEMBER, "", GONE, False)
    return _cookie(request, REMEMBER, f"username:{user.username}", _until(desk, A_YEAR), False)


def forgotten(desk: Desk, request: Request) -> Headers:
    """Identity and session are over, also where an older release had put them [engine: expireIdentityCookie]."""
    write = step(desk, ACROSS_SITES)
    return (
        *write(request, IDENTITY, "", GONE, False),
        *write(request, SESSION, "", GONE, True),
        _cookie(request, IDENTITY, "", GONE, False, REALM),
        _cookie(request, SESSION, "", GONE, True, REALM),
    )


async def signed_out(desk: Desk, request: Request) -> Headers:
    """After the logout in a browser [engine: AuthenticationManager.browserLogout]."""
    browser = desk.entropy.uuid(*await desk.serial("root"))
    await desk.store.put(browser, Root(id=browser))
    return (*named(desk, request, browser), *forgotten(desk, request), _cookie(request, REMEMBER, "", GONE, False))


async def session_by_cookie(desk: Desk, request: Request) -> SsoSession | None:
    """Who is signed in with this browser, if session and account are still good [engine: verifyIdentityToken]."""
    identity = _read(desk, request, IDENTITY)
    session = None if identity is None else await sessions.find_active(desk, str(identity.get("session_state", "")))
    user = None if session is None else await by_subject(desk, session.subject)
    return None if user is None or user.locked else session


def restart(desk: Desk, request: Request) -> dict[str, Any] | None:
    """The authorization request that a login began with [engine: RestartLoginCookie]."""
    return _read(desk, request, RESTART)


def _read(desk: Desk, request: Request, name: str) -> dict[str, Any] | None:
    value = _given(request, name)
    try:
        return read(desk, value, by_the_realm=True) if value else None
    except Refusal:
        return None
