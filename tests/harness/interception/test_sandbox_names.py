"""The name server and the look at packets, without a sandbox."""

import socket
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sparring.harness.interception.sandbox.names import Names
from sparring.harness.interception.sandbox.packets import Call, read

A, AAAA, PTR = 1, 28, 12


def query(name: str, kind: int = A, number: int = 7) -> bytes:
    """A question as a resolver asks it."""
    labels = b"".join(bytes([len(label)]) + label.encode() for label in name.split("."))
    return struct.pack("!HHHHHH", number, 0x0100, 1, 0, 0, 0) + labels + struct.pack("!BHH", 0, kind, 1)


def address(answer: bytes) -> str:
    """The one address in an answer, empty where there is none."""
    (count,) = struct.unpack_from("!H", answer, 6)
    return socket.inet_ntoa(answer[-4:]) if count else ""


def code(answer: bytes) -> int:
    """The answer's code: 0 no error, 1 unreadable, 3 no such name."""
    (flags,) = struct.unpack_from("!H", answer, 2)
    return int(flags & 15)


def test_known_names_have_their_address_and_are_nobody_elses_business() -> None:
    """Neither they nor the reverse of an address are reported."""
    asked: list[str] = []
    names = Names({"login.ingest.io": "198.18.0.1"}, frozenset({"ours.example"}), asked.append)
    assert address(names.answer(query("LOGIN.ingest.io"))) == "198.18.0.1"
    assert address(names.answer(query("app.localhost"))) == "127.0.0.1"
    six = names.answer(query("login.ingest.io", AAAA))
    assert (code(six), address(six)) == (0, "")
    for silent in ("ours.example", "1.0.18.198.in-addr.arpa"):
        assert code(names.answer(query(silent, PTR if "arpa" in silent else A))) == 3
    assert asked == []


def test_every_other_name_gets_an_address_that_tells_it_again() -> None:
    """The same one each time it is asked."""
    asked: list[str] = []
    names = Names({}, frozenset(), asked.append)
    first, again, other = (address(names.answer(query(name))) for name in ("a.example", "a.example", "b.example"))
    assert first == again != other
    assert (names.name_of(first), names.name_of(other), names.name_of("203.0.113.1")) == (
        "a.example", "b.example", None,
    )  # fmt: skip
    assert asked == ["a.example", "a.example", "b.example"]


def test_the_answer_repeats_number_and_question() -> None:
    """A resolver takes no other."""
    asked = query("a.example", number=4711)
    answer = Names({}, frozenset(), lambda _: None).answer(asked)
    assert answer[:2] == asked[:2]
    assert answer[12 : len(asked)] == asked[12:]
    assert answer[2] & 0x80


@given(st.binary(max_size=80))
def test_whatever_comes_is_answered_or_not_and_breaks_nothing(octets: bytes) -> None:
    """Names come from the program under test."""
    answer = Names({}, frozenset(), lambda _: None).answer(octets)
    assert answer == b"" or answer[:2] == octets[:2]


def four(protocol: int, to: str, payload: bytes) -> bytes:
    """A packet of version 4."""
    head = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(payload), 0, 0, 64, protocol, 0)
    return head + socket.inet_aton("192.0.2.1") + socket.inet_aton(to) + payload


def six(protocol: int, to: str, payload: bytes) -> bytes:
    """A packet of version 6."""
    head = struct.pack("!IHBB", 0x60000000, len(payload), protocol, 64)
    return head + socket.inet_pton(socket.AF_INET6, "2001:db8::1") + socket.inet_pton(socket.AF_INET6, to) + payload


@pytest.mark.parametrize(
    ("packet", "call"),
    [
        (four(6, "203.0.113.7", struct.pack("!HH", 50000, 8443)), Call("203.0.113.7", 8443)),
        (four(17, "203.0.113.7", struct.pack("!HH", 50000, 53)), Call("203.0.113.7", 53)),
        (four(1, "203.0.113.7", b"\x08\x00"), Call("203.0.113.7", 0)),
        (four(1, "203.0.113.7", b"\x00\x00"), None),
        (four(6, "127.0.0.2", struct.pack("!HH", 50000, 80)), None),
        (six(6, "2001:db8::7", struct.pack("!HH", 50000, 443)), Call("2001:db8::7", 443)),
        (six(58, "2001:db8::7", b"\x80\x00"), Call("2001:db8::7", 0)),
        (six(17, "::1", struct.pack("!HH", 50000, 53)), None),
        (b"", None),
        (four(6, "203.0.113.7", b"\x00"), None),
    ],
)
def test_who_is_called(packet: bytes, call: Call | None) -> None:
    """The first packets of connections, datagrams and pings, but not what stays on loopback."""
    assert read(packet) == call
