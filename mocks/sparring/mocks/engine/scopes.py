"""Scope lists: apart from the separator, sets of names."""

from collections.abc import Collection
from functools import lru_cache


@lru_cache(maxsize=256)
def split(text: str | None, separator: str = " ") -> tuple[str, ...]:
    """The names in a scope value, in order, each once; blanks around a name are dropped."""
    names = (name.strip() if separator != " " else name for name in (text or "").split(separator))
    return tuple(dict.fromkeys(name for name in names if name))


def foreign(asked: Collection[str], allowed: Collection[str]) -> tuple[str, ...]:
    """The names that were asked for and are not allowed."""
    return tuple([name for name in asked if name not in allowed])
