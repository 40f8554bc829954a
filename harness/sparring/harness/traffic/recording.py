"""A recording of the control port's, as a file: raw, or with fingerprints in the place of secrets."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec

from sparring.harness.evidence import Exchange
from sparring.harness.tape import read_exchange
from sparring.harness.traffic import Recorded, Traffic, UnreadableTrafficError
from sparring.harness.traffic.hidden import is_octets, is_redacted, unified


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    """One exchange as the control port tells of it."""

    n: int
    provider: str
    endpoint: str
    method: str
    url: str
    headers: list[tuple[str, str]]
    body: str | dict[str, str]
    status: int | None
    response_headers: list[tuple[str, str]]
    response_body: str | dict[str, str]
    rule: str = ""
    at: float = 0.0
    elapsed: float = 0.0
    facts: dict[str, Any] = field(default_factory=dict)


def read_json(path: Path) -> Any:
    """The document in that file. UnreadableTrafficError."""
    try:
        return json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise UnreadableTrafficError(f"{path} cannot be read: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise UnreadableTrafficError(f"{path} is no JSON document: {' '.join(str(error).split())}") from error


def read_recording(path: Path) -> Traffic:
    """What stands in that file: the answer to GET recording, or the list in it. UnreadableTrafficError."""
    document = read_json(path)
    if isinstance(document, dict) and "log" in document:
        raise UnreadableTrafficError(f"{path} is an HTTP archive: give it to --har")
    rows = document.get("exchanges") if isinstance(document, dict) else document
    if not isinstance(rows, list):
        raise UnreadableTrafficError(f"{path} is no recording: it has no list of exchanges")
    exchanges = [_exchange(row, f"{path}, exchange {number}") for number, row in enumerate(rows, start=1)]
    exchanges.sort(key=lambda exchange: exchange.n)
    redacted = any(is_redacted(exchange) for exchange in exchanges)
    records = tuple(our_record(exchange, redacted=redacted) for exchange in exchanges if has_address(exchange.url))
    return Traffic(records=records, ours=True, redacted=redacted)


def our_record(exchange: Exchange, *, redacted: bool) -> Recorded:
    """An exchange that the fakes recorded, who see all of it but what was taken out afterwards."""
    if not redacted:
        return Recorded(exchange=exchange, shown=exchange)
    return Recorded(exchange=unified(exchange), shown=exchange, partial=is_octets(exchange.body))


def has_address(url: str) -> bool:
    """Whether that is the address of something that can be asked over HTTP."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.netloc)


def _exchange(document: object, where: str) -> Exchange:
    try:
        row = msgspec.convert(document, _Row)
        plain: Mapping[str, Any] = {name: getattr(row, name) for name in _Row.__slots__}
        exchange = read_exchange(plain)
    except (msgspec.ValidationError, KeyError, ValueError) as error:
        raise UnreadableTrafficError(f"{where}: this is no exchange of a recording ({error})") from error
    return replace(exchange, headers=tuple((name.lower(), value) for name, value in exchange.headers))
