"""Taking secrets, tokens and codes out of recorded exchanges; kind and fingerprint of each stand in its place."""

import html
import json
import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote, quote_plus, unquote_plus, urlsplit, urlunsplit

from sparring.mocks.engine.tokens import fingerprint

Json = dict[str, Any]

PRIVATE = {
    "access_token": "access_token",
    "api_secret_key": "secret",
    "assertion": "assertion",
    "bearer_token": "access_token",
    "client_assertion": "assertion",
    "client_secret": "client_secret",
    "code": "code",
    "code_verifier": "code_verifier",
    "id_token": "id_token",
    "id_token_hint": "id_token",
    "password": "password",
    "refresh_token": "refresh_token",
    "token": "token",
}
"""Parameters and JSON members whose value is always private, and the kind that is named in its place."""

SHORTEST_KNOWN, SHORTEST_SEEN = 8, 16
"""Shorter values are not looked for elsewhere, for they occur by chance: registered ones, and ones seen on the wire."""

_NAMES = "|".join(sorted(PRIVATE, key=len, reverse=True))
_LABEL = r"\w+:[0-9a-f]{12}\b"
_JWT = re.compile(
    r"eyJ(?:(?<![\w-]eyJ)|(?<=%[0-9A-Fa-f]{2}eyJ)|(?<=\\[nrt]eyJ)|(?<=\\x[0-9A-Fa-f]{2}eyJ)|(?<=\\u[0-9A-Fa-f]{4}eyJ))"
    r"[\w-]{8,}(?:\.[\w-]*){1,4}",
    re.ASCII,
)
"""A JWT where a word begins, or after a letter that is written in another way."""
_CREDENTIALS = re.compile(rf"\b(Bearer|Basic)(\s+)(?!{_LABEL})([\w.~+/=-]{{16,}})", re.ASCII | re.IGNORECASE)
_PAIR = re.compile(
    rf"(?<![\w-])(?!{_LABEL})({_NAMES})(\"?\s*[=:]\s*)(?!\"?{_LABEL})(\"(?:[^\"\\]|\\.)*\"?|[^\s\"'&,;<>{{}}#]+)",
    re.IGNORECASE,
)
_INPUT = re.compile(
    rf"(<input\b[^<>]{{0,200}}\bname=\"({_NAMES})\"[^<>]{{0,200}}\bvalue=\")(?!{_LABEL})([^\"]+)", re.IGNORECASE
)


def label(kind: str, value: str) -> str:
    """What stands in place of a private value; the same value has the same fingerprint in the facts."""
    return f"{kind}:{fingerprint(value)}"


def _spellings(value: str) -> set[str]:
    quoted = json.dumps(value)[1:-1], json.dumps(value, ensure_ascii=False)[1:-1]
    try:
        encoded = quote(value), quote(value, safe=""), quote_plus(value)
    except UnicodeEncodeError:
        encoded = ()  # type: ignore[assignment]
    return {value, *quoted, *encoded, html.escape(value)}


