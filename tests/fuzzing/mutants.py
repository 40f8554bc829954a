"""Bytes that are nearly others: turned, cut, repeated, joined, and with whatever parsers have stumbled over."""

from collections.abc import Iterator
from random import Random  # noqa: TID251  seeded, and the same everywhere

STUMBLING = (
    *(b"\x00", b"\xff", b"\x80", b"\xc3", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xef\xbb\xbf", b"\x1b[31m", b"\x7f"),
    *(
        b"%",
        b"%0",
        b"%00",
        b"%ff",
        b"%C3%A9",
        b"%u0041",
        b"%25",
        b"+",
        b"&",
        b"=",
        b"==",
        b"&&",
        b";",
        b",",
        b":",
        b" ",
    ),
    *(b'"', b"'", b"\\", b"\\u0000", b"\\ud800", b"\r\n", b"\n", b"\r", b"\t", b"\x0b", b"\x0c", b"\r\n\r\n"),
    *(b"{", b"}", b"[", b"]", b"{}", b"[]", b"[[[[", b"null", b"true", b"NaN", b"Infinity", b"1e999", b"-1", b"0"),
    *(b"9" * 20, b"9" * 5000, b"0.1", b"1e-400", b"2038-01-19T03:14:08Z", b"9999-12-31T23:59:59-23:59", b"0001-01-01"),
    *(b"http://", b"https://[", b"http://[::1", b"//", b"://", b"@", b":99999", b":-1", b"?", b"#", b"../", b"%2f"),
    *("é".encode(), "İ".encode(), "℀".encode(), "\u2028".encode(), "\U0001f600".encode(), "٣".encode(), "²".encode()),
    *(
        b"access_token",
        b"grant_type",
        b"error",
        b"Bearer ",
        b"Basic ",
        b"eyJhbGciOiJub25lIn0.e30.",
        b"<script>",
        b"-->",
    ),
    *(b"${x}", b"{base}", b"__proto__", b"!!python/object:os.system", b"&a [*a]", b"<<: *a", b"a" * 300),
)


def mutants(base: bytes, seed: int, count: int) -> Iterator[bytes]:
    """So many of them; the same ones for the same seed."""
    dice = Random(seed)
    for _ in range(count):
        made = base
        for _ in range(dice.choice((1, 1, 2, 3, 5))):
            made = _changed(made, dice)
        yield made


def _changed(data: bytes, dice: Random) -> bytes:
    at = dice.randint(0, len(data))
    to = min(len(data), at + dice.choice((1, 1, 2, 4, 16, 64)))
    way = dice.randrange(7)
    if way == 0:
        return data[:at] + data[to:]
    if way == 1:
        return data[:to] + data[at:to] * dice.choice((1, 2, 20)) + data[to:]
    if way == 2:
        return data[:at] + bytes((dice.randrange(256),)) + data[at + 1 :]
    if way == 3:
        other = dice.randint(0, len(data))
        return data[:at] + data[other : other + 32] + data[at:]
    if way == 4:
        return data[:at]
    return data[:at] + dice.choice(STUMBLING) + data[at if way == 5 else to :]
