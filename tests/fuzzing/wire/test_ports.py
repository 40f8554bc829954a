"""A sample of broken HTTP at every port, and the statuses of what is too much; ``make fuzz-long`` sends far more."""

# ruff: noqa: D103 - the names are sentences

import asyncio
import logging
from collections.abc import Iterator

import pytest

from sparring.mocks.server.limits import Limits
from tests.fuzzing.trying import PORTS
from tests.fuzzing.wire.arena import Arena, Port, open_arena
from tests.fuzzing.wire.judging import statuses
from tests.fuzzing.wire.running import ask, complaint, judged, run_in
from tests.sampling import THOROUGH

CASES = 2_000 if THOROUGH else 40
FORM = "Content-Type: application/x-www-form-urlencoded"


@pytest.fixture(scope="module")
def arena() -> Iterator[Arena]:
    """One for all tests here."""
    with open_arena() as opened:
        yield opened


@pytest.mark.parametrize("name", PORTS)
def test_a_port_bears_whatever_comes(arena: Arena, name: str) -> None:
    assert run_in(arena, name, CASES, seed=3).wrong == []


def test_every_port_is_tried(arena: Arena) -> None:
    assert set(arena.ports) == set(PORTS)


def answered(port: Port, sent: bytes) -> list[int]:
    """The statuses of what comes back; the connection must have ended."""
    raw, end = asyncio.run(ask(port, sent))
    assert complaint(port, raw, end) == ""
    return statuses(raw, whole=False)


def request(target: str = "/token", *headers: str, method: str = "POST", body: bytes = b"") -> bytes:
    return "\r\n".join((f"{method} {target} HTTP/1.1", "Host: 127.0.0.1", *headers, "", "")).encode() + body


SMUGGLED = b"GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n"


@pytest.mark.parametrize(
    "sent",
    [
        request("/token", "Content-Length: 5", "Transfer-Encoding: chunked", body=b"0\r\n\r\n" + SMUGGLED),
        request("/token", "Transfer-Encoding: chunked", "Content-Length: 5", body=b"0\r\n\r\n" + SMUGGLED),
        request("/token", "Content-Length: 0", f"Content-Length: {len(SMUGGLED)}", body=SMUGGLED),
        request("/token", "Content-Length: -1", body=SMUGGLED),
        request("/token", "Content-Length: +5", body=SMUGGLED),
        request("/token", "Content-Length: 99999999999999999999", body=SMUGGLED),
        request("/token", "Transfer-Encoding : chunked", body=b"0\r\n\r\n" + SMUGGLED),
        request("/token", "Transfer-Encoding: chunked, identity", body=b"0\r\n\r\n" + SMUGGLED),
        request("/token", "Transfer-Encoding: chunked", body=b"-1\r\n" + SMUGGLED),
        request("/token", "Transfer-Encoding: chunked", body=b"ffffffffffffffff0\r\n" + SMUGGLED),
    ],
    ids=lambda sent: repr(sent[38:90]),
)
@pytest.mark.parametrize("name", ["ingest", "control"])
def test_no_request_is_smuggled_in_a_body(arena: Arena, name: str, sent: bytes) -> None:
    assert answered(arena.ports[name], sent) == [400]


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (request("/token", FORM, "Content-Length: 1048577", body=b"a" * 1_048_577), 413),
        (request("/" + "a" * 40_000, method="GET"), 414),
        (request("/videos", "X: " + "a" * 70_000, method="GET"), 431),
        (request("/videos", *(f"X-{n}: a" for n in range(9_000)), method="GET"), 431),
        (request("/videos?" + "a=1&" * 1_001, method="GET"), 400),
        (request("/token", FORM, "Content-Length: 4004", body=b"a=1&" * 1_001), 400),
    ],
    ids=["body", "target", "header", "headers", "query", "form"],
)
def test_what_is_too_much_is_said_by_its_status(arena: Arena, sent: bytes, status: int) -> None:
    for name in ("ingest", "clickview"):
        assert answered(arena.ports[name], sent)[-1:] == [status]


def test_the_control_port_has_limits_too(arena: Arena) -> None:
    headers = ("Content-Type: application/json", f"Content-Length: {1 << 25}")
    control = arena.ports["control"]
    assert answered(control, request("/stages", *headers, body=b" " * 17_000_000)) == [413]
    assert answered(control, request("/stages", "X: " + "a" * 70_000, method="GET"))[-1:] == [431]
    assert answered(control, b"GET /" + b"a" * 500_000) == [431]


def test_a_request_that_never_ends_is_given_up(arena: Arena, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sparring.mocks.server.asgi.USUAL", Limits(patience=0.05, idle=0.05))
    assert answered(arena.ports["control"], b"GET / HTTP/1.1\r\nX: a") == [408]
    assert answered(arena.ports["control"], b"") == []


@pytest.mark.parametrize("number", ["NaN", "1e999", "-Infinity", '"\\ud800"'])
def test_numbers_that_json_has_not_are_refused(arena: Arena, number: str) -> None:
    body = f'{{"seconds": {number}}}'.encode()
    headers = ("Content-Type: application/json", f"Content-Length: {len(body)}")
    assert answered(arena.ports["control"], request("/stages/spare/clock/advance", *headers, body=body)) == [400]


def test_half_a_surrogate_pair_comes_back_as_it_went(arena: Arena) -> None:
    body = b'{"provider": "ingest", "client_id": "a", "name": "\\ud800"}'
    headers = ("Content-Type: application/json", f"Content-Length: {len(body)}", "Connection: close")
    sent = request("/stages/spare/clients", *headers, body=body)
    assert answered(arena.ports["control"], sent) in ([200], [201], [400])


def test_the_proxy_asks_neither_itself_nor_a_name_that_is_none(arena: Arena) -> None:
    proxy = arena.ports["proxy"]
    for host in (f"127.0.0.1:{proxy.port}", f"localhost:{proxy.port}", "a" * 70 + ".localhost", "127.0.0.1:99999"):
        assert answered(proxy, request(f"http://{host}/", method="GET")) == [400]
        assert answered(proxy, f"CONNECT {host} HTTP/1.1\r\n\r\n".encode()) == [400]


def test_a_defect_is_found_out(arena: Arena) -> None:
    port = arena.ports["decoy"]
    assert judged(arena, port, [request("/", method="GET")]) == []
    logging.getLogger("sparring").error("a defect")
    assert [told for _, told in judged(arena, port, [request("/", method="GET")])] == ["a defect"]
    assert complaint(port, b"HTTP/1.1 500 Oh\r\nContent-Length: 0\r\n\r\n", "closed").startswith(
        "500, which nobody asked"
    )
    assert complaint(port, b"", "open").startswith("still open")
