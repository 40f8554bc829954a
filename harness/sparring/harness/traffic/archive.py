"""An HTTP archive (HAR 1.2): ours, a browser's, a proxy's. What it leaves out is held against nobody."""

import base64
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from sparring.harness.evidence import Exchange
from sparring.harness.traffic import Recorded, Traffic, UnreadableTrafficError
from sparring.harness.traffic.hidden import is_masked, is_redacted
from sparring.harness.traffic.recording import has_address, our_record, read_json
from sparring.harness.worlds.local import describe_providers, find_endpoint

_FORM = "application/x-www-form-urlencoded"
_BROWSERS_OWN = frozenset({"referer", "cookie"})
"""Headers that a browser adds, whatever the client wants."""


def read_archive(path: Path, provider: str | None = None) -> Traffic:
    """What went to a provider, by its hosts; where ``provider`` is named, by its paths too, wherever it was served.

    UnreadableTrafficError.
    """
    document = read_json(path)
    if isinstance(document, dict) and "exchanges" in document:
        raise UnreadableTrafficError(f"{path} is a recording of the control port: give it to --recording")
    try:
        rows = document["log"]["entries"]
        entries = [entry for row in rows if has_address(str(row["request"]["url"])) for entry in (_Entry(row),)]
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise UnreadableTrafficError(f"{path} is no HTTP archive ({type(error).__name__}: {error})") from error
    entries = _in_time(entries)
    if any(entry.own for entry in entries):
        return _ours([entry for entry in entries if entry.own])
    return _theirs(entries, provider)


class _Entry:
    """One exchange of the archive, as far as it is told. ``at`` in POSIX seconds, None where that is no date."""

    def __init__(self, row: Mapping[str, Any]) -> None:
        asked, answer = row["request"], row.get("response") or {}
        self.own: Mapping[str, Any] = row.get("_sparring") or {}
        self.at = _moment(row.get("startedDateTime"))
        self.method = str(asked["method"]).upper()
        self.url = str(asked["url"])
        self.headers = _headers(asked)
        self.status = int(answer.get("status") or 0) or None
        self.response_headers = _headers(answer)
        self.response_body = _octets(answer.get("content") or {})
        self.body, self.bodiless = self._sent(asked)

    def _sent(self, asked: Mapping[str, Any]) -> tuple[bytes, bool]:
        """The body of the request, and whether it is left out."""
        data = asked.get("postData") or {}
        if data.get("text"):
            return _octets(data), False
        if data.get("params"):
            pairs = [(str(pair["name"]), str(pair.get("value") or "")) for pair in data["params"]]
            kind = str(data.get("mimeType") or _FORM).partition(";")[0].strip().lower()
            return (urlencode(pairs).encode(), False) if kind == _FORM else (b"", True)
        if self.method in {"GET", "HEAD", "OPTIONS"}:
            return b"", False
        length = next((value for name, value in self.headers if name == "content-length"), None)
        return b"", not (self.own or length == "0")

    def exchange(self, n: int, provider: str, endpoint: str, began: float) -> Exchange:
        """The exchange with that number; ``began`` is when the archive did."""
        at = self.at if self.at is not None else began
        return Exchange(
            n=n,
            provider=provider,
            endpoint=endpoint,
            method=self.method,
            url=self.url,
            headers=self.headers,
            body=self.body,
            status=self.status,
            response_headers=self.response_headers,
            response_body=self.response_body,
            rule=str(self.own.get("rule") or ""),
            at=at,
            elapsed=at - began,
            facts=self.own.get("facts") or {},
        )

    @property
    def host(self) -> str:
        """The host that was asked."""
        return (urlsplit(self.url).hostname or "").lower()


def _moment(text: object) -> float | None:
    try:
        return datetime.fromisoformat(str(text)).timestamp()
    except (ValueError, OverflowError):
        return None


