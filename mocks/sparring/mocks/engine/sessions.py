"""Browser sessions at the provider, and the one-time tickets that tie a form to the session it was shown in."""

from dataclasses import dataclass

from sparring.mocks.engine.desk import Desk


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A person is signed in, in one browser."""

    id: str
    subject: str
    signed_in_at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """A form was shown in that session for that request; it can be sent back once."""

    session_id: str
    about: str


async def start_session(desk: Desk, subject: str) -> Session:
    """Sign a person in; the id is the cookie's value."""
    label = await desk.serial("session", subject)
    session = Session(id=desk.entropy.urlsafe(24, *label), subject=subject, signed_in_at=desk.clock.now())
    await desk.store.put(session.id, session)
    return session


async def find_session(desk: Desk, cookie: str | None) -> Session | None:
    """The session behind a cookie, or None."""
    return None if cookie is None else await desk.store.get(Session, cookie)


async def end_sessions(desk: Desk, subject: str) -> None:
    """Sign a person out of every browser."""
    for session in await desk.store.every(Session):
        if session.subject == subject:
            await desk.store.delete(Session, session.id)


async def hand_out_ticket(desk: Desk, session: Session, about: str) -> str:
    """A value for a hidden field; ``about`` names the request that the form belongs to."""
    value = desk.entropy.urlsafe(18, *await desk.serial("ticket", session.id))
    ticket = Ticket(session_id=session.id, about=about)
    await desk.store.put(value, ticket, until=desk.clock.now() + 3600)
    return value


async def accept_ticket(desk: Desk, session: Session, value: str | None, about: str) -> bool:
    """Whether the form came from that session, for that request, for the first time."""
    taken = None if not value else await desk.store.take(Ticket, value)
    if taken is None or not taken.first:
        return False
    return taken.record == Ticket(session_id=session.id, about=about)
