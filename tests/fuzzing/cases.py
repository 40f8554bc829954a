"""Strategies for inputs: documents that are nearly right, and texts made of the pieces that a parser looks for."""

import json
from collections.abc import Callable, Sequence
from copy import deepcopy
from typing import Any

from hypothesis import strategies as st

from tests.fuzzing.mutants import STUMBLING

Draw = st.DrawFn
ODD_NUMBERS = (0, -1, 1, 2**31, 2**63, 10**30, 10**400, 0.5, 1e308, float("inf"), float("-inf"), float("nan"))
ODD_TEXTS = (
    *("", " ", "a", "\0", "\ud800", "é", "http://[", "https://login.ingest.io/token", "1e999", "9" * 4301, "null"),
    *("client_credentials", "application/x-www-form-urlencoded", "2027-01-01T00:00:00Z", "none", "4xx", "{base}"),
)
ODD_WHOLES: tuple[Any, ...] = (
    None,
    True,
    False,
    [],
    {},
    [[]],
    [None],
    {"": None},
    ["a", 1],
    {"kind": "close"},
    [["a", "b", "c"]],
)
ODD: st.SearchStrategy[Any] = st.sampled_from((*ODD_WHOLES, *ODD_NUMBERS, *ODD_TEXTS)).map(deepcopy)
"""JSON values that are seldom what was expected."""


@st.composite
def near(draw: Draw, documents: Sequence[Any], write: Callable[[Any], str] = json.dumps) -> bytes:
    """One of those documents with up to three places of it changed, left out, or added to, written down."""
    document = deepcopy(draw(st.sampled_from(documents)))
    for _ in range(draw(st.integers(0, 3))):
        document = _changed(draw, document)
    return write(document).encode("utf-8", "surrogatepass")


def _changed(draw: Draw, document: Any) -> Any:
    if not isinstance(document, dict | list) or not document or draw(st.integers(0, 9)) == 0:
        return draw(ODD)
    keys = list(document) if isinstance(document, dict) else list(range(len(document)))
    key = draw(st.sampled_from(keys))
    way = draw(st.integers(0, 5))
    if way == 0:
        del document[key]
    elif way == 1 and isinstance(document, dict):
        document[draw(st.sampled_from(("unknown", "", "id", "kind", "url", "\ud800")))] = draw(ODD)
    elif way == 1 and isinstance(document, list):
        document.append(draw(ODD))
    else:
        document[key] = _changed(draw, document[key])
    return document


def pieces(*words: str | bytes, most: int = 12) -> st.SearchStrategy[bytes]:
    """Those words, and what parsers stumble over, one after another in any order; now and then any bytes at all."""
    known = [word.encode() if isinstance(word, str) else word for word in words]
    piece = st.sampled_from(known) | st.sampled_from(known) | st.sampled_from(STUMBLING)
    return st.lists(piece, max_size=most).map(b"".join) | st.binary(max_size=40)


def lines(*words: str | bytes, most: int = 6) -> st.SearchStrategy[bytes]:
    """Several of those, a line each."""
    return st.lists(pieces(*words), max_size=most).map(b"\n".join)


def written(*texts: str | bytes) -> st.SearchStrategy[bytes]:
    """One of those texts as it stands: what is wrong with it comes later, by mutation."""
    return st.sampled_from([text.encode() if isinstance(text, str) else text for text in texts])
