"""Whether what came back is HTTP, and nothing that nobody asked for."""

import re

_HEAD = re.compile(rb"HTTP/1\.[01] (\d{3}) ?[^\r\n\x00]*\r\n((?:[!#$%&'*+.^_`|~0-9A-Za-z-]+:[^\r\n\x00]*\r\n)*)\r\n")
_CHUNK = re.compile(rb"([0-9a-fA-F]+)\r\n")
_TUNNEL = b"HTTP/1.1 200 Connection established\r\n"


class NoHttpError(ValueError):
    """What came back is no HTTP; one sentence."""


def statuses(raw: bytes, *, whole: bool) -> list[int]:
    """The statuses of the answers that these bytes are; ``whole``: the last one must be complete. NoHttpError.

    An answer with a length and without a body, followed by another answer or by nothing, is one to HEAD.
    """
    found: list[int] = []
    while raw:
        head = _HEAD.match(raw)
        if head is None:
            if not whole and b"\r\n\r\n" not in raw:
                return found
            raise NoHttpError(f"no head of an answer: {raw[:200]!r}")
        found.append(int(head[1]))
        if raw.startswith(_TUNNEL):
            return found
        raw = _rest(raw[head.end() :], found[-1], head[2].lower(), whole=whole)
    return found


def _rest(raw: bytes, status: int, headers: bytes, *, whole: bool) -> bytes:
    """What follows the body."""
    if status < 200 or status in {204, 304}:
        return raw
    lengths = re.findall(rb"(?:^|\r\n)content-length:[ \t]*([^\r\n]*)", headers)
    if b"transfer-encoding:" in headers:
        if lengths:
            raise NoHttpError("an answer has a length, and is chunked")
        return b"" if raw.startswith(b"HTTP/1.") else _after_chunks(raw, whole=whole)
    if not lengths:
        return b""
    if len(lengths) > 1 or not lengths[0].isdigit():
        raise NoHttpError(f"the length of an answer is {lengths}")
    length = int(lengths[0])
    if not raw or raw.startswith(b"HTTP/1."):
        return raw
    if len(raw) < length and whole:
        raise NoHttpError(f"{len(raw)} bytes of {length} came")
    return raw[length:]


def _after_chunks(raw: bytes, *, whole: bool) -> bytes:
    while (size := _CHUNK.match(raw)) is not None:
        length = int(size[1], 16)
        raw = raw[size.end() + length :]
        if raw[:2] != b"\r\n":
            break
        raw = raw[2:]
        if length == 0:
            return raw
    if whole:
        raise NoHttpError(f"the chunks of an answer break off: {raw[:100]!r}")
    return b""
