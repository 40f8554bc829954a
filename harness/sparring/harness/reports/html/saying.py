"""An exchange in a few words: what was asked, what was answered, what the browser brought back."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from sparring.harness.checks.wire import answer, fragment_of, query_of
from sparring.harness.evidence import Exchange
from sparring.harness.reports.redact import PRIVATE_PARAMETERS, Redactor

_LONGEST_PATH = 34
_LONGEST_ADDRESS = 44
_LONGEST_VALUE = 60
_OPAQUE = {"state": 16, "nonce": 16}
"""Values of which the beginning tells enough."""

_TELLING = (
    "grant_type",
    "response_type",
    "code",
    "refresh_token",
    "code_verifier",
    "code_challenge_method",
    "scope",
    "state",
    "nonce",
    "prompt",
    "decision",
)
"""Parameters that say what a request is about, in the order in which they are told."""

_TOKENS = ("access_token", "refresh_token", "id_token")


@dataclass(frozen=True, slots=True)
class Said:
    """A word in bold and the rest; ``tone`` is good, bad, or empty where it is neither."""

    head: str
    text: str = ""
    tone: str = ""


def cut(text: str, most: int = _LONGEST_VALUE) -> str:
    """In one line, and not longer than that."""
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[: most - 1]}…"


def _parameters(pairs: Sequence[tuple[str, str]], redactor: Redactor) -> str:
    told = []
    for wanted in _TELLING:
        for name, value in pairs:
            if name == wanted:
                told.append(_parameter(name, value, redactor))
    return "  ".join(told)


def _parameter(name: str, value: str, redactor: Redactor) -> str:
    shown = cut(redactor.parameter(name, value), _OPAQUE.get(name, _LONGEST_VALUE))
    alone = name in PRIVATE_PARAMETERS or name == "grant_type"
    return shown if alone and value else f"{name}={shown}"


def _sent(exchange: Exchange) -> Sequence[tuple[str, str]]:
    """What a form says, or the query where there is none: a form is often posted to the address of its page."""
    try:
        return exchange.form or exchange.query
    except ValueError:
        return ()


def path_of(url: str) -> str:
    """The path of a URL, or the whole of it where nobody can read it."""
    try:
        return urlsplit(url).path
    except ValueError:
        return url


def _ending(path: str) -> str:
    """The end of a long path: it says more than its beginning."""
    line = " ".join(path.split())
    if len(line) <= _LONGEST_PATH:
        return line
    kept = line[1 - _LONGEST_PATH :]
    return f"…{kept[max(kept.find('/'), 0) :]}"


def asked(exchange: Exchange, redactor: Redactor) -> Said:
    """Method and path, then the parameters that tell most, or the token that was shown."""
    told = _parameters(_sent(exchange), redactor)
    presented = exchange.header("authorization")
    if presented:
        told = "  ".join(part for part in (redactor.header("authorization", presented), told) if part)
    where = _ending(redactor.text(path_of(exchange.url)))
    return Said(f"{cut(redactor.text(exchange.method), 12)} {where}", told)


def answered(exchange: Exchange, redactor: Redactor) -> Said:
    """Status, then the error, the tokens, or where it leads."""
    if exchange.status is None:
        return Said("no answer", "", "bad")
    tone = "bad" if exchange.status >= 400 else "good" if exchange.status < 300 else ""
    return Said(str(exchange.status), _content(exchange, redactor), tone)


def _content(exchange: Exchange, redactor: Redactor) -> str:
    location = exchange.response_header("location")
    if location is not None:
        return f"to {cut(redactor.text(_place(location)), _LONGEST_ADDRESS)}"
    body = answer(exchange)
    error = body.get("error")
    if isinstance(error, str):
        described = body.get("error_description")
        more = f": {cut(redactor.text(described), 90)}" if isinstance(described, str) and described else ""
        return f"{cut(redactor.text(error))}{more}"
    told = [redactor.parameter(kind, value) for kind in _TOKENS if isinstance(value := body.get(kind), str) and value]
    return "  ".join(told)


def _place(location: str) -> str:
    try:
        parts = urlsplit(location)
    except ValueError:
        return "an address that nobody can read"
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}" if parts.netloc else parts.path or "/"


def delivered(location: str, redactor: Redactor) -> str:
    """What stands in the address by which a browser came back."""
    pairs = {**query_of(location), **fragment_of(location)}
    known = ("code", "error", "error_description", "state", "iss")
    told = (_parameter(name, pairs[name], redactor) for name in known if name in pairs)
    return "  ".join(told) or "without parameters"
