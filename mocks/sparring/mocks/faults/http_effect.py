"""Effects on the answer as HTTP has it, and what HTTP can carry."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import ClassVar

from sparring.mocks.engine.messages import Answer
from sparring.mocks.engine.rules import Mark, Rule
from sparring.mocks.faults.scene import Scene
from sparring.mocks.faults.schema import Effect, Place

_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")  # RFC 9110 sections 5.1 and 5.5
_VALUE = re.compile(r"[\t\x20-\x7e\x80-\xff]*")
_SURROGATE = re.compile("[\ud800-\udfff]")
_FRAMING = frozenset({"content-length", "transfer-encoding", "connection"})


@dataclass(frozen=True)
class HttpEffect(Effect):
    """Another answer, or a changed one."""

    place: ClassVar[Place] = Place.HTTP

    def answer(self, given: Answer | None, scene: Scene) -> Answer | None:
        """The answer that goes out; ``given`` itself where nothing changes. None: the provider was not asked yet."""
        raise NotImplementedError


def rule_of(kind: str) -> Rule:
    """The rule of an answer that a fault made."""
    return Rule(f"sparring/fault/{kind}", Mark.ASSUMED, "a fault that was put on stage")


def check_headers(headers: Mapping[str, str]) -> None:
    """Refuse headers that HTTP cannot carry, and those by which it finds the end of a message."""
    for name, value in headers.items():
        if not _NAME.fullmatch(name) or not _VALUE.fullmatch(value):
            raise ValueError(f"HTTP has no header {name!r} with the value {value!r}")
    check_framing(headers)


def check_framing(names: Iterable[str]) -> None:
    """Refuse the headers by which HTTP finds the end of a message."""
    for name in names:
        if name.lower() in _FRAMING:
            raise ValueError(f"{name} frames the message; effects of the wire (cut, short, close) spoil that")


def check_text(name: str, text: str) -> None:
    """Refuse text that UTF-8 cannot carry."""
    if _SURROGATE.search(text):
        raise ValueError(f"{name} holds half a surrogate pair, which UTF-8 cannot carry")


def with_header(answer: Answer, name: str, value: str) -> Answer:
    """The answer with that header once, in its place or at the end."""
    if answer.header(name) is None:
        return answer.with_headers((name, value))
    headers: list[tuple[str, str]] = []
    for pair in answer.headers:
        if pair[0].lower() != name.lower():
            headers.append(pair)
        elif not any(key.lower() == name.lower() for key, _ in headers):
            headers.append((pair[0], value))
    return answer if tuple(headers) == answer.headers else replace(answer, headers=tuple(headers))
