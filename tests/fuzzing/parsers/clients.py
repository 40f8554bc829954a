"""What clients say and where they send people: lines of JSON, addresses in output, callbacks, pages, DNS, packets."""

import re
from typing import Any

from sparring.contracts import cookies, expecting, pages
from sparring.contracts import tokens as contract_tokens
from sparring.contracts.place import Call, Reply
from sparring.harness.agent import addresses
from sparring.harness.checks.overload import _missing
from sparring.harness.checks.wire import fragment_of, query_of
from sparring.harness.drivers.answer import json_object, reply_from
from sparring.harness.drivers.printed import Terminal, is_authorization_request, pasted
from sparring.harness.evidence import Exchange
from sparring.harness.interception import hostmap, proxy
from sparring.harness.interception.addresses import is_own, plain_name
from sparring.harness.interception.sandbox import names, packets
from tests.fuzzing.cases import lines, near, pieces, written
from tests.fuzzing.parser import Parser
from tests.fuzzing.parsers.messages import TOKENS, text

AUTHORIZE = "http://127.0.0.1:9401/authorize"


def _line(data: bytes) -> object:
    said = json_object(data)
    return None if said is None else reply_from(said)


def _printed(data: bytes) -> object:
    line = data.decode("utf-8", "replace")
    found = [
        Terminal(lambda address: is_authorization_request(address, AUTHORIZE)).address(line),
        Terminal(lambda _: True, re.compile(r"open (\S+)")).address(line),
    ]
    return found, [addresses.is_among(each, [AUTHORIZE, line]) for each in found if each]


def _address(data: bytes) -> object:
    url = data.decode("utf-8", "replace")
    joined = addresses.joined(AUTHORIZE, url)
    return (
        addresses.is_callback(url, [AUTHORIZE, url]),
        addresses.is_among(url, [AUTHORIZE]),
        addresses.bare(url),
        addresses.is_callback(joined, [AUTHORIZE]),
    )


def _proxied(data: bytes) -> object:
    place = proxy._host_and_port(f"//{data.decode('ascii')}", 80)
    return (None if place is None else is_own(place[0])), plain_name(text(data))


def _head(data: bytes) -> object:
    return proxy._fields(data), proxy._request("GET", "/", "HTTP/1.1", data)


def _cookie(data: bytes) -> object:
    jar, call = cookies.Jar(), Call(method="GET", url=AUTHORIZE)
    jar.take(call, Reply(status=200, headers=(("Set-Cookie", text(data)),)), 1.75e9)
    return jar.header(AUTHORIZE, "127.0.0.1:9401", 1.75e9)


def _query(data: bytes) -> object:
    return names.Names({"login.ingest.io": "127.0.0.2"}, frozenset(), lambda _: None).answer(data)


def _said(data: bytes) -> Any:
    return hostmap._stranger(data.decode("utf-8", "replace"))


def _waited(data: bytes) -> float:
    told = Exchange(
        n=1,
        provider="ingest",
        endpoint="token",
        method="POST",
        url=AUTHORIZE,
        headers=(),
        status=429,
        response_headers=(("retry-after", text(data)),),
    )
    return _missing(told, told)


_DONE = {"sparring": "done", "id": 3, "outcome": "ok", "status": 200, "calls": ["a"], "detail": "d"}
_QUESTION = b"\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x05login\x06ingest\x02io\x00\x00\x01\x00\x01"
_SYN = (
    b"\x45\x00\x00\x28\x00\x00\x00\x00\x40\x06\x00\x00\x0a\x00\x00\x01\x08\x08\x08\x08\x00\x50\x01\xbb" + b"\x00" * 16
)
_PAGE = (
    b'<html><title>Sign in</title><form data-sparring="login" action="/x" method=post><input name=u value=1 checked>'
)
PARSERS = (
    Parser(name="client-line", cases=near([_DONE, {"sparring": "visit", "url": AUTHORIZE}]), read=_line),
    Parser(name="client-output", cases=lines("open ", AUTHORIZE, "?response_type=code", ").", "{}"), read=_printed),
    Parser(
        name="address",
        cases=written(AUTHORIZE, "/cb?a#b") | pieces("http", "localhost", ":80", "/", "cb"),
        read=_address,
    ),
    Parser(
        name="callback",
        cases=written("http://127.0.0.1/cb?code=a&state=b") | pieces("code=", "&", "http://", "cb?"),
        read=lambda data: (pasted(text(data), "code"), pasted(text(data), "url")),
        own=(ValueError,),
    ),
    Parser(
        name="proxy-target",
        cases=written("login.ingest.io:443", "[::1]:80", "localhost.") | pieces("localhost", ":", "[::1]", "%25", "."),
        read=_proxied,
        own=(UnicodeDecodeError,),
    ),
    Parser(name="proxy-head", cases=lines("Host: a", "Proxy-Connection: close", "Connection:", "\r"), read=_head),
    Parser(
        name="page-form",
        cases=written(_PAGE) | pieces(_PAGE, "<input", " name=", "<!--", "<![", "</form>"),
        read=lambda data: pages.read_page(text(data)),
    ),
    Parser(
        name="set-cookie",
        cases=written("a=b; Path=/; Max-Age=5; Expires=Wed, 21 Oct 2026 07:28:00 GMT")
        | pieces("a=", "; Path=", "; Max-Age=", "; Expires=", "Wed, 21 Oct 2026 07:28:00 GMT", "-9999"),
        read=_cookie,
    ),
    Parser(
        name="visited",
        cases=written("http://127.0.0.1/cb?code=a&state=b#c=d") | pieces("http://", "code=", "#", "&", "["),
        read=lambda data: (query_of(text(data)), fragment_of(text(data))),
    ),
    Parser(
        name="retry-after",
        cases=written("3", "Wed, 21 Oct 2026 07:28:00 GMT") | pieces("3", "Wed, ", "21 Oct ", "2026", "GMT", "-1"),
        read=_waited,
    ),
    Parser(
        name="contract-jwt",
        cases=written(*TOKENS) | pieces(*TOKENS, ".", "e30"),
        read=lambda data: contract_tokens.read_jwt(text(data)),
        own=(contract_tokens.TokenError,),
    ),
    Parser(
        name="contract-body",
        cases=near([{"access_token": "a", "expires_in": 5}]),
        read=expecting.read_json,
        own=(expecting.Unreadable,),
    ),
    Parser(name="name-server", cases=written(_QUESTION) | pieces(_QUESTION, b"\x00", b"\x05login"), read=_query),
    Parser(name="packet", cases=written(_SYN) | pieces(_SYN[:20], b"\x60\x00", b"\x06", _SYN), read=packets.read),
    Parser(name="host-map-line", cases=near([{"host": "a", "port": 443, "means": "name"}]), read=_said),
)
