"""No provider sends a browser anywhere but to itself and to what is registered, nor writes a line into a header."""

# ruff: noqa: D103 - the names are sentences

import re
from base64 import b64encode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import product
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sparring.contracts.place import Call, Reply
from sparring.mocks.engine.messages import Answer
from sparring.mocks.engine.rules import Mark, Rule
from sparring.mocks.providers import NAMES
from sparring.mocks.providers.movingimage.redirects import allowed
from sparring.mocks.server.octets import written
from tests.contracts_fuzz.actors import ingest, movingimage, panopto
from tests.contracts_fuzz.fake import BASE, Browser, Fake, call_to
from tests.security.addresses import EVIL, as_browsers_read, astray, destinations, hostile

WORDS = st.one_of(
    st.sampled_from(
        (f"https://{EVIL}/", f"//{EVIL}", "x\r\nSet-Cookie: a=b", "x\nX: y", "\x00", "\u2028", "é\r", '";,')
    ),
    st.text(st.characters(codec="utf-8"), max_size=12),
)
NEXT = (
    "next", "returnUrl", "ReturnUrl", "return_to", "RelayState", "continue", "url", "redirect", "redirect_to", "goto",
    "signin", "id", "errorId", "state", "post_logout_redirect_uri", "redirect_uri", "execution", "tab_id",
    "kc_idp_hint", "ui_locales", "kc_locale", "login_hint", "acr_values", "display", "client_id", "scope", "origin",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Way:
    """An endpoint that sends browsers on, to the address in the parameter ``name`` where ``good`` is one."""

    provider: str
    variant: str
    path: str
    name: str
    good: str
    params: Mapping[str, str]


KEYCLOAKS = ("default", "keycloak-12", "keycloak-20", "issuer")
WAYS = (
    Way("ingest", "default", "/authorize", "redirect_uri", ingest.REDIRECT_URI,
        {**ingest._asked(), "scope": "nonsense"}),
    Way("ingest", "implicit", "/authorize", "redirect_uri", ingest.REDIRECT_URI,
        {**ingest._asked(), "scope": "nonsense", "response_type": "token"}),
    *(Way("panopto", "default", panopto.AUTHORIZE, "redirect_uri", panopto.REDIRECT_URI,
          {**panopto.ASKED, "prompt": "none", "response_mode": mode}) for mode in ("query", "form_post")),
    *(Way("movingimage", variant, movingimage.AUTHORIZE, "redirect_uri", movingimage.REDIRECT_URI,
          {**movingimage.ASKED, "prompt": "none", "response_mode": mode})
      for variant, mode in product(KEYCLOAKS, ("query", "fragment", "form_post"))),
    *(Way("movingimage", variant, f"{movingimage.CONNECT}/logout", "post_logout_redirect_uri", movingimage.REDIRECT_URI,
          {"client_id": movingimage.CLIENT["client_id"], "state": f"//{EVIL}"}) for variant in KEYCLOAKS),
    Way("movingimage", "default", f"{movingimage.CONNECT}/logout", "redirect_uri", movingimage.REDIRECT_URI, {}),
)  # fmt: skip
OWN = as_browsers_read(BASE, "/")


@cache
def fake(provider: str, variant: str) -> Fake:
    return Fake(provider, lambda _call, _reply: None, variant)


@pytest.fixture(scope="module", autouse=True)
def _fakes() -> Iterator[None]:
    opened: list[Fake] = []
    yield
    for provider, variant in {(way.provider, way.variant) for way in WAYS} | {(name, "default") for name in NAMES}:
        opened.append(fake(provider, variant))
    for each in opened:
        each.close()
    fake.cache_clear()


def plain(reply: Reply) -> None:
    """No header of the answer has more than one line, or a letter that ends it."""
    assert not [name for name, value in reply.headers if set(value) & {"\r", "\n", "\0"}]


def led(way: Way, address: str) -> set[str]:
    """Where a browser is led that comes by that way with this address."""
    browser = Browser(fake(way.provider, way.variant))
    reply = browser.follow(browser.send(_get(way.path, {**way.params, way.name: address})))
    plain(reply)
    assert reply.status < 500
    return set(destinations(BASE + way.path, reply))


def _get(path: str, query: Mapping[str, Any]) -> Call:
    return call_to("GET", path, query=query)


@pytest.mark.parametrize("way", WAYS, ids=lambda way: f"{way.provider}-{way.variant}-{way.path.rpartition('/')[2]}")
def test_a_registered_address_alone_is_where_a_browser_is_sent(way: Way) -> None:
    """The good one is, so that the others could have been."""
    registered = as_browsers_read(BASE, way.good)
    assert registered in led(way, way.good)
    for address in astray(way.good):
        assert led(way, address) <= {OWN, registered, "about:"}, address


@given(st.data())
def test_whatever_is_put_into_an_address_the_browser_stays(data: st.DataObject) -> None:
    way = data.draw(st.sampled_from(WAYS))
    address = data.draw(hostile(way.good))
    assert led(way, address) <= {OWN, as_browsers_read(BASE, way.good), "about:"}


@pytest.mark.parametrize("provider", NAMES)
def test_no_parameter_of_any_page_leads_away(provider: str) -> None:
    """Neither those that login pages are known for, nor those that a document names; nor do they make a header."""
    at = fake(provider, "default")
    browser = Browser(at)
    paths = [each.path for each in at.document.operations() if each.method == "get" and "{" not in each.path]
    assert paths
    for path in paths:
        for words in (f"https://{EVIL}/", f"//{EVIL}/", f"javascript://{EVIL}", f"x\r\nLocation: https://{EVIL}/"):
            reply = browser.send(_get(path, dict.fromkeys(NEXT, words)))
            plain(reply)
            assert not [place for place in destinations(BASE + path, reply) if EVIL in place or "script" in place]


@given(st.data())
def test_no_words_make_a_header(data: st.DataObject) -> None:
    way = data.draw(st.sampled_from(WAYS))
    names = data.draw(st.lists(st.sampled_from(sorted({*way.params, *NEXT})), min_size=1, max_size=4, unique=True))
    browser = Browser(fake(way.provider, way.variant))
    params = {**way.params, way.name: way.good} | {name: data.draw(WORDS) for name in names}
    method = data.draw(st.sampled_from(("GET", "POST")))
    call = call_to("GET", way.path, query=params) if method == "GET" else call_to("POST", way.path, form=params)
    plain(browser.send(call))


@pytest.mark.parametrize("provider", NAMES)
def test_no_operation_writes_what_it_is_told_into_a_header(provider: str) -> None:
    """Path, query, form, cookies and credentials of everything that the document names."""
    at, words = fake(provider, "default"), "x\r\nSet-Cookie: a=b\n\0"
    raw = quote(words, safe="")
    basic = b64encode(f"{words}:{words}".encode()).decode()
    for each in at.document.operations():
        told = {
            parameter.get("name", "") for parameter in map(at.document.resolved, each.members.get("parameters", ()))
        }
        path = re.sub(r"\{[^}]+\}", raw, each.path)
        headers = (("authorization", f"Basic {basic}"), ("accept", "text/html"), ("cookie", f"a={raw}"))
        for query in ({}, dict.fromkeys((*NEXT, *told), words)):
            form = None if each.method in {"get", "head"} else dict.fromkeys((*NEXT, "username", "password"), words)
            plain(at.send(call_to(each.method.upper(), path, headers, query, form)))


def test_a_header_of_two_lines_is_not_written() -> None:
    """Wherever it came from: the last who sees an answer refuses it whole."""
    rule = Rule("test/header", Mark.ASSUMED, "a test")
    for value in ("/x\r\nSet-Cookie: a=b", "/x\nX: y", "/x\ry", "/x\0y"):
        raw, lasting = written(Answer(status=302, rule=rule, headers=(("Location", value),)), lasting=True)
        assert (raw.split(b" ", 2)[1], lasting, b"Cookie" in raw) == (b"500", False, False)


def test_an_engines_looseness_is_kept_and_named() -> None:
    """Keycloak 4.8.3 leaves out all between `http://localhost:` and the path where it compares: a name and password
    there hide another host. It is so only for clients that have `http://localhost` registered; none has by default.
    """
    loose = f"http://localhost:80@{EVIL}/app"
    assert allowed(loose, ["http://localhost/app"]) == loose
    assert allowed(loose, ["http://localhost:80/app", "http://127.0.0.1/app", movingimage.REDIRECT_URI]) is None
    assert allowed(f"https://app.example.{EVIL}/", ["https://app.example/*"]) is None
    assert allowed(f"https://app.example@{EVIL}/", ["https://app.example/*"]) is None
