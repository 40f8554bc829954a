"""An answer held against what a contract expects of it."""

import json
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence, Set
from typing import Any
from urllib.parse import parse_qsl

import msgspec

from sparring.contracts import matching
from sparring.contracts.grammar import Expect, Location, Page, Token
from sparring.contracts.matching import Difference, shown
from sparring.contracts.pages import read_page
from sparring.contracts.place import Reply
from sparring.contracts.soundness import tokens
from sparring.contracts.tokens import TokenError, read_jwt, verify
from sparring.contracts.values import fill

TRANSPORT = frozenset({"date", "content-length", "connection", "server", "keep-alive", "transfer-encoding"})
"""Headers that belong to the transport; compared only where a contract names them."""

JwksReader = Callable[[], Awaitable[object]]


class Unreadable(ValueError):
    """A body or a place in it that cannot be read; one sentence."""


def read_json(body: bytes) -> Any:
    """A body as JSON, members in the order of the wire; one that occurs twice is an error. Unreadable."""
    try:
        return json.loads(body, object_pairs_hook=_once)
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"the body is no JSON: {error}") from error


def _once(members: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(members)
    if len(made) != len(members):
        names = [name for name, _ in members]
        raise ValueError(f"a member occurs twice among {', '.join(names)}")
    return made


def at(document: Any, pointer: str) -> Any:
    """The value at a JSON Pointer (RFC 6901). Unreadable."""
    found = document
    for token in pointer.split("/")[1:]:
        name = token.replace("~1", "/").replace("~0", "~")
        try:
            found = found[int(name)] if isinstance(found, list) else found[name]
        except (KeyError, IndexError, ValueError, TypeError):
            raise Unreadable(f"there is nothing at {pointer}") from None
    return found


def parameters(document: Any) -> list[tuple[str, str]]:
    """Parameters as pairs of text; in a mapping, one that is null is left out."""
    pairs = document.items() if isinstance(document, Mapping) else (tuple(pair) for pair in document)
    left_out = isinstance(document, Mapping)
    return [(str(name), as_text(value)) for name, value in pairs if not (left_out and value is None)]


def as_text(value: object) -> str:
    """A scalar as it stands in a parameter."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


async def differences(  # every part of an expectation, in the order of an answer
    expect: Expect,
    reply: Reply,
    values: Mapping[str, Any],
    now: float,
    *,
    exact: bool = True,
    jwks: JwksReader | None = None,
) -> list[Difference]:
    """How an answer differs from what is expected; ``jwks`` fetches the provider's keys where signatures matter.
    UnknownValueError where the expectation speaks of a value that is not known.
    """

    def filled(part: Any) -> Any:
        return fill(msgspec.to_builtins(part), values, now)

    found: list[Difference] = []
    if reply.status != expect.status:
        found.append(Difference("status", str(expect.status), str(reply.status)))
    if expect.headers is not None:
        parted = expect.location is not None and not any(name.lower() == "location" for name in expect.headers)
        left_out = TRANSPORT | ({"location"} if parted else set())
        found += _headers(filled(expect.headers), reply, now, exact=exact, left_out=left_out)
    if expect.location is not None:
        found += _location(msgspec.convert(filled(expect.location), Location), reply, now)
    for name in ("json", "json_has"):
        wanted = getattr(expect, name)
        if wanted is not msgspec.UNSET:
            found += _json(filled(wanted), reply, now, whole=name == "json")
    if expect.body is not None:
        found += matching.text("body", str(filled(expect.body)), reply.text, now)
    if expect.page is not None:
        found += _page(msgspec.convert(filled(expect.page), Page), reply, now)
    for token in tokens(expect):
        found += await _token(msgspec.convert(filled(token), Token, strict=False), reply, now, jwks)
    return found


def _headers(
    expected: Mapping[str, Any], reply: Reply, now: float, *, exact: bool, left_out: Set[str]
) -> Iterator[Difference]:
    named = {name.lower() for name in expected}
    got: dict[str, list[str]] = {}
    for name, value in reply.headers:
        if name.lower() in named or name.lower() not in left_out:
            got.setdefault(name.lower(), []).append(value)
    for name, wanted in expected.items():
        yield from _header(f"header {name}", wanted, got.get(name.lower(), []), now)
    if not exact:
        return
    for name, lines in got.items():
        if name not in named:
            yield Difference(f"header {name}", "nothing", _lines(lines))
    order = [name.lower() for name, wanted in expected.items() if wanted is not None]
    if sorted(order) == sorted(got) and order != list(got):
        yield Difference("headers (order)", ", ".join(order), ", ".join(got))


def _header(path: str, wanted: Any, present: list[str], now: float) -> Iterator[Difference]:
    if wanted is None:
        if present:
            yield Difference(path, "nothing", _lines(present))
        return
    lines = [as_text(line) for line in (wanted if isinstance(wanted, list) else [wanted])]
    if not present:
        yield Difference(path, shown(wanted), "nothing")
    elif len(lines) != len(present):
        yield Difference(path, shown(lines), shown(present))
    else:
        for line, value in zip(lines, present, strict=True):
            yield from matching.text(path, line, value, now)


def _lines(values: list[str]) -> str:
    return shown(values[0] if len(values) == 1 else values)


def _location(expected: Location, reply: Reply, now: float) -> Iterator[Difference]:
    value = reply.header("location")
    if value is None:
        yield Difference("location", shown(expected.to), "nothing")
        return
    bare, query, fragment = location_parts(value)
    wanted, own, _ = (expected.to, [], []) if "<<" in expected.to else location_parts(expected.to)
    yield from matching.text("location", wanted, bare, now)
    yield from matching.pairs("location query", [*own, *parameters(expected.query)], query, now)
    yield from matching.pairs("location fragment", parameters(expected.fragment), fragment, now)


def location_parts(uri: str) -> tuple[str, list[tuple[str, str]], list[tuple[str, str]]]:
    """A URI before its query, and the parameters of query and fragment."""
    before, _, fragment = uri.partition("#")
    bare, _, query = before.partition("?")
    return bare, parse_qsl(query, keep_blank_values=True), parse_qsl(fragment, keep_blank_values=True)


def _json(expected: Any, reply: Reply, now: float, *, whole: bool) -> Iterator[Difference]:
    try:
        yield from matching.document("json ", expected, read_json(reply.body), now, whole=whole)
    except Unreadable as error:
        yield Difference("json", shown(expected), f"{shown(reply.text)} ({error})")


def _page(expected: Page, reply: Reply, now: float) -> Iterator[Difference]:
    page = read_page(reply.text)
    if expected.title is not None:
        yield from matching.text("page title", expected.title, page.title, now)
    for words in expected.has:
        if " ".join(words.split()) not in page.text:
            yield Difference("page", f"the words {shown(words)}", shown(page.text))
    for words in expected.lacks:
        if " ".join(words.split()) in page.text:
            yield Difference("page", f"no word of {shown(words)}", shown(page.text))


async def _token(expected: Token, reply: Reply, now: float, jwks: JwksReader | None) -> list[Difference]:
    where = "token" if expected.at is None else f"token {expected.at}"
    try:
        value = expected.value if expected.at is None else at(read_json(reply.body), expected.at)
        jwt = read_jwt(value)
    except (Unreadable, TokenError) as error:
        return [Difference(where, "a JWT", str(error))]
    found: list[Difference] = []
    for name, whole in (("header", True), ("claims", True), ("claims_has", False)):
        wanted = getattr(expected, name)
        if wanted is not None:
            got = jwt.header if name == "header" else jwt.claims
            found += matching.document(f"{where} {name.removesuffix('_has')} ", wanted, got, now, whole=whole)
    if expected.signed:
        try:
            if jwks is None:
                raise TokenError("nobody publishes keys here")
            verify(value, await jwks())
        except TokenError as error:
            found.append(Difference(f"{where} signature", "one by a published key", str(error)))
    return found