def _headers(message: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Names in lower case; what HTTP/2 has in the place of a request line is no header."""
    pairs = ((str(row["name"]).lower(), str(row.get("value") or "")) for row in message.get("headers") or ())
    return tuple((name, value) for name, value in pairs if not name.startswith(":"))


def _octets(content: Mapping[str, Any]) -> bytes:
    text = str(content.get("text") or "")
    if content.get("encoding") == "base64":
        return base64.b64decode(text)
    return text.encode("utf-8", "replace")


def _in_time(entries: list[_Entry]) -> list[_Entry]:
    """In order of time where every entry tells it, each exchange once: merged archives have some twice."""
    if all(entry.at is not None for entry in entries):
        entries = sorted(entries, key=lambda entry: entry.at or 0.0)
    once: dict[object, _Entry] = {}
    for number, entry in enumerate(entries):
        key = number if entry.own or entry.at is None else (entry.at, entry.method, entry.url, entry.body)
        once.setdefault(key, entry)
    return list(once.values())


def _ours(entries: Sequence[_Entry]) -> Traffic:
    """The dates are those of the stage's clock, which may stand still or leap; ``elapsed`` is real time."""
    timed = all("elapsed" in entry.own for entry in entries)
    try:
        exchanges = [
            replace(
                entry.exchange(int(entry.own["n"]), str(entry.own["provider"]), str(entry.own["endpoint"]), 0.0),
                elapsed=float(entry.own["elapsed"]) if timed else 0.0,
            )
            for entry in entries
        ]
    except (KeyError, TypeError, ValueError) as error:
        raise UnreadableTrafficError(f"the archive's `_sparring` is not as we write it: {error}") from error
    redacted = any(is_redacted(exchange) for exchange in exchanges)
    exchanges.sort(key=lambda exchange: exchange.n)
    records = tuple(our_record(exchange, redacted=redacted) for exchange in exchanges)
    return Traffic(records=records, ours=True, redacted=redacted, timed=timed)


def _theirs(entries: Sequence[_Entry], named: str | None) -> Traffic:
    hosts = {host: each["name"] for each in describe_providers() for host in each["hosts"]}
    if named is not None:
        hosts |= dict.fromkeys(_hosts_of(named, entries), named)
    began = min((entry.at for entry in entries if entry.at is not None), default=0.0)
    tokens = {word for entry in entries for word in _tokens(entry)}
    records = []
    for n, entry in enumerate(entries, start=1):
        provider = hosts.get(entry.host) or hosts.get(urlsplit(entry.url).netloc.lower())
        if provider is None:
            continue
        endpoint = find_endpoint(provider, entry.method, entry.url, entry.headers, entry.body)
        shown = entry.exchange(n, provider, endpoint, began)
        answer = b"" if is_masked(shown.response_body.decode("latin-1")) else shown.response_body
        judged = replace(shown, headers=tuple(_visible(shown, tokens)), response_body=answer)
        if endpoint == "unknown" and judged.header("authorization") is None:
            continue  # a page of the provider's that nobody knows here is none of the client's business
        hidden = entry.bodiless or is_masked(entry.url) or is_masked(entry.body.decode("latin-1"))
        records.append(Recorded(exchange=judged, shown=shown, partial=hidden))
    fine = any(entry.at is not None and not entry.at.is_integer() for entry in entries)
    timed = fine and all(entry.at is not None for entry in entries)
    return Traffic(records=tuple(records), ours=False, timed=timed)


def _hosts_of(provider: str, entries: Sequence[_Entry]) -> Iterator[str]:
    """Host and port of whoever was asked for a token or a login at that provider's paths."""
    for entry in entries:
        endpoint = find_endpoint(provider, entry.method, entry.url, entry.headers, entry.body)
        names = {name for name, _ in parse_qsl(urlsplit(entry.url).query, keep_blank_values=True)}
        names |= {name for name, _ in parse_qsl(entry.body.decode("latin-1"), keep_blank_values=True)}
        if (endpoint == "token" and "grant_type" in names) or (
            endpoint == "authorize" and {"response_type", "client_id"} <= names
        ):
            yield urlsplit(entry.url).netloc.lower()


def _tokens(entry: _Entry) -> Iterator[str]:
    """The access token that an answer brought."""
    try:
        body = json.loads(entry.response_body)
    except (ValueError, RecursionError):
        return
    if isinstance(body, dict) and isinstance(body.get("access_token"), str):
        yield body["access_token"]


def _visible(exchange: Exchange, tokens: set[str]) -> Iterator[tuple[str, str]]:
    """The headers by which the client may be judged: no masked ones, none of the browser's, none twice, and those
    that authorize only where it is plain what they are.
    """
    seen = set()
    for name, value in exchange.headers:
        if name in _BROWSERS_OWN or (name, value) in seen:
            continue
        seen.add((name, value))
        if name != "authorization":
            yield name, value
            continue
        scheme, _, credentials = value.partition(" ")
        known = scheme.lower() == ("basic" if exchange.endpoint == "token" else "bearer") and credentials.strip()
        if not is_masked(value) and (known or credentials.strip() in tokens or value in tokens):
            yield name, value
