"""Who is signed in, and the sign-in forms that are open: Keycloak's user sessions and authentication sessions."""

from dataclasses import dataclass

from sparring.mocks.engine.desk import Desk

IDLE_WINDOW = 120
"""Seconds that a session outlives its idle time [engine: SessionTimeoutHelper.IDLE_TIMEOUT_WINDOW_SECONDS]."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SsoSession:
    """A person is signed in to the realm. ``authenticated_at`` is 0 where no browser was involved [engine];
    ``remember``: the browser shall still know the person when it is opened anew.
    """

    id: str
    subject: str
    started: int
    authenticated_at: int
    remember: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Touched:
    """When a session was last used."""

    at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Detached:
    """A client lost its part of a session because a code came twice; a new login of that client gives it back."""

    session_id: str
    client_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejoined:
    """When a client got its part of a session back."""

    at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OfflineSession:
    """A client may act for a person who is away, until that is ended or not used for too long."""

    id: str
    subject: str
    started: int
    authenticated_at: int
    used_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Rotation:
    """Which refresh token of a client's part of a session was used last (variant ``rotating``)."""

    current: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LoginTab:
    """A sign-in form is open. ``root`` is the browser's and becomes the session's id, ``session_code`` the form's;
    ``subject`` is who gave the right password and has something to do first.
    """

    id: str
    root: str
    client_id: str
    redirect_uri: str
    params: tuple[tuple[str, str], ...]
    session_code: str
    shown_at: int
    message: str = ""
    subject: str = ""
    remember: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Root:
    """A browser that came to sign in."""

    id: str


async def start(desk: Desk, session_id: str, subject: str, *, by_browser: bool, remember: bool = False) -> SsoSession:
    """Sign a person in."""
    now = desk.seconds()
    authenticated_at = now if by_browser else 0
    session = SsoSession(
        id=session_id, subject=subject, started=now, authenticated_at=authenticated_at, remember=remember
    )
    await desk.store.put(session.id, session)
    await touch(desk, session)
    return session


async def touch(desk: Desk, session: SsoSession) -> None:
    """Start the idle time anew."""
    await desk.store.put(session.id, Touched(at=desk.seconds()))


async def find(desk: Desk, session_id: str) -> SsoSession | None:
    """The session, even one that is over but was not ended."""
    return await desk.store.get(SsoSession, session_id)


def expires(desk: Desk, session: SsoSession) -> int:
    """When the session is over, however often it is used [engine: SSO session max]."""
    return session.started + desk.lifetimes["session"]


async def active(desk: Desk, session: SsoSession) -> bool:
    """Neither idle nor over [engine: AuthenticationManager.isSessionValid]."""
    now = desk.seconds()
    touched = await desk.store.get(Touched, session.id)
    idle_since = session.started if touched is None else touched.at
    return expires(desk, session) > now and idle_since + desk.lifetimes["refresh_token"] + IDLE_WINDOW > now


async def find_active(desk: Desk, session_id: str) -> SsoSession | None:
    """The session if it is still good."""
    session = await find(desk, session_id)
    return session if session is not None and await active(desk, session) else None


async def end(desk: Desk, session_id: str) -> None:
    """Sign the person out."""
    await desk.store.delete(SsoSession, session_id)
    await desk.store.delete(Root, session_id)


async def sign_out(desk: Desk, subject: str) -> None:
    """Sign a person out of every browser, and end what clients may do while they are away."""
    for session in await desk.store.every(SsoSession):
        if session.subject == subject:
            await end(desk, session.id)
    for kept in await desk.store.every(OfflineSession):
        if kept.subject == subject:
            await desk.store.delete(OfflineSession, kept.id)


async def attach(desk: Desk, session: SsoSession, client_id: str) -> None:
    """Give a client its part of the session."""
    part = f"{session.id}/{client_id}"
    if await desk.store.get(Detached, part) is not None:
        await desk.store.put(part, Rejoined(at=desk.seconds()))
        await desk.store.delete(Detached, part)


async def detach(desk: Desk, session_id: str, client_id: str) -> None:
    """Take a client's part of the session away [engine: detachFromUserSession]."""
    await desk.store.put(f"{session_id}/{client_id}", Detached(session_id=session_id, client_id=client_id))


async def attached(desk: Desk, session: SsoSession, client_id: str) -> bool:
    """Whether the client has a part of the session."""
    return await desk.store.get(Detached, f"{session.id}/{client_id}") is None


async def joined_after(desk: Desk, session: SsoSession, client_id: str, moment: int) -> bool:
    """Whether the client got its part of the session back later than that second and the one after it [engine:
    isIssuedBeforeSessionStart].
    """
    again = await desk.store.get(Rejoined, f"{session.id}/{client_id}")
    return again is not None and moment + 1 < again.at
