"""When a fault fires: attempts, times, matches, moments."""

# ruff: noqa: D103 - the names are sentences

import asyncio
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sparring.mocks.faults.book import FaultBook
from sparring.mocks.faults.schema import About, Place

TOKEN = About(provider="ingest", endpoint="token", client="c1", grant="refresh_token")


def _book(**members: Any) -> FaultBook:
    book = FaultBook()
    book.add({"id": "f", "effect": {"kind": "hang"}} | members)
    return book


def _firing(book: FaultBook, about: About = TOKEN, when: str | None = "before") -> list[str]:
    return [fault.id for fault in asyncio.run(book.fire(Place.WIRE, about, when=when))]


@given(st.none() | st.integers(1, 4), st.none() | st.integers(1, 4), st.integers(0, 8))
def test_attempt_picks_one_request_and_times_bounds_them(attempt: int | None, times: int | None, requests: int) -> None:
    book = _book(match={} if attempt is None else {"attempt": attempt}, times=times)
    fired = [number for number in range(1, requests + 1) if _firing(book)]
    wanted = [number for number in range(1, requests + 1) if attempt in {None, number}]
    assert fired == wanted[: requests if times is None else times]
    assert book.as_json()[0]["fired"] == len(fired)


@pytest.mark.parametrize(
    ("match", "fires"),
    [
        ({}, True),
        ({"provider": "ingest", "endpoint": "token", "client": "c1", "grant": "refresh_token"}, True),
        ({"provider": "clickview"}, False),
        ({"endpoint": "api"}, False),
        ({"client": "c2"}, False),
        ({"grant": "client_credentials"}, False),
        ({"endpoint": "token", "client": "c2"}, False),
    ],
)
def test_every_member_of_the_match_must_hold(match: dict[str, str], fires: bool) -> None:
    assert bool(_firing(_book(match=match))) == fires


def test_requests_that_are_not_meant_do_not_count() -> None:
    book = _book(match={"grant": "refresh_token", "attempt": 2})
    other = About(provider="ingest", endpoint="token", grant="authorization_code")
    assert [bool(_firing(book, about)) for about in (other, TOKEN, other, TOKEN)] == [False, False, False, True]


def test_a_fault_fires_at_its_place_and_moment_only() -> None:
    book = _book(match={"when": "after"}, times=None)
    assert asyncio.run(book.fire(Place.HTTP, TOKEN, when="after")) == []
    assert _firing(book, when="before") == []
    assert _firing(book, when="after") == ["f"]


def test_faults_fire_in_the_order_they_were_put_on_stage() -> None:
    book = FaultBook()
    for name in ("b", "a", "c"):
        book.add({"id": name, "effect": {"kind": "close"}})
    assert _firing(book) == ["b", "a", "c"]
    assert _firing(book) == []


def test_a_fault_that_is_put_on_stage_again_counts_anew() -> None:
    book = _book()
    assert _firing(book) == ["f"]
    assert book.remove("other") == 0
    assert book.remove() == 1
    assert book.as_json() == []
    book.add({"id": "f", "effect": {"kind": "hang"}})
    assert book.as_json()[0]["fired"] == 0
    assert _firing(book) == ["f"]


def _says(book: FaultBook, fault_id: str) -> int:
    fault = book.find(fault_id)
    assert fault is not None
    return int(fault.as_json()["effect"]["status"])


def _status(status: int, **members: Any) -> dict[str, Any]:
    return {"effect": {"kind": "status", "status": status}} | members


def test_another_fault_under_an_old_id_is_the_other_one_in_every_book() -> None:
    one, two = FaultBook(), FaultBook()
    for status in (500, 503):
        one.add(_status(status, id="f"))
        two.adopt(one.state())
        assert (_says(one, "f"), _says(two, "f")) == (status, status)
        one.remove()
        two.adopt(one.state())
        assert (_says(one, "f"), _says(two, "f")) == (status, status)
    assert two.find("never") is None


def test_of_two_faults_of_one_number_the_quicker_one_is_adopted() -> None:
    slow, quick = FaultBook(), FaultBook()
    assert slow.add(_status(500)).id == quick.add(_status(503)).id == "fault-1"
    asyncio.run(slow.fire(Place.HTTP, TOKEN))
    slow.adopt(quick.state())
    assert slow.as_json() == quick.as_json()
    assert _says(slow, "fault-1") == 503


def test_what_is_used_up_stays_so_among_thousands_of_grants() -> None:
    async def among() -> None:
        book = _book(times=1)
        book.add({"match": {"attempt": 2, "per": "grant"}, "effect": {"kind": "close"}, "times": None})
        assert await book.fire(Place.WIRE, TOKEN)
        for number in range(20_100):
            about = About(provider="ingest", endpoint="token", family=f"grant-{number}")
            assert await book.due(Place.WIRE, about) == []

    asyncio.run(among())
