"""Reading JSON objects that people wrote: every complaint is one sentence, and names the nearest known word."""

import difflib
from collections.abc import Collection, Mapping
from dataclasses import fields
from typing import Any, TypeVar

import msgspec

T = TypeVar("T")


class UnreadableError(ValueError):
    """A JSON object that is not what it should be."""


def nearest(word: str, known: Collection[str]) -> str:
    """The tail of a complaint about an unknown word: what it may have been meant to be, or what there is."""
    close = difflib.get_close_matches(word, known, n=1)
    return f"did you mean {close[0]!r}?" if close else f"there are: {', '.join(known)}"


def only(document: Mapping[str, Any], known: Collection[str], what: str) -> None:
    """Refuse members that are not known."""
    for name in document:
        if name not in known:
            raise UnreadableError(f"unknown member {name!r} in {what}; {nearest(str(name), known)}")


def read(kind: type[T], document: Mapping[str, Any], what: str) -> T:
    """A dataclass from the members of a JSON object, types checked. UnreadableError."""
    if not isinstance(document, Mapping):
        raise UnreadableError(f"{what} is a JSON object")
    only(document, [field.name for field in fields(kind)], what)  # type: ignore[arg-type]  # every kind is a dataclass
    try:
        return msgspec.convert(document, kind)
    except (msgspec.ValidationError, UnicodeEncodeError) as error:
        raise UnreadableError(f"{what}: {error}") from error
