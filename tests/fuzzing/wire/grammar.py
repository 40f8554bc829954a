"""Requests as bytes: by the grammar of RFC 9112, and in all the ways in which people break it."""

from collections.abc import Sequence

from hypothesis import strategies as st

from tests.fuzzing.cases import Draw

METHODS = (
    *("GET", "POST", "GET", "POST", "HEAD", "OPTIONS", "PUT", "DELETE", "PATCH"),
    "CONNECT",
    "TRACE",
    "get",
    "G\x00T",
)
VERSIONS = ("HTTP/1.1", "HTTP/1.1", "HTTP/1.1", "HTTP/1.0", "HTTP/2.0", "HTTP/0.9", "http/1.1", "HTTP/1.10", "")
ENDS = ("\r\n", "\r\n", "\r\n", "\r\n", "\n", "\r", "\r\r\n")
ODD_TARGETS = (
    *("*", "//", "/%", "/%00", "/%ff", "/%2e%2e/", "/../../etc/passwd", "/\xff", "/a b", "/#", "?", "[", "http://["),
    *("http://login.ingest.io/videos", "https://login.ingest.io:99999/", "/?" + "a=1&" * 1_200, "/" + "a" * 40_000),
    *("/?a=%zz&a=%C3%28&=&&", "/?" + "a[" * 300, "http://localhost/", "/dashboard/", "/x" * 3_000),
)
HEADERS = (
    *("Host: 127.0.0.1", "Host: 127.0.0.1", "Host: [", "Host:", "Host: a\r\nHost: b", "Host: login.ingest.io"),
    *("Connection: close", "Connection: keep-alive", "Connection: upgrade, close, x", "Keep-Alive: timeout=99999"),
    *("Upgrade: h2c", "Upgrade: websocket\r\nConnection: Upgrade", "HTTP2-Settings: AAEAAEAA", "Expect: 100-continue"),
    *(
        "Expect: 200-maybe",
        "TE: trailers",
        "Trailer: Authorization",
        "Accept: */*;q=\xff",
        "Accept:,;,;",
        "Range: bytes=0-",
    ),
    *("Authorization: Basic", "Authorization: Basic ////", "Authorization: Bearer \x80", "Authorization: \t\x0b"),
    *(
        "Cookie: " + "a=b; " * 500,
        "Cookie: =;=;",
        "X-Long: " + "a" * 20_000,
        "X: 1\r\n folded",
        ": nameless",
        "No colon",
    ),
    *(
        "X\x00: nul",
        "X: \x00",
        "X : blank",
        "Content-Type: application/x-www-form-urlencoded",
        "Content-Type: application/json",
    ),
    *("Content-Type: multipart/form-data; boundary=" + ";" * 3_000, "Origin: null", "Origin: https://a.example"),
    *("Access-Control-Request-Method: \xe9", "Content-Encoding: gzip", "Last-Event-ID: 99999999999999999999"),
)
LENGTHS = ("-1", "+5", "0x5", "5, 5", "5, 6", "", "99999999999999999999", "1048577", "5 5", "٣", "0", "1e3")
BODIES = (
    *(b"", b"grant_type=client_credentials&client_id=a&client_secret=b", b"\xff\xfe\x00", b"%" * 50, b'{"a": ' * 2_000),
    *(
        b'{"providers": ["ingest"], "seed": 1e999, "id": "\\ud800"}',
        b"a=1&" * 1_500,
        b"[" * 60_000,
        b"x" * 70_000,
        b"null",
    ),
    *(
        b"GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n",
        b"0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n",
        b'{"seconds": NaN}',
    ),
)
CHUNKINGS = (
    "chunked",
    "chunked",
    "chunked",
    "Chunked ",
    "gzip, chunked",
    "chunked, identity",
    "xchunked",
    "chunked\r\n",
)


@st.composite
def requests(draw: Draw, targets: Sequence[str], own: Sequence[bytes]) -> bytes:
    """One to three of them after one another, for those targets; ``own`` are whole ones that are good there."""
    one = st.sampled_from(own) | _request(targets) | _request(targets) | _request(targets)
    return b"".join(draw(st.lists(one, min_size=1, max_size=3)))


@st.composite
def _request(draw: Draw, targets: Sequence[str]) -> bytes:
    method, version = draw(st.sampled_from(METHODS)), draw(st.sampled_from(VERSIONS))
    target = draw(st.sampled_from((*targets, *targets, *ODD_TARGETS)))
    end = draw(st.sampled_from(ENDS))
    headers = ["Host: 127.0.0.1"] if draw(st.integers(0, 4)) else []
    headers += draw(st.lists(st.sampled_from(HEADERS), max_size=5))
    body = draw(st.sampled_from(BODIES)) if draw(st.booleans()) else b""
    framed, body = _framed(draw, body)
    head = end.join((f"{method} {target} {version}", *headers, *framed, "", ""))
    return head.encode("latin-1", "replace") + body


def _framed(draw: Draw, body: bytes) -> tuple[list[str], bytes]:
    """Headers that say where the body ends, true or not, and the body so written."""
    way = draw(st.integers(0, 7))
    if way <= 2:
        return ([f"Content-Length: {len(body)}"] if body else []), body
    if way == 3:
        return [f"Content-Length: {draw(st.sampled_from(LENGTHS))}"], body
    if way == 4:
        return [f"Content-Length: {len(body)}", f"Transfer-Encoding: {draw(st.sampled_from(CHUNKINGS))}"], body
    if way == 5:
        return [f"Content-Length: {len(body)}", f"Content-Length: {len(body) + draw(st.integers(0, 1))}"], body
    size = draw(st.sampled_from((1, 7, 5_000)))
    parts = [body[at : at + size] for at in range(0, min(len(body), size * 50), size)]
    extension = draw(st.sampled_from(("", "", ";a=b", ';a="\r\n"', ";" * 200, " ")))
    chunks = b"".join(b"%x%b\r\n%b\r\n" % (len(part), extension.encode(), part) for part in parts)
    last = draw(
        st.sampled_from(
            (b"0\r\n\r\n", b"0\r\n\r\n", b"0\r\nX: trailer\r\n\r\n", b"-1\r\n", b"ffffffffffffffff0\r\n", b"")
        )
    )
    return [f"Transfer-Encoding: {draw(st.sampled_from(CHUNKINGS))}"], chunks + last
