"""``${name}`` in the strings of a table of rules."""

import base64
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import quote

FILTERS: dict[str, Callable[[str], str]] = {
    "quote": lambda text: quote(text, safe=""),
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
}
"""What may stand behind a name, as in ``${redirect_uri|quote}``."""

OF_THE_PLACE = (
    "base", "host", "issuer", "client_id", "client_secret", "redirect_uri", "scope", "username", "password",
)  # fmt: skip
"""The names that every place has a value for, or says why it has none."""

_REFERENCE = re.compile(r"\$\{([A-Za-z_]\w*)((?:\|\w+)*)\}", re.ASCII)
_NOW = re.compile(r"\$\{now([+-]\d+)?\}")


class UnknownValueError(LookupError):
    """Nothing of that ``name`` is known; the message is one sentence."""

    def __init__(self, name: str) -> None:
        super().__init__(f"nothing is known as `{name}`")
        self.name = name


def references(value: object) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Every name in the strings of a value, with its filters."""
    if isinstance(value, str):
        for match in _REFERENCE.finditer(_NOW.sub("", value)):
            yield match[1], tuple(match[2].split("|")[1:])
    elif isinstance(value, Mapping):
        for key, member in value.items():
            yield from references(key)
            yield from references(member)
    elif isinstance(value, (list, tuple)):
        for member in value:
            yield from references(member)


def fill(value: Any, values: Mapping[str, Any], now: float = 0.0) -> Any:
    """The value with every reference replaced. A string that is nothing but one takes over the type of what is named;
    ``${now}``, ``${now+60}`` are POSIX seconds. UnknownValueError.
    """
    if isinstance(value, str):
        return _fill(value, values, now)
    if isinstance(value, Mapping):
        return {_text(fill(key, values, now)): fill(member, values, now) for key, member in value.items()}
    if isinstance(value, (list, tuple)):
        return [fill(member, values, now) for member in value]
    return value


def _fill(text: str, values: Mapping[str, Any], now: float) -> Any:
    alone = _NOW.fullmatch(text)
    if alone is not None:
        return int(now) + int(alone[1] or 0)
    text = _NOW.sub(lambda match: str(int(now) + int(match[1] or 0)), text)
    whole = _REFERENCE.fullmatch(text)
    if whole is not None and not whole[2]:
        return _named(whole[1], values)
    return _REFERENCE.sub(lambda match: _filtered(_text(_named(match[1], values)), match[2]), text)


def _named(name: str, values: Mapping[str, Any]) -> Any:
    try:
        return values[name]
    except KeyError:
        raise UnknownValueError(name) from None


def _filtered(text: str, names: str) -> str:
    for name in names.split("|")[1:]:
        text = FILTERS[name](text)
    return text


def _text(value: Any) -> str:
    return value if isinstance(value, str) else str(value)
