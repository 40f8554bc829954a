"""Comparing what came with what a contract expects: matchers in strings, and one difference per place."""

import difflib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

SLACK = 5
"""Seconds by which a moment may miss ``<<now>>``."""

_LONG = 500

_MATCHER = re.compile(r"<<(re:.*?|[a-z]+(?:[+-]\d+)?)>>", re.DOTALL)
_KNOWN = {
    "any": r"(?s:.*)",
    "string": r"(?s:.+)",
    "uuid": r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}",
    "integer": r"-?\d+",
    "number": r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?",
    "jwt": r"eyJ[\w-]+\.[\w-]+\.[\w-]*",
    "date": r"[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT",
}
MATCHERS = (*_KNOWN, "json", "now", "re")
"""The matchers by name."""

_NOW = re.compile(r"now([+-]\d+)?")
_NUMERIC = re.compile(r"<<(integer|number|now(?:[+-]\d+)?)>>")


@dataclass(frozen=True, slots=True)
class Difference:
    """One place where an answer is not what the contract says. ``path`` names it, as ``json /error``; as text, what is
    long is cut.
    """

    path: str
    expected: str
    got: str

    def __str__(self) -> str:
        return f"{self.path}: expected {_cut(self.expected)}, got {_cut(self.got)}"


def shown(value: object) -> str:
    """A value as JSON."""
    return json.dumps(value, ensure_ascii=False)


def _cut(text: str) -> str:
    return text if len(text) <= _LONG else f"{text[:_LONG]}… ({len(text)} characters)"


def bad_matcher(text: str) -> str | None:
    """What is wrong with the matchers of a string, in a sentence; None where they are good."""
    for match in _MATCHER.finditer(text):
        name = match[1]
        if name.startswith("re:"):
            try:
                re.compile(name[3:])
            except re.error as error:
                return f"`{match[0]}` is no regular expression: {error}"
        elif name not in _KNOWN and name != "json" and not _NOW.fullmatch(name):
            near = difflib.get_close_matches(name, MATCHERS, n=1, cutoff=0)
            return f"there is no matcher `{match[0]}`; did you mean `<<{near[0]}>>`?"
        elif name == "json" and match[0] != text:
            return "`<<json>>` stands alone"
    return None


def matches(expected: str, got: str, now: float) -> bool:
    """Whether a text is what a string with matchers says."""
    parts: list[str] = []
    moments: list[float] = []
    end = 0
    for match in _MATCHER.finditer(expected):
        parts.append(re.escape(expected[end : match.start()]))
        name, end = match[1], match.end()
        if moment := _NOW.fullmatch(name):
            parts.append(f"(?P<moment{len(moments)}>\\d+)")
            moments.append(now + int(moment[1] or 0))
        elif name.startswith("re:"):
            parts.append(f"(?:{name[3:]})")
        else:
            parts.append(_KNOWN.get(name, r"(?s:.*)"))
    parts.append(re.escape(expected[end:]))
    found = re.fullmatch("".join(parts), got)
    if found is None:
        return False
    return all(abs(int(found[f"moment{index}"]) - moment) <= SLACK for index, moment in enumerate(moments))


def text(path: str, expected: str, got: str, now: float) -> Iterator[Difference]:
    """The difference between a text and what it should be."""
    if not matches(expected, got, now):
        yield Difference(path, shown(expected), shown(got))


def document(path: str, expected: Any, got: Any, now: float, *, whole: bool = True) -> Iterator[Difference]:
    """The differences between a JSON value and what it should be: members exact and in order, or at least those where
    it is not ``whole``.
    """
    if isinstance(expected, Mapping):
        yield from _members(path, expected, got, now, whole=whole)
    elif isinstance(expected, list):
        yield from _elements(path, expected, got, now, whole=whole)
    elif isinstance(expected, str):
        if not _leaf(expected, got, now):
            yield Difference(path.strip(), shown(expected), shown(got))
    elif type(expected) is not type(got) or expected != got:
        yield Difference(path.strip(), shown(expected), shown(got))


def _leaf(expected: str, got: Any, now: float) -> bool:
    if expected == "<<json>>":
        return True
    numeric = _NUMERIC.fullmatch(expected)
    if numeric is None:
        return isinstance(got, str) and matches(expected, got, now)
    if isinstance(got, bool) or not isinstance(got, (int, float)):
        return False
    return numeric[1] == "number" or (isinstance(got, int) and matches(expected, str(got), now))


def _members(path: str, expected: Mapping[str, Any], got: Any, now: float, *, whole: bool) -> Iterator[Difference]:
    if not isinstance(got, dict):
        yield Difference(path.strip(), "an object", shown(got))
        return
    for name, value in expected.items():
        where = f"{path}/{_escaped(name)}"
        if name not in got:
            yield Difference(where, shown(value), "nothing")
        else:
            yield from document(where, value, got[name], now, whole=whole)
    if not whole:
        return
    for name in got:
        if name not in expected:
            yield Difference(f"{path}/{_escaped(name)}", "nothing", shown(got[name]))
    if set(got) == set(expected) and list(got) != list(expected):
        yield Difference(f"{path.strip()} (order)", ", ".join(expected), ", ".join(got))


def _elements(path: str, expected: list[Any], got: Any, now: float, *, whole: bool) -> Iterator[Difference]:
    if not isinstance(got, list):
        yield Difference(path.strip(), "a list", shown(got))
    elif len(got) != len(expected):
        yield Difference(path.strip(), shown(expected), shown(got))
    else:
        for index, pair in enumerate(zip(expected, got, strict=True)):
            yield from document(f"{path}/{index}", *pair, now, whole=whole)


def pairs(
    path: str, expected: Sequence[tuple[str, str]], got: Sequence[tuple[str, str]], now: float
) -> Iterator[Difference]:
    """The differences between parameters and what they should be: exact, in order."""
    names, present = [name for name, _ in expected], [name for name, _ in got]
    if sorted(names) != sorted(present):
        yield from _surplus(path, expected, got)
    elif names != present:
        yield Difference(f"{path} (order)", ", ".join(names), ", ".join(present))
    left = list(got)
    for name, value in expected:
        found = next((pair for pair in left if pair[0] == name), None)
        if found is not None:
            left.remove(found)
            yield from text(f"{path} {name}", value, found[1], now)


def _surplus(path: str, expected: Sequence[tuple[str, str]], got: Sequence[tuple[str, str]]) -> Iterator[Difference]:
    missing, left = [], [name for name, _ in got]
    for name, value in expected:
        if name in left:
            left.remove(name)
        else:
            missing.append((name, value))
    for name, value in missing:
        yield Difference(f"{path} {name}", shown(value), "nothing")
    for name in left:
        yield Difference(f"{path} {name}", "nothing", shown(next(value for key, value in got if key == name)))


def _escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")
