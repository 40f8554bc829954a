"""One exchange at length: request and answer as they were, secrets as fingerprints, long bodies cut."""

from collections.abc import Iterable
from dataclasses import dataclass

from sparring.harness.evidence import Exchange
from sparring.harness.reports.redact import Redactor

_LONGEST_BODY = 1500
_LONGEST_HEADER = 300


@dataclass(frozen=True, slots=True)
class Wire:
    """Request and answer as text."""

    request: str
    answer: str


def wire(exchange: Exchange, redactor: Redactor) -> Wire:
    """The exchange in full, without secrets."""
    head = f"{redactor.text(exchange.method)} {redactor.url(exchange.url)}"
    request = [head, *_headers(exchange.headers, redactor), *_body(exchange.headers, exchange.body, redactor)]
    if exchange.status is None:
        return Wire("\n".join(request), "no answer")
    answer = [str(exchange.status), *_headers(exchange.response_headers, redactor)]
    answer += _body(exchange.response_headers, exchange.response_body, redactor)
    return Wire("\n".join(request), "\n".join(answer))


def _headers(headers: Iterable[tuple[str, str]], redactor: Redactor) -> list[str]:
    return [
        f"{redactor.text(name)}: {_short(redactor.header(name, value), _LONGEST_HEADER)}" for name, value in headers
    ]


def _body(headers: Iterable[tuple[str, str]], body: bytes, redactor: Redactor) -> list[str]:
    if not body:
        return []
    kind = next((value for name, value in headers if name == "content-type"), "")
    if kind.startswith("text/html"):
        return ["", f"({len(body)} octets of HTML)"]
    return ["", _short(redactor.body(kind, body), _LONGEST_BODY)]


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[:most]}… ({len(text) - most} more characters)"
