"""Who is signed in, in which browser, and for how long: the engine's two session cookies."""

from dataclasses import dataclass

from sparring.mocks.engine import sessions
from sparring.mocks.engine.desk import Desk
from sparring.mocks.engine.messages import Request
from sparring.mocks.engine.sessions import Session
from sparring.mocks.engine.users import User
from sparring.mocks.providers.panopto.answers import cookie
from sparring.mocks.providers.panopto.handles import handle

SESSION_COOKIE = "idsrv"
SESSION_ID_COOKIE = "idsvr.session"  # a script may read it
LIFE = 36000  # [engine] DefaultCookieTimeSpan: 10 hours from the sign-in on, however busy the browser is
LONG_LIFE = 2592000  # [engine] DefaultRememberMeDuration: 30 days, where the person wanted to be remembered


@dataclass(frozen=True, slots=True, kw_only=True)
class Remembered:
    """A session that outlives its browser; its key is the session's id."""

    until: float


async def begin(desk: Desk, user: User, request: Request, *, remember: bool) -> tuple[tuple[str, str], ...]:
    """A new session's cookies [engine: IssueAuthenticationCookie]."""
    session = await sessions.start_session(desk, user.subject)
    until = session.signed_in_at + LONG_LIFE if remember else None
    if until is not None:
        await desk.store.put(session.id, Remembered(until=until), until=until)
    session_id = await handle(desk, "session-id", session.id)
    return (
        cookie(request, SESSION_ID_COOKIE, session_id, readable=True, until=until),
        cookie(request, SESSION_COOKIE, session.id, until=until),
    )


async def find(desk: Desk, request: Request) -> Session | None:
    """The browser's session, unless its life is over."""
    session = await sessions.find_session(desk, request.cookie(SESSION_COOKIE))
    if session is None:
        return None
    remembered = await desk.store.get(Remembered, session.id)
    until = session.signed_in_at + LIFE if remembered is None else remembered.until
    return session if desk.clock.now() < until else None
