"""A person at the login pages, who is in a hurry."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar
from urllib.parse import parse_qsl

import pytest

from bench.clients import Client, UnexpectedError
from bench.visiting import Visitor, exchange

SIGN_IN = (
    '<form action="/login"><input type="hidden" name="ticket" value="7"><input name="user"><input type="submit"></form>'
)


class Login(BaseHTTPRequestHandler):
    """A page to sign in at, a cookie, and a code for whoever has it."""

    protocol_version = "HTTP/1.1"
    posted: ClassVar[list[dict[str, str]]] = []
    codes = 0

    def do_GET(self) -> None:
        """The code, or the page."""
        if self.path.startswith("/dead-end"):
            self.answer(404)
        elif self.headers["Cookie"] == "session=ada":
            Login.codes += 1
            self.answer(302, Location=f"http://127.0.0.1:9/callback?code=code-{Login.codes}&state=bench")
        else:
            self.answer(200, SIGN_IN)

    def do_POST(self) -> None:
        """Sign in."""
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.posted.append(dict(parse_qsl(body)))
        self.answer(303, **{"Set-Cookie": "session=ada; Path=/", "Location": "/authorize"})

    def answer(self, status: int, text: str = "", **headers: str) -> None:
        """That, with its length."""
        self.send_response(status)
        for name, value in (headers | {"Content-Length": str(len(text))}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def base_url() -> Iterator[str]:
    """Where the login is."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Login) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def client(base_url: str, authorize: str) -> Client:
    """A client whose person is Ada."""
    return Client(base_url, "/token", "me", "secret", authorize=authorize, person={"user": "ada"})


def test_signs_in_once_and_brings_a_code_each_time(base_url: str) -> None:
    """The hidden field goes along; the cookie does the rest."""
    visitor = Visitor(client(base_url, "/authorize"))
    first, second = visitor.code(), visitor.code()
    visitor.close()
    assert (first, second) == ("code-1", "code-2")
    assert Login.posted == [{"ticket": "7", "user": "ada"}]


def test_a_way_that_ends_is_told(base_url: str) -> None:
    """With the address where it ended."""
    visitor = Visitor(client(base_url, "/dead-end"))
    with pytest.raises(UnexpectedError, match=r"^no way on: 404 at http://127.0.0.1:\d+/dead-end\?response_type=code"):
        visitor.code()
    visitor.close()


def test_the_exchange_names_the_redirect_uri() -> None:
    """As the authorization request did."""
    assert exchange(client("http://127.0.0.1", "/authorize"), "c") == {
        "grant_type": "authorization_code",
        "client_id": "me",
        "client_secret": "secret",
        "code": "c",
        "redirect_uri": "http://127.0.0.1:9/callback",
    }
