"""Browser sessions and the one-time tickets of their forms."""

# ruff: noqa: D103 - the names are sentences

import asyncio

from sparring.mocks.engine import sessions
from sparring.mocks.engine.sessions import Session
from tests.mocks.engine.desks import NotingStore, make_desk
from tests.mocks.stages import START, in_loop


@in_loop
async def test_a_session_is_found_by_its_cookie() -> None:
    desk = make_desk()
    session = await sessions.start_session(desk, "u1")
    assert (session.subject, session.signed_in_at) == ("u1", START)
    assert await sessions.find_session(desk, session.id) == session
    assert await sessions.find_session(desk, session.id + "x") is None
    assert await sessions.find_session(desk, "") is None
    assert await sessions.find_session(desk, None) is None


@in_loop
async def test_sessions_and_tickets_of_a_seed_stay_what_they_are() -> None:
    store = NotingStore()
    desk = make_desk(store=store)
    session = await sessions.start_session(desk, "u1")
    ticket = await sessions.hand_out_ticket(desk, session, "a=1")
    assert (session.id, ticket) == ("8vuSCjuCT5QP36bn3LWjK9Ii3amIEmL0", "1bV361TUF62rMUyCke31swV5")
    assert store.written == [(session.id, None, False), (ticket, START + 3600, False)]  # a form is filled in within one


@in_loop
async def test_signing_out_ends_the_sessions_of_one_person_in_every_browser() -> None:
    desk = make_desk()
    one, again, other = [await sessions.start_session(desk, subject) for subject in ("u1", "u1", "u2")]
    await sessions.end_sessions(desk, "u1")
    assert await desk.store.every(Session) == (other,)
    assert [await sessions.find_session(desk, each.id) for each in (one, again, other)] == [None, None, other]


@in_loop
async def test_no_two_sessions_or_tickets_are_alike() -> None:
    desk = make_desk()
    opened = [await sessions.start_session(desk, subject) for subject in ("u1", "u1", "u2")]
    tickets = [await sessions.hand_out_ticket(desk, session, "a") for session in opened for _ in range(3)]
    assert len({session.id for session in opened} | set(tickets)) == 12


@in_loop
async def test_a_ticket_is_accepted_once() -> None:
    desk = make_desk()
    session = await sessions.start_session(desk, "u1")
    ticket = await sessions.hand_out_ticket(desk, session, "a=1")
    assert await sessions.accept_ticket(desk, session, ticket, "a=1")
    assert not await sessions.accept_ticket(desk, session, ticket, "a=1")


@in_loop
async def test_a_ticket_holds_for_its_session_and_request_only() -> None:
    desk = make_desk()
    one, other = [await sessions.start_session(desk, "u1") for _ in range(2)]
    ticket = await sessions.hand_out_ticket(desk, one, "a=1")
    assert not await sessions.accept_ticket(desk, other, ticket, "a=1")
    ticket = await sessions.hand_out_ticket(desk, one, "a=1")
    assert not await sessions.accept_ticket(desk, one, ticket, "a=2")
    for made_up in (None, "", "x"):
        assert not await sessions.accept_ticket(desk, one, made_up, "a=1")


@in_loop
async def test_the_store_is_not_asked_for_what_nobody_presented() -> None:
    store = NotingStore()
    desk = make_desk(store=store)
    session = await sessions.start_session(desk, "u1")
    assert await sessions.find_session(desk, None) is None
    assert not await sessions.accept_ticket(desk, session, None, "a")
    assert not await sessions.accept_ticket(desk, session, "", "a")
    assert store.asked == []


@in_loop
async def test_of_many_forms_sent_at_once_one_is_accepted() -> None:
    desk = make_desk()
    session = await sessions.start_session(desk, "u1")
    ticket = await sessions.hand_out_ticket(desk, session, "a")
    done = await asyncio.gather(*(sessions.accept_ticket(desk, session, ticket, "a") for _ in range(20)))
    assert done.count(True) == 1
