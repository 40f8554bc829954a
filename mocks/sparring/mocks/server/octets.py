"""Answers as they go over the wire."""

import logging
from functools import lru_cache

from sparring.mocks.engine.messages import Answer
from sparring.mocks.server.limits import PHRASES, RefusedError

_log = logging.getLogger("sparring.mocks.server")
_STATUS_LINES = {status: f"HTTP/1.1 {status} {PHRASES.get(status, '')}" for status in range(100, 1000)}


def written(answer: Answer, *, lasting: bool) -> tuple[bytes, bool]:
    """The bytes of an answer, and whether the connection lasts beyond it."""
    head, lasts = _head(answer.status, answer.headers, lasting)
    if head is None:
        _log.error("an answer by rule %s has a header that HTTP cannot carry", answer.rule.id)
        return written(RefusedError(500).answer, lasting=False)
    return head + answer.body, lasts


@lru_cache(maxsize=256)
def _head(status: int, headers: tuple[tuple[str, str], ...], lasting: bool) -> tuple[bytes | None, bool]:
    """The head of an answer, None where HTTP cannot carry it; many answers have the same within a second."""
    lines = [_STATUS_LINES[status]]
    lines += [f"{name}: {value}" for name, value in headers]
    head = "\r\n".join(lines)
    if head.count("\n") != len(lines) - 1 or head.count("\r") != len(lines) - 1 or "\0" in head:
        return None, False
    ends = next((value for name, value in headers if name.lower() == "connection"), None)
    if ends is not None and "close" in ends.lower():
        lasting = False
    elif not lasting:
        head += "\r\nConnection: close"
    return f"{head}\r\n\r\n".encode("utf-8", "replace"), lasting
