"""The realm's cookies, written as Keycloak 4.8.3 writes them (ServerCookie.java), all below the realm's path."""

from email.utils import formatdate
from typing import Any

from sparring.mocks.engine.desk import Desk
from sparring.mocks.engine.messages import Request
from sparring.mocks.engine.refusals import Refusal
from sparring.mocks.providers.movingimage import sessions
from sparring.mocks.providers.movingimage.addresses import REALM, issuer
from sparring.mocks.providers.movingimage.bearer import read
from sparring.mocks.providers.movingimage.claims import sign_for_itself
from sparring.mocks.providers.movingimage.sessions import LoginTab, SsoSession

ROOT = "AUTH_SESSION_ID"
RESTART = "KC_RESTART"
IDENTITY = "KEYCLOAK_IDENTITY"
SESSION = "KEYCLOAK_SESSION"
LONG_AGO = "Thu, 01-Jan-1970 00:00:10 GMT"


def _cookie(
    request: Request, name: str, value: str, *, until: str = "", comment: str = "", open_to_scripts: bool = False
) -> tuple[str, str]:
    secure = "; Secure" if request.scheme == "https" else ""
    http_only = "" if open_to_scripts else "; HttpOnly"
    return "Set-Cookie", f"{name}={value}; Version=1{comment}{until}; Path={REALM}/{secure}{http_only}"


def _gone(request: Request, name: str, *, open_to_scripts: bool = False) -> tuple[str, str]:
    until, comment = f"; Expires={LONG_AGO}; Max-Age=0", "; Comment=Expiring cookie"
    return _cookie(request, name, "", until=until, comment=comment, open_to_scripts=open_to_scripts)


def opened(desk: Desk, request: Request, tab: LoginTab) -> tuple[tuple[str, str], ...]:
    """Before the login: which browser this is, and how to begin again after it was forgotten."""
    restart = {
        "cid": tab.client_id,
        "pty": "openid-connect",
        "ruri": tab.redirect_uri,
        "notes": dict(reversed(tab.params)),
    }
    return (
        _cookie(request, ROOT, tab.root),
        _cookie(request, RESTART, sign_for_itself(desk, restart)),
    )


def signed_in(desk: Desk, request: Request, session: SsoSession) -> tuple[tuple[str, str], ...]:
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
        "resource_access": {},
        "state_checker": desk.entropy.urlsafe(32, desk.provider, "state-checker", session.id),
    }
    date = formatdate(now + lifetime, usegmt=True)
    return (
        _gone(request, RESTART),
        _cookie(request, IDENTITY, sign_for_itself(desk, identity)),
        _cookie(
            request,
            SESSION,
            f"platform/{session.subject}/{session.id}",
            until=f"; Expires={date[:7]}-{date[8:11]}-{date[12:]}; Max-Age={lifetime}",
            open_to_scripts=True,
        ),
    )


def signed_out(request: Request) -> tuple[tuple[str, str], ...]:
    """After the logout [engine: expireIdentityCookie]."""
    return _gone(request, IDENTITY), _gone(request, SESSION, open_to_scripts=True)


async def session_by_cookie(desk: Desk, request: Request) -> SsoSession | None:
    """Who is signed in with this browser, if the session is still good [engine: authenticateIdentityCookie]."""
    identity = _read(desk, request, IDENTITY)
    return None if identity is None else await sessions.find_active(desk, str(identity.get("session_state", "")))


def restart(desk: Desk, request: Request) -> dict[str, Any] | None:
    """The authorization request that a login began with [engine: RestartLoginCookie]."""
    return _read(desk, request, RESTART)


def _read(desk: Desk, request: Request, name: str) -> dict[str, Any] | None:
    value = request.cookie(name)
    try:
        return read(desk, value, by_the_realm=True) if value else None
    except Refusal:
        return None
