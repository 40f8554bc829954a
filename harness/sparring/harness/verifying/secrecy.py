"""Secrets, tokens and codes of a trial, which no report may show."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from sparring.contracts.expecting import Unreadable, location_parts, read_json
from sparring.contracts.matching import Difference
from sparring.contracts.place import Call, Reply
from sparring.contracts.running import Result
from sparring.harness.evidence import Secret
from sparring.harness.reports.redact import PRIVATE_PARAMETERS, Redactor

_SHORTEST = 8
"""Shorter values occur by chance; nobody's secret is that short."""


def redacted(result: Result) -> tuple[Difference, ...]:
    """The differences of a trial with fingerprints in place of what is private."""
    if not result.differences:
        return ()
    redactor = Redactor(_secrets(result))
    return tuple(
        Difference(each.path, redactor.text(each.expected), redactor.text(each.got)) for each in result.differences
    )


def _secrets(result: Result) -> Iterator[Secret]:
    found = list(result.credentials.items())
    for call, reply in result.exchanges:
        found += (*_sent(call), *_received(reply))
    for name, value in found:
        kind = PRIVATE_PARAMETERS.get(name)
        if kind is not None and len(value) >= _SHORTEST:
            yield Secret(kind=kind, value=value)


def _sent(call: Call) -> Iterator[tuple[str, str]]:
    yield from parse_qsl(urlsplit(call.url).query)
    yield from parse_qsl(call.body.decode("utf-8", "replace"))


def _received(reply: Reply) -> Iterator[tuple[str, str]]:
    _, query, fragment = location_parts(reply.header("location") or "")
    yield from (*query, *fragment)
    try:
        yield from _members(read_json(reply.body))
    except Unreadable:
        return


def _members(document: Any) -> Iterator[tuple[str, str]]:
    if isinstance(document, dict):
        for name, value in document.items():
            if isinstance(value, str):
                yield name, value
            else:
                yield from _members(value)
    elif isinstance(document, list):
        for value in document:
            yield from _members(value)
