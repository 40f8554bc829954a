"""What a recording does not show: fingerprints of ours in the place of secrets, and the masks of other tools."""

import re
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import unquote_plus

from sparring.harness.checks.traces import fingerprint
from sparring.harness.evidence import Exchange

_KINDS = (
    "access_token|assertion|binary|client_secret|code|code_verifier|cookie|credentials|id_token|password|refresh_token"
    "|secret|token"
)
_LABEL = re.compile(rf"(?<![\w-])(?:{_KINDS}):([0-9a-f]{{12}})(?![0-9a-f])")
_STAND_IN = re.compile(r"fingerprint-[0-9a-f]{12}(?![0-9a-f])")
_BINARY = re.compile(rb"binary:[0-9a-f]{12}")
_MASK = re.compile(
    r"redacted|sanitized|scrubbed|filtered|\[removed|<removed|<hidden|<secret|<masked"
    r"|\*{3,}|\u2022{3,}|x{8,}",
    re.IGNORECASE,
)


def is_masked(text: str) -> bool:
    """Whether a tool has put something of its own in the place of a value."""
    return _MASK.search(unquote_plus(text)) is not None


def has_fingerprint(text: str) -> bool:
    """Whether a part of it is a fingerprint, so that nobody knows the text itself."""
    return _STAND_IN.search(text) is not None


def is_octets(body: bytes) -> bool:
    """Whether that body is only the name of one that was no text."""
    return _BINARY.fullmatch(body) is not None


def is_redacted(exchange: Exchange) -> bool:
    """Whether fingerprints stand in it."""
    return _with(exchange, _unified) != exchange


def unified(exchange: Exchange) -> Exchange:
    """The same with one word for each fingerprint, wherever it stands and whatever it is called there: what was equal
    on the wire is equal here.
    """
    return _with(exchange, _unified)


def _unified(text: str) -> str:
    return _LABEL.sub(lambda match: f"fingerprint-{match[1]}", text)


def _with(exchange: Exchange, change: Callable[[str], str]) -> Exchange:
    def octets(body: bytes) -> bytes:
        return body if is_octets(body) else change(body.decode("latin-1")).encode("latin-1")

    return replace(
        exchange,
        url=change(exchange.url),
        headers=tuple((name, change(value)) for name, value in exchange.headers),
        body=octets(exchange.body),
        response_headers=tuple((name, change(value)) for name, value in exchange.response_headers),
        response_body=octets(exchange.response_body),
    )


def names_of(*exchanges: Exchange) -> dict[str, str]:
    """How a check names each stand-in, and how the file does."""
    text = "\n".join(
        part
        for e in exchanges
        for part in (
            e.url,
            *(value for _, value in (*e.headers, *e.response_headers)),
            e.body.decode("latin-1"),
            e.response_body.decode("latin-1"),
        )
    )
    return {fingerprint(word): word.rpartition("-")[2][:8] for word in set(_STAND_IN.findall(text))}
