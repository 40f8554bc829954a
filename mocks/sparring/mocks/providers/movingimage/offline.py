"""Offline access: tokens that live on when the person has signed out [engine: Keycloak 4.8.3 UserSessionManager]."""

from dataclasses import replace

from sparring.mocks.engine.desk import Desk
from sparring.mocks.engine.refusals import Refusal
from sparring.mocks.providers.movingimage import rules
from sparring.mocks.providers.movingimage.sessions import IDLE_WINDOW, OfflineSession, SsoSession

KIND = "Offline"
"""The claim ``typ`` of such a refresh token."""


async def keep(desk: Desk, session: SsoSession) -> None:
    """Remember the session for as long as its offline tokens are used [engine: createOrUpdateOfflineSession]."""
    known = await desk.store.get(OfflineSession, session.id)
    fresh = OfflineSession(
        id=session.id,
        subject=session.subject,
        started=session.started,
        authenticated_at=session.authenticated_at,
        used_at=desk.seconds(),
    )
    await desk.store.put(session.id, fresh if known is None else replace(known, used_at=desk.seconds()))


async def find(desk: Desk, session_id: str) -> SsoSession:
    """The session behind an offline token; a Refusal where it was ended or not used for thirty days."""
    known = await desk.store.get(OfflineSession, session_id)
    if known is None:  # movingimage/token/refresh-offline-gone [engine]
        raise Refusal(rules.REFRESH_OFFLINE_GONE, "invalid_grant", "Offline user session not found")
    if known.used_at + desk.lifetimes["offline_session"] + IDLE_WINDOW <= desk.seconds():
        await end(desk, session_id)  # movingimage/token/refresh-offline-idle [engine]
        raise Refusal(rules.REFRESH_OFFLINE_IDLE, "invalid_grant", "Offline session not active")
    return SsoSession(
        id=known.id, subject=known.subject, started=known.started, authenticated_at=known.authenticated_at
    )


async def active(desk: Desk, session_id: str) -> SsoSession | None:
    """The session behind an offline token, or None."""
    try:
        return await find(desk, session_id)
    except Refusal:
        return None


async def end(desk: Desk, session_id: str) -> None:
    """Take the offline access back."""
    await desk.store.delete(OfflineSession, session_id)
