"""Taking secrets, tokens and codes out of whatever a report shows; a short fingerprint stands in their place."""

import json
import re
from collections.abc import Iterable
from functools import lru_cache
from html import escape
from typing import Any
from urllib.parse import unquote_plus, urlsplit, urlunsplit

from sparring.harness.checks.traces import SHORTEST, encodings, fingerprint
from sparring.harness.evidence import Secret

PRIVATE_PARAMETERS = {
    "access_token": "access_token",
    "assertion": "assertion",
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
"""Parameters whose value never stands in a report, whoever sent it, and the kind that is named instead."""

_ADDRESSES = frozenset({"content-location", "location", "referer"})
_COOKIES = frozenset({"cookie", "set-cookie"})
_KEPT = frozenset({"ticket"})
"""Hidden fields of our own pages: what is in them opens a session."""

_PRIVATE_MEMBERS = frozenset(PRIVATE_PARAMETERS) - {"code"}
"""In JSON ``code`` is the number or word of an error; an authorization code is known by its value."""

_LABEL = re.compile(r"\w+:[0-9a-f]{8,12}")
_NAMES = "|".join(sorted(PRIVATE_PARAMETERS, key=len, reverse=True))
_PAIR = re.compile(
    rf"(?<![\w-])({_NAMES})(\"?\s*[=:]\s*)(?!\"?{_LABEL.pattern}\b)(\"(?:[^\"\\]|\\.)*\"?|[^\s\"'&,;<>{{}}#]+)",
    re.IGNORECASE,
)
"""A private parameter with its value in a text of any kind."""

_CREDENTIALS = re.compile(r"\b(Bearer|Basic)\s+([A-Za-z0-9._~+/=;-]{16,})", re.IGNORECASE)
_JWT = re.compile(
    r"eyJ(?:(?<!\weyJ)|(?<=%[0-9A-Fa-f]{2}eyJ)|(?<=\\[nrt]eyJ)|(?<=\\x[0-9A-Fa-f]{2}eyJ)|(?<=\\u[0-9A-Fa-f]{4}eyJ))"
    r"[\w-]{8,}(?:\.[\w-]*){1,4}",
    re.ASCII,
)
"""A JWT where a word begins, or after a letter that is written in another way."""


def label(kind: str, value: str) -> str:
    """What stands in place of a secret: its kind and fingerprint."""
    return f"{kind}:{fingerprint(value)}"


class Redactor:
    """Takes the given values out of texts and URLs, and whatever else looks like a credential."""

    def __init__(self, secrets: Iterable[Secret]) -> None:
        self._labels: dict[str, str] = {}
        for secret in secrets:
            for form, shown in _spelt(secret.kind, secret.value):
                self._labels.setdefault(form, shown)
        self._forms = tuple(sorted(self._labels, key=len, reverse=True))

    def text(self, text: str) -> str:
        """The text without secrets."""
        present = [form for form in self._forms if form in text]
        if present:  # a pattern of all that a run knows takes longer to compile than the report to write
            text = re.sub("|".join(map(re.escape, present)), lambda match: self._labels[match.group()], text)
        text = _CREDENTIALS.sub(lambda match: f"{match[1]} {label('token', match[2])}", text)
        return _JWT.sub(lambda match: label("token", match.group()), text)

    def url(self, url: str) -> str:
        """The URL without secrets, the other parameters as they were sent."""
        try:
            parts = urlsplit(url)
        except ValueError:
            return self.text(url)
        _, at, host = parts.netloc.rpartition("@")
        netloc = f"[credentials]@{host}" if at else host
        query, fragment = self._parameters(parts.query), self._parameters(parts.fragment)
        return self.text(urlunsplit((parts.scheme, netloc, parts.path, query, fragment)))

    def parameter(self, name: str, value: str) -> str:
        """The decoded value of a parameter, without secrets; a private one by its kind and fingerprint."""
        kind = PRIVATE_PARAMETERS.get(name)
        if kind is None or not value or _LABEL.fullmatch(value):
            return self.text(value)
        return self._labels.get(value) or label(kind, value)

    def header(self, name: str, value: str) -> str:
        """The value of a header without secrets; of a cookie only its name and attributes stay."""
        lower = name.lower()
        if lower in _ADDRESSES:
            return self.url(value)
        if lower in _COOKIES:
            return self.text(_cookies(value, first_only=lower == "set-cookie"))
        if lower in {"authorization", "proxy-authorization"}:
            scheme, space, rest = value.partition(" ")
            kept = _LABEL.fullmatch(rest) or not space
            kind = "credentials" if scheme.lower() == "basic" else "token"
            return self.text(value if kept else f"{scheme} {self._labels.get(rest) or label(kind, rest)}")
        return self.text(value)

    def body(self, media_type: str, raw: bytes) -> str:
        """A body as text without secrets: JSON indented, a form one parameter a line, anything else as it came."""
        text = raw.decode("utf-8", "replace")
        kind = media_type.partition(";")[0].strip().lower()
        if kind == "application/x-www-form-urlencoded":
            return self.text(self._parameters(text).replace("&", "\n&"))
        try:
            document = json.loads(text)
        except (ValueError, RecursionError):
            return self.text(_PAIR.sub(lambda found: f"{found[1]}{found[2]}{self._value(found[1], found[3])}", text))
        if not isinstance(document, (dict, list)):
            return self.text(text)
        return self.text(json.dumps(self._members(document), indent=2, ensure_ascii=False))

    def _value(self, name: str, value: str) -> str:
        quotes = '"' if value.startswith('"') else ""
        return f"{quotes}{label(PRIVATE_PARAMETERS[name.lower()], value.strip(quotes or None))}{quotes}"

    def _members(self, value: Any, name: str = "") -> Any:
        if isinstance(value, dict):
            return {self.text(key): self._members(member, key) for key, member in value.items()}
        if isinstance(value, list):
            return [self._members(each, name) for each in value]
        if isinstance(value, str) and value and name in _PRIVATE_MEMBERS and not _LABEL.fullmatch(value):
            return label(PRIVATE_PARAMETERS[name], value)
        return self.text(value) if isinstance(value, str) else value

    def _parameters(self, raw: str) -> str:
        pairs = []
        for pair in raw.split("&"):
            name, equals, value = pair.partition("=")
            plain = unquote_plus(name).strip()
            kind = PRIVATE_PARAMETERS.get(plain) or ("ticket" if plain in _KEPT else None)
            hidden = kind and equals and value and not _LABEL.fullmatch(unquote_plus(value))
            pairs.append(f"{name}={label(kind, unquote_plus(value))}" if kind and hidden else pair)
        return "&".join(pairs)


@lru_cache(maxsize=4096)
def _spelt(kind: str, value: str) -> tuple[tuple[str, str], ...]:
    """Every spelling of a secret, as a page writes it too, with what stands in its place."""
    shown = label(kind, value)
    pages = (form for form in (escape(value), escape(value, quote=False)) if len(form) >= SHORTEST)
    return tuple((form, shown) for form in dict.fromkeys((*encodings(value), *pages)))


def _cookies(value: str, *, first_only: bool) -> str:
    shown = []
    for place, pair in enumerate(value.split(";")):
        name, equals, content = pair.partition("=")
        private = equals and content.strip() and not (first_only and place)
        shown.append(f"{name}={label('cookie', content.strip())}" if private else pair)
    return ";".join(shown)
