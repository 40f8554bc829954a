"""Requests and answers as values: no framework, no socket."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from operator import attrgetter
from typing import Any
from urllib.parse import unquote_plus, unquote_to_bytes, urlencode, urlsplit, urlunsplit

import msgspec

from sparring.mocks.engine.rules import Rule
from sparring.mocks.engine.values import frozen

Params = list[tuple[str, str]]
_SHORT = 512


@dataclass(slots=True)
class Facts:
    """What the fake knows about one exchange and the wire does not show. Written while the request is handled."""

    endpoint: str = "unknown"
    faults: list[str] = field(default_factory=list)
    client: str | None = None
    grant: str | None = None
    user: str | None = None
    issued: list[dict[str, Any]] = field(default_factory=list)
    presented: list[dict[str, Any]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    certificate: str | None = None
    """What is wrong with the certificate of the socket that it came in by; None where nothing is."""

    def as_json(self) -> dict[str, Any]:
        """The facts that apply, as JSON members."""
        members = {name: getattr(self, name) for name in self.__slots__ if name != "endpoint"}
        return {name: value for name, value in members.items() if value}


facts_in_order: Callable[[Facts], tuple[Any, ...]] = attrgetter(*Facts.__slots__)
"""All of the facts, as ``Facts(*...)`` takes them again."""


@frozen
class Request:
    """One HTTP request. Header names are lower case, in wire order; ``host`` is the Host header as sent."""

    method: str
    scheme: str
    host: str
    path: str
    query: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    path_params: Mapping[str, str] = field(default_factory=dict)
    facts: Facts = field(default_factory=Facts)
    _read: dict[str, Params] = field(default_factory=dict, init=False, repr=False, compare=False)
    """Parameters that were decoded already: several steps of one request look at them."""

    def header(self, name: str) -> str | None:
        """The first header of that (lower-case) name, or None."""
        for key, value in self.headers:
            if key == name:
                return value
        return None

    @property
    def media_type(self) -> str:
        """The body's media type, lower case, without parameters; empty where none is given."""
        return _bare_type(self.header("content-type") or "")

    @property
    def origin(self) -> str:
        """Scheme and authority by which the request came, in lower case."""
        return f"{self.scheme}://{self.host}".lower()

    @property
    def query_params(self) -> Params:
        """The query's parameters, decoded, in order, blank ones kept."""
        if not self.query:
            return []
        known = self._read.get("query")
        if known is None:
            known = self._read["query"] = read_params(self.query)
        return known.copy()

    @property
    def form_params(self) -> Params:
        """The parameters of a form-encoded body; empty for any other body."""
        known = self._read.get("form")
        if known is None:
            form = self.media_type == "application/x-www-form-urlencoded"
            known = self._read["form"] = _form(self.body) if form else []
        return known.copy()

    def forget_parameters(self) -> None:
        """Keep no decoded copy of them; they are decoded again where somebody asks."""
        self._read.clear()

    def cookie(self, name: str) -> str | None:
        """A cookie's value, or None."""
        for key, value in self.headers:
            if key == "cookie":
                for pair in value.split(";"):
                    label, _, content = pair.strip().partition("=")
                    if label == name:
                        return content
        return None


@frozen
class Answer:
    """One HTTP answer, and the rule that decided it. Header names stand as they go on the wire."""

    status: int
    rule: Rule
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""

    def header(self, name: str) -> str | None:
        """The first header of that name, in any case, or None."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)

    def with_headers(self, *headers: tuple[str, str]) -> "Answer":
        """The same answer with more headers."""
        if not headers:
            return self
        return Answer(status=self.status, rule=self.rule, headers=self.headers + headers, body=self.body)


def read_params(text: str) -> Params:
    """The pairs of a query or of a form, in order, blank values kept, as ``urllib.parse.parse_qsl`` reads them."""
    params = []
    for part in text.split("&"):
        if part:
            name, _, value = part.partition("=")
            params.append((_decoded(name), _decoded(value)))
    return params


def _form(body: bytes) -> Params:
    """The parameters of a form; a short one is often the same as the last ones."""
    return list(_short_form(body)) if len(body) < _SHORT else read_params(body.decode("utf-8", "replace"))


@lru_cache(maxsize=64)
def _short_form(body: bytes) -> Params:
    return read_params(body.decode("utf-8", "replace"))


def _decoded(text: str) -> str:
    return _unquoted(text) if "%" in text or "+" in text else text


@lru_cache(maxsize=64)
def _bare_type(content_type: str) -> str:
    return content_type.partition(";")[0].strip().lower()


@lru_cache(maxsize=256)
def _unquoted(text: str) -> str:
    """Clients send the same scopes and addresses again and again."""
    if text.isascii():
        return unquote_to_bytes(text.replace("+", " ")).decode("utf-8", "replace")
    return unquote_plus(text)


def first(params: Params, name: str) -> str | None:
    """The first value of a parameter, or None."""
    for key, value in params:
        if key == name:
            return value
    return None


def json_answer(
    rule: Rule, document: object, *headers: tuple[str, str], status: int = 200, kind: str = "application/json"
) -> Answer:
    """A compact JSON answer with its members in the order given."""
    body = msgspec.json.encode(document)
    return Answer(status=status, rule=rule, headers=(("Content-Type", kind), *headers), body=body)


def empty_answer(rule: Rule, status: int, *headers: tuple[str, str]) -> Answer:
    """An answer without a body."""
    return Answer(status=status, rule=rule, headers=headers)


def html_answer(rule: Rule, page: str, *headers: tuple[str, str], status: int = 200) -> Answer:
    """A page, never cached and never framed."""
    fixed = (("Content-Type", "text/html; charset=utf-8"), ("Cache-Control", "no-store"))
    return Answer(status=status, rule=rule, headers=(*fixed, *headers), body=page.encode())


def redirect_answer(rule: Rule, location: str, *headers: tuple[str, str], status: int = 302) -> Answer:
    """A redirect; the location stands as given."""
    return Answer(status=status, rule=rule, headers=(("Location", location), ("Cache-Control", "no-store"), *headers))


def add_query(uri: str, params: Sequence[tuple[str, str]]) -> str:
    """The URI with these parameters added to its query; what it had is retained (RFC 6749 section 3.1.2)."""
    parts = urlsplit(uri)
    added = urlencode(list(params))
    return urlunsplit(parts._replace(query=f"{parts.query}&{added}" if parts.query else added))
