"""What stands in requests: queries, forms, cookies, Basic, bearer tokens, ranges, media types, multipart."""

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

from sparring.mocks.control.guard import is_own_host
from sparring.mocks.engine.clients import parse_basic
from sparring.mocks.engine.messages import Request, add_query, read_params
from sparring.mocks.engine.refusals import Refusal
from sparring.mocks.providers.clickview import bearer as clickview
from sparring.mocks.providers.ingest.api import RANGE
from sparring.mocks.providers.movingimage import bearer as movingimage
from sparring.mocks.providers.panopto import access as panopto
from sparring.mocks.providers.panopto import parameters as of_panopto
from sparring.mocks.providers.rotor import answers as rotor
from sparring.mocks.providers.rotor import authentication, parameters
from tests.fuzzing.cases import near, pieces, written
from tests.fuzzing.parser import Parser

FORM = "application/x-www-form-urlencoded"
TOKENS = (
    b"eyJhbGciOiJSUzI1NiIsImtpZCI6IjEifQ.eyJleHAiOjE3NTAwMDAwMDAsInN1YiI6IjEifQ.c2ln",
    b"eyJhbGciOiJub25lIn0.e30.",
    b"eyJhbGciOiJIUzI1NiJ9.W10.AAAA",
    b"...",
    b"a.b.c.d",
)


def text(data: bytes) -> str:
    """Bytes of a header, as the server hands them on."""
    return data.decode("latin-1")


def asked(method: str = "POST", body: bytes = b"", query: str = "", **headers: str) -> Request:
    """A request with those headers."""
    pairs = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return Request(method=method, scheme="http", host="127.0.0.1", path="/", query=query, headers=pairs, body=body)


def _request(data: bytes) -> object:
    one = asked(body=data, query=text(data), cookie=text(data), content_type=f"{FORM};{text(data)}", host=text(data))
    other = asked(content_type=text(data), body=data)
    return one.query_params, one.form_params, one.cookie("session"), other.media_type, other.form_params, one.origin


def _multipart(data: bytes) -> object:
    kind, _, body = data.partition(b"\n")
    return parameters.parameters(asked(body=body, content_type=f"multipart/form-data{text(kind)}"))


def _json_form(data: bytes) -> object:
    found = parameters.parameters(asked(body=data, content_type="application/json"))
    return [(parameters.present(found, name), parameters.text(found, name)) for name in (*found, "code")]


def _parameters(data: bytes) -> object:
    body = asked(body=data, content_type=FORM, query=text(data))
    return parameters.parameters(body), parameters.parameters(asked(body=data)), parse_all(of_panopto, body)


def parse_all(module: Any, request: Request) -> list[object]:
    """What each reader of parameters in a module makes of a request."""
    readers: list[Callable[[Request], object]] = [
        each for name, each in vars(module).items() if name.endswith(("params", "parameters")) and callable(each)
    ]
    return [read(request) for read in readers]


def _basic(data: bytes) -> object:
    header = text(data)
    return (
        parse_basic(header, form_encoded=True),
        parse_basic(f"Basic {header}", form_encoded=False),
        authentication._from_basic(asked(authorization=header)),
        authentication._from_basic(asked(authorization=f"basic {header}")),
    )


def _jwt(data: bytes) -> object:
    header = text(data)
    request = asked(authorization=f"Bearer {header}")
    parts = header.split(".")
    members = [each for part in parts for each in (movingimage._members(part), clickview._members(part))]
    return movingimage.presented(request), members, [panopto._object(part) for part in parts]


def _times(data: bytes) -> object:
    return clickview._seconds(text(data)), clickview.COMPACT.fullmatch(text(data)), RANGE.fullmatch(text(data))


_TOKEN_FORM = "grant_type=client_credentials&client_id=a&client_secret=b&scope=openid+email"
_PART = b'\n--x\r\nContent-Disposition: form-data; name="grant_type"\r\n\r\nclient_credentials\r\n--x--\r\n'

PARSERS = (
    Parser(
        name="request",
        cases=written(_TOKEN_FORM, "session=1; other=2", FORM) | pieces("a", "b", "session", "token"),
        read=_request,
    ),
    Parser(
        name="parameters",
        cases=written(_TOKEN_FORM, "user[name]=a&user[name]=b&x[][y]=1") | pieces("grant_type", "scope", "a[b]"),
        read=_parameters,
        own=(Refusal,),
    ),
    Parser(name="query", cases=pieces("a", "redirect_uri", "code"), read=lambda data: read_params(text(data))),
    Parser(
        name="redirect",
        cases=written("https://app.example/cb?x=1#y", "http://127.0.0.1:1/cb") | pieces("https", "app.example", "cb"),
        read=lambda data: add_query(text(data), [("code", text(data))]),
        own=(ValueError,),
    ),
    Parser(
        name="basic", cases=written("Basic YTpi", "basic aWQ6cyUyQg==") | pieces("Basic ", "YTpi", "="), read=_basic
    ),
    Parser(name="jwt", cases=written(*TOKENS) | pieces(*TOKENS, ".", "e30", "eyJ"), read=_jwt),
    Parser(
        name="times", cases=written("items=0-9", "1750000000", "1e3", *TOKENS) | pieces("items=", "1", "-"), read=_times
    ),
    Parser(
        name="multipart",
        cases=st.tuples(written("; boundary=x", '; boundary="x"', ""), written(_PART, _PART * 3)).map(b"".join)
        | pieces("--x", "\r\n", "Content-Disposition: form-data; name=a", "boundary=x", "; filename=f"),
        read=_multipart,
        own=(Refusal,),
    ),
    Parser(
        name="json-form",
        cases=near([{"grant_type": "password", "user": {"name": "a"}}]),
        read=_json_form,
        own=(Refusal,),
    ),
    Parser(
        name="accept",
        cases=written("application/json;q=0.5, */*", "text/html,application/json") | pieces("*/*", ";q=", "0.5", ", "),
        read=lambda data: rotor._asks_for_json(text(data)),
    ),
    Parser(
        name="host",
        cases=written("127.0.0.1:9400", "[::1]:1", "localhost") | pieces("localhost", ":", "[", "]", "127.0.0.1"),
        read=lambda data: (is_own_host(text(data), "127.0.0.1"), is_own_host(text(data), text(data))),
    ),
)
