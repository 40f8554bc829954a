"""Each provider whole, asked in this process: whatever comes, it has an answer, and never that it has crashed."""

import asyncio
import base64
import json
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any
from urllib.parse import urlencode

from hypothesis import strategies as st

from sparring.mocks.engine.messages import Request
from sparring.mocks.providers import NAMES, load
from sparring.mocks.stage import Stage, describe
from tests.fuzzing.parser import Parser
from tests.fuzzing.parsers.messages import FORM, text
from tests.mocks.stages import open_stage

RENEWED_AFTER = 2_000
"""Requests after which a stage begins anew: what it has issued is no growth."""


class Asked:
    """A stage of one provider that is asked with bytes: a request line, headers, an empty line, and a body."""

    def __init__(self, provider: str) -> None:
        self.provider = provider
        self._runner = asyncio.Runner()
        self._stage: Stage = self._runner.run(open_stage(provider, personas=True))
        self._count = 0
        self.info: dict[str, Any] = describe(self._stage)["providers"][provider]

    def __call__(self, data: bytes) -> int:
        """The status of the answer. AssertionError where it is one that nobody asked for."""
        head, _, body = data.partition(b"\n\n")
        line, *rows = text(head).replace("\r", "").replace("\0", "").split("\n")  # no connection lets these through
        method, _, target = line.partition(" ")
        path, _, query = target.partition("?")
        headers = tuple((name.lower(), value) for name, _, value in (row.partition(": ") for row in rows))
        host = next((value for name, value in headers if name == "host"), "127.0.0.1")
        request = Request(
            method=method, scheme="http", host=host, path=path, query=query, headers=headers, body=body[: 1 << 20]
        )
        self._count += 1
        if self._count % RENEWED_AFTER == 0:
            self._runner.run(self._stage.reset())
        exchange, _ = self._runner.run(self._stage.respond(self.provider, request))
        assert exchange.answer is not None
        assert exchange.answer.status < 500, exchange.answer.rule.id
        for name, value in exchange.answer.headers:
            assert not {"\r", "\n", "\0"} & {*name, *value}, f"header {name}: {value!r}"
        json.dumps(exchange.as_json())
        return exchange.answer.status


@cache
def asked(provider: str) -> Asked:
    """One for this process."""
    return Asked(provider)


def _good(provider: str) -> Iterator[bytes]:
    """Requests that make sense there, or nearly."""
    info = asked(provider).info
    own = {"client_id": info["client_id"], "client_secret": info["client_secret"], "scope": info["scope"]}
    user = info["users"][0] if info["users"] else {"username": "a", "password": "b"}
    login = {
        "response_type": "code",
        "redirect_uri": (info["redirect_uris"] or [""])[0],
        "state": "s",
        "nonce": "n",
        "prompt": "login",
        "max_age": "0",
        "code_challenge": "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
        "code_challenge_method": "S256",
    }
    forms: list[dict[str, str]] = [
        own | {"grant_type": "client_credentials"},
        own | {"grant_type": "refresh_token", "refresh_token": "abc"},
        own | {"grant_type": "authorization_code", "code": "abc", "redirect_uri": login["redirect_uri"]},
        own | {"grant_type": "password", "username": user["username"], "password": user["password"]},
        own | {"token": "eyJhbGciOiJub25lIn0.e30.", "token_type_hint": "access_token"},
        own | login | {"username": user["username"], "password": user["password"]},
    ]
    answer = _token(provider, forms[0])
    credentials = base64.b64encode(f"{info['client_id']}:{info['client_secret']}".encode()).decode()
    for path in {*load(provider).endpoints.values(), "/", "/nowhere"}:
        yield f"GET {path}?{urlencode(own | login)}\naccept: text/html\ncookie: session=a; ticket=b".encode()
        yield f"GET {path}?page=1&limit=5\nauthorization: Bearer {answer}\naccept: application/json".encode()
        sent = '{"data": {"type": "a", "attributes": {"title": "b"}}, "SessionId": "c"}'
        yield f"POST {path}\nauthorization: Bearer {answer}\ncontent-type: application/json\n\n{sent}".encode()
        for form in forms:
            yield f"POST {path}\ncontent-type: {FORM}\n\n{urlencode(form)}".encode()
        yield f"POST {path}\nauthorization: Basic {credentials}\ncontent-type: {FORM}\n\n{urlencode(forms[0])}".encode()
        yield f"OPTIONS {path}\norigin: https://spa.example\naccess-control-request-method: POST".encode()


def _token(provider: str, form: dict[str, str]) -> str:
    """An access token, where the provider gives any to a client for itself."""
    there = asked(provider)
    body = urlencode(form).encode()
    path = load(provider).endpoints["token"]
    request = Request(
        method="POST", scheme="http", host="127.0.0.1", path=path, headers=(("content-type", FORM),), body=body
    )
    exchange, _ = there._runner.run(there._stage.respond(provider, request))
    assert exchange.answer is not None
    try:
        return str(json.loads(exchange.answer.body)["access_token"])
    except (ValueError, KeyError):
        return "none"


def _reader(provider: str) -> Callable[[bytes], object]:
    def read(data: bytes) -> int:
        return asked(provider)(data)

    return read


def _cases(provider: str) -> st.SearchStrategy[bytes]:
    return st.deferred(lambda: st.sampled_from(list(_good(provider))))


PARSERS = tuple(Parser(name=f"provider-{name}", cases=_cases(name), read=_reader(name)) for name in NAMES)
