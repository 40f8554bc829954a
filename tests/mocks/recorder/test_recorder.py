"""What crossed the wire: numbered, bounded, raw."""

# ruff: noqa: D103 - the names are sentences

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sparring.mocks.engine.messages import Answer
from sparring.mocks.engine.rules import Mark, Rule
from sparring.mocks.recorder.exchange import Exchange
from sparring.mocks.recorder.recorder import Recorder
from tests.mocks.stages import START, Wall, request

RULE = Rule("trainer/rule", Mark.DOC, "a source", "Mend it.")


def _recorder(limit: int = 100) -> Recorder:
    return Recorder(Wall(), lambda: 0.25, limit)


def test_an_exchange_tells_everything() -> None:
    message = request("POST", "/token?a=b%20c", ("x-a", "1"), ("x-a", "2"), body=b"caf\xc3\xa9", host="H.example:1")
    exchange = _recorder().begin("ingest", "token", message, connection=3)
    exchange.answer = Answer(status=400, rule=RULE, headers=(("X-B", "Z"), ("x-b", "y")), body=b"{}")
    message.facts.client = "c1"
    assert exchange.as_json() == {
        "n": 1,
        "provider": "ingest",
        "endpoint": "token",
        "method": "POST",
        "url": "http://H.example:1/token?a=b%20c",
        "headers": [["x-a", "1"], ["x-a", "2"]],
        "body": "café",
        "status": 400,
        "response_headers": [["x-b", "Z"], ["x-b", "y"]],
        "response_body": "{}",
        "rule": "trainer/rule",
        "source": "a source",
        "mend": "Mend it.",
        "at": START,
        "elapsed": 0.25,
        "connection": 3,
        "facts": {"client": "c1"},
    }


def test_without_an_answer_nothing_is_made_up() -> None:
    told = _recorder().begin("ingest", "token", request("GET", "/")).as_json()
    assert (told["status"], told["response_headers"], told["response_body"], told["rule"]) == (None, [], "", "")
    assert told["url"] == "http://127.0.0.1:9401/"


@given(st.binary())
def test_any_body_can_be_told_in_json(body: bytes) -> None:
    told = json.loads(json.dumps(_recorder().begin("p", "e", request("POST", "/", body=body)).as_json()))["body"]
    assert body == (base64.b64decode(told["base64"]) if isinstance(told, dict) else told.encode())


def _numbers(exchanges: list[Exchange]) -> list[int]:
    return [exchange.n for exchange in exchanges]


def test_exchanges_are_selected_by_provider_endpoint_and_number() -> None:
    recorder = _recorder()
    for provider, endpoint in (("a", "token"), ("b", "token"), ("a", "api"), ("a", "token")):
        recorder.begin(provider, endpoint, request("GET", "/"))
    assert _numbers(recorder.select()) == [1, 2, 3, 4]
    assert _numbers(recorder.select("a")) == [1, 3, 4]
    assert _numbers(recorder.select(endpoint="token")) == [1, 2, 4]
    assert _numbers(recorder.select("a", "token", since=1)) == [4]
    assert _numbers(recorder.select("c")) == []


@given(st.integers(1, 5), st.integers(0, 12))
def test_the_last_ones_are_kept_and_all_are_counted(limit: int, requests: int) -> None:
    recorder = _recorder(limit)
    for _ in range(requests):
        recorder.begin("p", "e", request("GET", "/"))
    assert _numbers(recorder.select()) == list(range(1, requests + 1))[-limit:]
    assert recorder.count == requests


def test_what_does_not_fit_is_forgotten_from_the_oldest_on() -> None:
    recorder = Recorder(Wall(), lambda: 0.0, 100, room=1_000)

    def settled(size: int) -> None:
        recorder.end(recorder.begin("p", "e", request("POST", "/", body=b"x" * size)))

    for _ in range(4):
        settled(299)
    assert _numbers(recorder.select()) == [2, 3, 4]
    answered = recorder.select()[2]
    answered.answer = Answer(status=200, rule=RULE, headers=(("A", "b"),), body=b"y" * 400)
    recorder.end(answered)
    assert _numbers(recorder.select()) == [4]  # 3 and 4 would have 1002 bytes
    settled(5_000)
    assert _numbers(recorder.select()) == [5]
    recorder.end(answered)
    recorder.clear()
    recorder.end(answered)
    for _ in range(3):
        settled(299)
    assert _numbers(recorder.select()) == [6, 7, 8]


