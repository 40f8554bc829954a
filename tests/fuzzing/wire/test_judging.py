"""What is HTTP and what is none, as the judge of the fuzzer sees it."""

# ruff: noqa: D103 - the names are sentences

import pytest

from tests.fuzzing.wire.judging import NoHttpError, statuses

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n"
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n"


@pytest.mark.parametrize(
    ("raw", "found"),
    [
        (b"", []),
        (OK + OK, [200, 200]),
        (b"HTTP/1.1 100 Continue\r\n\r\n" + OK, [100, 200]),
        (HEAD + OK, [200, 200]),
        (HEAD, [200]),
        (CHUNKED + OK, [200, 200]),
        (b"HTTP/1.1 204 No Content\r\n\r\n" + OK, [204, 200]),
        (b"HTTP/1.1 200 OK\r\n\r\nuntil the end", [200]),
        (b"HTTP/1.1 200 Connection established\r\n\r\n\x16\x03", [200]),
    ],
)
def test_answers_are_counted(raw: bytes, found: list[int]) -> None:
    assert statuses(raw, whole=True) == found


@pytest.mark.parametrize(
    "raw",
    [
        OK[:-1],
        OK + b"x",
        CHUNKED[:-4],
        b"HTTP/1.1 200 OK\r\nA\x00: b\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nA: b\nC: d\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nok",
        b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        b"garbage",
    ],
)
def test_what_is_no_answer_is_found_out(raw: bytes) -> None:
    with pytest.raises(NoHttpError):
        statuses(raw, whole=True)


def test_an_answer_that_nobody_waited_for_may_break_off() -> None:
    assert statuses(OK[:-1], whole=False) == [200]
    assert statuses(OK + b"HTTP/1.1 2", whole=False) == [200]