class Redactor:
    """Redacts exchanges as the recorder tells them. What it sees in a private place, it finds in every other place too;
    ``known`` are values that are private from the beginning, with their kinds.
    """

    def __init__(self, known: Iterable[tuple[str, str]] = ()) -> None:
        self._seen: set[str] = set()
        self._by_ending: dict[str, dict[str, str]] = {}
        for value, kind in known:
            self._learn(value, kind, SHORTEST_KNOWN)

    def _learn(self, value: str, kind: str, shortest: int = SHORTEST_SEEN) -> None:
        if len(value) < shortest or value in self._seen:
            return
        self._seen.add(value)
        for spelling in _spellings(value):
            self._by_ending.setdefault(spelling[-SHORTEST_KNOWN:], {}).setdefault(spelling, label(kind, value))

    def learn(self, exchange: Mapping[str, Any]) -> None:
        """Remember the private values of an exchange."""
        self.exchange(exchange)

    def exchange(self, exchange: Mapping[str, Any]) -> Json:
        """The exchange without private values; a body that is no text is named by its fingerprint."""
        shown = {
            "url": self.url(exchange["url"]),
            "headers": [[name, self._header(name, value)] for name, value in exchange["headers"]],
            "body": self._body(exchange["body"]),
            "response_headers": [[name, self._header(name, value)] for name, value in exchange["response_headers"]],
            "response_body": self._body(exchange["response_body"]),
            "facts": self._member("", exchange["facts"]),
        }
        return {**exchange, **shown}

    def text(self, text: str) -> str:
        """A text without what is known to be private, or looks like it."""
        text = self._without_known(text)
        text = _CREDENTIALS.sub(lambda match: f"{match[1]}{match[2]}{self._private('token', match[3])}", text)
        text = _JWT.sub(lambda match: self._private("token", match.group()), text)
        text = _INPUT.sub(lambda match: match[1] + self._named(match[2], html.unescape(match[3])), text)
        return _PAIR.sub(self._pair, text)

    def _without_known(self, text: str) -> str:
        """Known values are looked up by how they end (tokens begin alike), so thousands of them cost what one does."""
        found: list[tuple[int, int, str]] = []
        for end in range(SHORTEST_KNOWN, len(text) + 1):
            candidates = self._by_ending.get(text[end - SHORTEST_KNOWN : end])
            if candidates is not None:
                fitting = [value for value in candidates if text.endswith(value, 0, end)]
                found += [(end - len(value), -end, candidates[value]) for value in fitting]
        parts, done = [], 0
        for start, end, name in sorted(found):
            if start >= done:
                parts += [text[done:start], name]
                done = -end
        return "".join([*parts, text[done:]])

    def url(self, url: str) -> str:
        """A URL without private parameters; the other ones stand as they were sent."""
        try:
            parts = urlsplit(url)
        except ValueError:
            return self.text(url)
        _, at, host = parts.netloc.rpartition("@")
        netloc = f"[credentials]@{host}" if at else host
        query, fragment = self._parameters(parts.query), self._parameters(parts.fragment)
        return self.text(urlunsplit((parts.scheme, netloc, parts.path, query, fragment)))

    def _private(self, kind: str, value: str) -> str:
        self._learn(value, kind)
        return label(kind, value)

    def _named(self, name: str, value: str) -> str:
        return self._private(PRIVATE[name.lower()], value)

    def _pair(self, match: re.Match[str]) -> str:
        name, between, value = match.groups()
        quote_mark = '"' if value.startswith('"') else ""
        return f"{name}{between}{quote_mark}{self._named(name, value.strip(chr(34)))}{quote_mark}"

    def _parameters(self, raw: str) -> str:
        pairs = []
        for pair in raw.split("&"):
            name, _, value = pair.partition("=")
            kind = PRIVATE.get(unquote_plus(name).strip().lower())
            pairs.append(f"{name}={self._private(kind, unquote_plus(value))}" if kind and value else pair)
        return "&".join(pairs)

    def _body(self, body: str | Mapping[str, str]) -> str:
        """JSON is written anew, a form keeps its pairs; anything else is searched."""
        if not isinstance(body, str):
            return self._private("binary", body["base64"])
        try:
            document = json.loads(body)
        except (ValueError, RecursionError):
            document = None
        if isinstance(document, (dict, list)):
            return json.dumps(self._member("", document))
        return self.text(body if body.lstrip().startswith("<") else self._parameters(body))

    def _member(self, name: str, value: object) -> Any:
        kind = PRIVATE.get(name.lower())
        if kind is not None and value not in (None, "", [], {}):
            return self._private(kind, value if isinstance(value, str) else json.dumps(value))
        if isinstance(value, dict):
            return {self.text(key): self._member(key, inner) for key, inner in value.items()}
        if isinstance(value, list):
            return [self._member("", inner) for inner in value]
        return self.text(value) if isinstance(value, str) else value

    def _header(self, name: str, value: str) -> str:
        name = name.lower()
        if name in {"authorization", "proxy-authorization"}:
            scheme, space, credentials = value.partition(" ")
            if not space:
                return self._private("credentials", value) if value else value
            kind = "access_token" if scheme.lower() == "bearer" else "credentials"
            return f"{scheme} {self._private(kind, credentials)}" if credentials else value
        if name in {"location", "referer", "content-location"}:
            return self.url(value)
        if name == "cookie":
            return "; ".join(self._cookie(pair.strip()) for pair in value.split(";"))
        if name == "set-cookie":
            pair, semicolon, attributes = value.partition(";")
            return self._cookie(pair) + semicolon + attributes
        return self.text(value)

    def _cookie(self, pair: str) -> str:
        name, equals, value = pair.partition("=")
        return f"{name}={self._private('cookie', value)}" if equals and value else self.text(pair)