def test_what_waits_at_the_barrier_takes_room() -> None:
    recorder = Recorder(Wall(), lambda: 0.0, 100, room=1_000)
    for _ in range(4):
        recorder.hold(recorder.begin("p", "e", request("POST", "/", body=b"x" * 299)))
    assert _numbers(recorder.select()) == [2, 3, 4]


@pytest.mark.parametrize("note", ["a note", "half a pair: \ud800"], ids=["packed", "kept as it is"])
def test_what_is_over_is_told_as_it_was(note: str) -> None:
    recorder = Recorder(Wall(), lambda: 0.25)
    message = request("POST", "/token?a=b", ("x-a", "1"), body=b"caf\xc3\xa9 \xff")
    exchange = recorder.begin("ingest", "token", message, connection=3)
    facts = message.facts
    facts.faults, facts.client, facts.grant, facts.user = ["f"], "c", "g", "u"
    facts.issued, facts.presented = [{"fp": "1", "expires_at": 1.5}], [{"valid": True, "reason": ""}]
    facts.notes, facts.certificate, facts.endpoint = [note], "expired", "token"
    exchange.answer = Answer(status=400, rule=RULE, headers=(("X-B", "Z"),), body=b"\x00{}")
    before = exchange.as_json()
    recorder.end(exchange)
    (kept,) = recorder.select()
    assert (kept is exchange) is ("pair" in note)
    assert kept == exchange
    assert kept.as_json() == before


@given(st.lists(st.tuples(st.integers(0, 400), st.integers(0, 400), st.booleans()), max_size=20))
def test_the_count_of_bytes_is_true_whatever_ends_when(steps: list[tuple[int, int, bool]]) -> None:
    recorder = Recorder(Wall(), lambda: 0.0, 5, room=1_000)
    pending: list[Exchange] = []
    for asked, answered, at_once in steps:
        exchange = recorder.begin("p", "e", request("POST", "/", body=b"x" * asked))
        exchange.answer = Answer(status=200, rule=RULE, body=b"y" * answered)
        pending.append(exchange)
        if at_once:
            recorder.end(pending.pop(0))
    for exchange in pending:
        recorder.end(exchange)
    kept = recorder.select()
    assert recorder._size == sum(exchange.weighed for exchange in kept)
    assert all(exchange.weighed == exchange.size for exchange in kept)
    assert len(kept) <= 5
    assert recorder._size <= 1_000 or len(kept) == 1


def test_numbers_go_on_after_clearing() -> None:
    recorder = _recorder()
    recorder.begin("p", "e", request("GET", "/"))
    recorder.clear()
    assert recorder.select() == []
    assert recorder.begin("p", "e", request("GET", "/")).n == 2
    assert recorder.count == 2


def test_listeners_are_told_of_what_settles_until_they_leave() -> None:
    ticks = iter([0.0, 2.0, 2.5])
    recorder = Recorder(Wall(), lambda: next(ticks))
    told: list[tuple[int, bool, bool] | None] = []

    def note(exchange: Exchange | None) -> None:
        told.append(None if exchange is None else (exchange.n, exchange.held, exchange.ended))

    with recorder.listening(note):
        held, ended = (recorder.begin("p", "e", request("GET", "/")) for _ in range(2))
        assert [held.settled, ended.settled] == [False, False]
        recorder.hold(held)
        recorder.end(ended)
        recorder.close()
    recorder.hold(ended)
    assert told == [(1, True, False), (2, False, True), None]
    assert [held.settled, ended.settled] == [True, True]
    assert (held.as_json()["held"], ended.took, recorder.closed) == (True, 0.5, True)
