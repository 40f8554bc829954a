"""The table: every effect on every kind of endpoint, over http and https, as a client at the socket sees it."""

# ruff: noqa: D103 - the names are sentences

import asyncio
import gzip
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest

from sparring.mocks.faults.effects import EFFECTS
from tests.mocks.server.sockets import API, House, Info, request, token_request

pytestmark = pytest.mark.anyio

NOW = 1_750_000_000
PAGES = ("authorize", "login")
OBJECTS = ("token", "jwks", "discovery", "decoy", "userinfo", "register")
ARRAYS = ("api",)
ALL = PAGES + OBJECTS + ARRAYS
REDIRECTS = ("redirect",)
"""The way back to the client, an answer without a body: the kinds that need one are tried elsewhere."""
LONG = 100_000
FORM = "Content-Type: application/x-www-form-urlencoded"
CLOSE = "Connection: close"
RETURNED = [
    ("error", "invalid_scope"),
    ("error_description", "The requested scope is invalid, or malformed."),
    ("state", "s"),
]


@dataclass(frozen=True)
class Seen:
    """What came over the wire and how the connection ended, beside what comes when nothing goes wrong."""

    raw: bytes
    end: str
    usual: "Seen | None" = None
    took: float = 0.0

    @property
    def status(self) -> int:
        """The status line's."""
        return int(self.raw.split(b" ")[1])

    @property
    def headers(self) -> Mapping[str, str]:
        """By lower-case name."""
        lines = self.raw.partition(b"\r\n\r\n")[0].decode().split("\r\n")[1:]
        return {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}

    @property
    def body(self) -> bytes:
        """All that follows the head."""
        return self.raw.partition(b"\r\n\r\n")[2]

    @property
    def announced(self) -> int:
        """The Content-Length."""
        return int(self.headers["content-length"])

    @property
    def sent_back(self) -> list[tuple[str, str]]:
        """The parameters of the redirect's query."""
        return parse_qsl(urlsplit(self.headers["location"]).query)

    @property
    def plain(self) -> "Seen":
        """What comes when nothing goes wrong."""
        assert self.usual is not None
        return self.usual

    def like(self, *but: str) -> bool:
        """Whether it is the usual answer, but for these parts of it (tokens, request ids and lengths apart)."""
        assert self.usual is not None
        fickle = {"request-id", "x-request-id", "x-runtime", "etag", "set-cookie", "content-length", "connection", *but}
        one, other = (
            {n: v for n, v in each.headers.items() if n not in fickle and not n.startswith("x-ratelimit")}
            for each in (self, self.usual)
        )
        return one == other and ("status" in but or self.status == self.usual.status) and self.end == "closed"


Check = Callable[[Seen], bool]
TABLE: list[tuple[str, dict[str, Any], tuple[str, ...], Check]] = [
    ("hang", {}, ALL, lambda seen: (seen.raw, seen.end) == (b"", "open")),
    ("close", {}, ALL, lambda seen: (seen.raw, seen.end) == (b"", "closed")),
    ("reset", {}, ALL, lambda seen: (seen.raw, seen.end) == (b"", "reset")),
    ("garbage", {"size": 99}, ALL, lambda seen: len(seen.raw) == 99 and seen.raw[0] > 127 and seen.end == "closed"),
    ("drip", {"size": 16, "interval": 0}, ALL, lambda seen: seen.like() and len(seen.body) == seen.announced > 16),
    ("cut", {}, ALL, lambda seen: seen.like() and len(seen.body) == seen.announced // 2 > 0),
    ("cut", {"sent": 0}, ALL, lambda seen: seen.like() and seen.body == b"" and seen.announced > 9),
    ("short", {"missing": 7}, ALL, lambda seen: seen.like() and len(seen.body) == seen.announced - 7 > 9),
    ("stall", {}, ALL, lambda seen: (seen.body, seen.end) == (b"", "open") and seen.announced > 9),
    ("oversized", {"size": LONG}, ALL, lambda seen: seen.status == 200 and len(seen.body) == seen.announced == LONG),
    (
        "gzip-bomb",
        {"size": LONG},
        ALL,
        lambda seen: (
            seen.headers["content-encoding"] == "gzip"
            and len(seen.body) == seen.announced < LONG // 10
            and len(gzip.decompress(seen.body)) == LONG
        ),
    ),
    (
        "delay",
        {"seconds": 0.06},
        ALL,
        lambda seen: seen.like() and len(seen.body) == seen.announced and seen.took > 0.06,
    ),
    ("replace", {"status": 418, "body": "no"}, ALL, lambda seen: (seen.status, seen.body) == (418, b"no")),
    (
        "redirect",
        {"to": "{decoy}/x"},
        ALL,
        lambda seen: seen.status == 307 and seen.headers["location"].endswith("/x") and seen.body == b"",
    ),
    (
        "status",
        {"status": 500},
        ALL,
        lambda seen: (
            (seen.status, seen.headers["x-when"]) == (500, "before") and seen.body == b""
            if "x-when" in seen.headers
            else seen.status == 500 and (seen.body == b"" or seen.like("status"))
        ),
    ),
    (
        "headers",
        {"set": {"Content-Type": "x/y", "X-New": "1"}, "drop": ["Cache-Control"]},
        ALL,
        lambda seen: (
            (seen.headers["content-type"], seen.headers["x-new"]) == ("x/y", "1")
            and "cache-control" not in seen.headers
            and seen.like("content-type", "x-new", "cache-control")
        ),
    ),
    (
        "content-type",
        {"value": "text/plain"},
        ALL,
        lambda seen: seen.headers["content-type"] == "text/plain" and seen.like("content-type"),
    ),
    ("body", {"text": '{"a":'}, ALL, lambda seen: seen.body == b'{"a":' and seen.announced == 5 and seen.like()),
    ("body", {"base64": "/wA="}, ALL, lambda seen: seen.body == b"\xff\x00" and seen.like()),
    (
        "rate-limited",
        {"retry_after": 17},
        ALL,
        lambda seen: (seen.status, seen.headers["retry-after"]) == (429, "17") and seen.body != seen.plain.body,
    ),
    (
        "unavailable",
        {"retry_after": 17, "form": "date"},
        ALL,
        lambda seen: seen.status == 503 and parsedate_to_datetime(seen.headers["retry-after"]).timestamp() == NOW + 17,
    ),
    (
        "rate-limited",
        {"retry_after": 17, "form": "date"},
        ALL,
        lambda seen: seen.status == 429 and parsedate_to_datetime(seen.headers["retry-after"]).timestamp() == NOW + 17,
    ),
    ("unavailable", {"retry_after": 17}, ALL, lambda seen: (seen.status, seen.headers["retry-after"]) == (503, "17")),
    ("rate-limited", {"retry_after": None}, ALL, lambda seen: seen.status == 429 and "retry-after" not in seen.headers),
    (
        "rate-window",
        {"requests": 0, "seconds": 60},
        ALL,
        lambda seen: (seen.status, seen.headers["retry-after"]) == (429, str(60 - NOW % 60)),
    ),
    ("unavailable", {"retry_after": None}, ALL, lambda seen: seen.status == 503 and "retry-after" not in seen.headers),
    (
        "json-patch",
        {"ops": [{"op": "add", "path": "/issuer", "value": "https://evil.example"}]},
        OBJECTS,
        lambda seen: json.loads(seen.body)["issuer"] == "https://evil.example" and seen.like(),
    ),
    (
        "json-patch",
        {"ops": [{"op": "add", "path": "/0", "value": None}]},
        ARRAYS,
        lambda seen: json.loads(seen.body)[0] is None and seen.like(),
    ),
    (
        "duplicate-member",
        {"member": "access_token", "value": "b"},
        ("token", "decoy"),
        lambda seen: seen.body.count(b'"access_token":') == 2 and json.loads(seen.body)["access_token"] == "b",
    ),
    (
        "poison-token",
        {"token": "access_token", "signature": "none"},
        ("token",),
        lambda seen: json.loads(seen.body)["access_token"].endswith(".") and seen.like(),
    ),
    (
        "authorization-response",
        {"set": {"state": "forged"}},
        REDIRECTS,
        lambda seen: seen.sent_back == [*RETURNED[:-1], ("state", "forged")] and seen.like("location"),
    ),
    (
        "authorization-response",
        {"drop": ["state"]},
        REDIRECTS,
        lambda seen: seen.sent_back == RETURNED[:-1] and seen.like("location"),
    ),
    (
        "authorization-response",
        {"repeat": {"error": "access_denied", "state": "s"}},
        REDIRECTS,
        lambda seen: seen.sent_back == [*RETURNED, ("error", "access_denied"), ("state", "s")],
    ),
    (
        "authorization-response",
        {"set": {"code": "c"}, "drop": ["error", "error_description"], "in_fragment": True},
        REDIRECTS,
        lambda seen: seen.headers["location"].endswith("/oauth/ingest#state=s&code=c") and seen.like("location"),
    ),
    (
        "duplicate-member",
        {"member": "keys", "value": []},
        ("jwks",),
        lambda seen: seen.body.count(b'"keys":') == 2 and json.loads(seen.body)["keys"] == [],
    ),
]
ELSEWHERE = {
    "account-locked": "test_state_on_the_wire.py",
    "callback-elsewhere": "the user agent's",
    "callback-replayed": "the user agent's",
    "code-injected": "the user agent's",
    "consent-partial": "test_state.py",
    "login-diverted": "the user agent's",
    "person-denies": "the user agent's",
    "revoke": "test_state_on_the_wire.py",
    "rotate-keys": "test_state_on_the_wire.py",
    "sign-in-refused": "test_state_on_the_wire.py",
    "stale-jwks": "test_state_on_the_wire.py",
    "time-passes": "test_state_on_the_wire.py",
}
SELECTIVE = {"json-patch", "duplicate-member", "poison-token", "authorization-response"}
"""Where these find nothing to change, the answer goes out as ever, and they are not used up."""

STATES = ("token", "register")
"""Kinds of endpoint at which a fault before the provider is asked leaves no trace in what it keeps."""


def test_every_kind_is_in_a_table() -> None:
    kinds = {kind for kind, *_ in TABLE}
    assert kinds | set(ELSEWHERE) == {effect.kind for effect in EFFECTS}
    assert not kinds & set(ELSEWHERE)


async def _bytes(house: House, stage: Info, endpoint: str) -> tuple[str, str, bytes]:
    """Provider, base URL and the request for one kind of endpoint."""
    ingest, panopto = stage["providers"]["ingest"], stage["providers"]["panopto"]
    if endpoint == "decoy":
        return "decoy", stage["decoy_url"], request("/token", CLOSE, method="POST", body=b"a=b")
    if endpoint in {"jwks", "discovery"}:
        return "panopto", panopto["base_url"], request(urlsplit(panopto["endpoints"][endpoint]).path, CLOSE)
    if endpoint in {"userinfo", "register"}:
        return await _with_a_token(house, stage, endpoint)
    base = ingest["base_url"]
    if endpoint == "token":
        return "ingest", base, token_request(stage, CLOSE)
    asked = {
        "response_type": "code",
        "client_id": ingest["client_id"],
        "scope": ingest["scope"],
        "redirect_uri": ingest["redirect_uris"][0],
    }
    if endpoint == "authorize":
        return "ingest", base, request(f"/authorize?{urlencode(asked)}", CLOSE)
    if endpoint == "redirect":
        return "ingest", base, request(f"/authorize?{urlencode(asked | {'scope': 'fly', 'state': 's'})}", CLOSE)
    if endpoint == "login":
        form = urlencode({"network": "", "login": "ada", "password": "wrong"}).encode()
        return "ingest", base, request(f"/authorize?{urlencode(asked)}", CLOSE, FORM, method="POST", body=form)
    raw, _ = await house.send(base, token_request(stage, CLOSE))
    bearer = json.loads(Seen(raw, "").body)["access_token"]
    return "ingest", base, request("/videos", CLOSE, f"Accept: {API}", f"Authorization: Bearer {bearer}")


async def _with_a_token(house: House, stage: Info, endpoint: str) -> tuple[str, str, bytes]:
    """The same for the endpoints that want a token that Ingest does not give out."""
    provider = "panopto" if endpoint == "userinfo" else "rotor"
    info = stage["providers"][provider]
    wish = {"scope": "openid api", "user": info["users"][0]["username"]} if provider == "panopto" else {}
    bearer = f"Authorization: Bearer {(await house.control.mint(stage['id'], provider, wish))['access_token']}"
    path = urlsplit(info["endpoints"][endpoint]).path
    if provider == "panopto":
        host = urlsplit(info["base_url"]).netloc
        return provider, info["base_url"], request(path, CLOSE, bearer, host=host)
    body = b'{"data": {"type": "user", "attributes": {"remote_user_id": "1"}}}'
    kind = "Content-Type: application/json"
    return provider, info["base_url"], request(path, CLOSE, bearer, kind, method="POST", body=body)


@pytest.mark.parametrize("endpoint", ALL + REDIRECTS)
async def test_on_the_wire_is_what_the_name_says(house: House, endpoint: str) -> None:
    stage = await house.open("ingest", "panopto", "rotor")
    await house.control.move_clock(stage["id"], "freeze")
    await house.control.move_clock(stage["id"], "set", NOW)
    provider, base, sent = await _bytes(house, stage, endpoint)
    usual = Seen(*await house.send(base, sent))
    assert (usual.status, usual.end) == (302 if endpoint in REDIRECTS else 200, "closed")
    at = {"provider": provider, "endpoint": "authorize" if endpoint in REDIRECTS else endpoint}
    clock, tried = asyncio.get_running_loop().time, 0
    for number, (kind, members, endpoints, check) in enumerate(TABLE):
        if endpoint not in endpoints and kind not in SELECTIVE:
            continue
        for when in next(effect.moments for effect in EFFECTS if effect.kind == kind):
            name = f"{kind}-{number}-{when}"
            fault = {"id": name, "match": at | {"when": when}, "effect": {"kind": kind, **members}}
            await house.control.add_fault(stage["id"], fault)
            begun = clock()
            raw, end = await house.send(base, sent, 0.05 if kind in {"hang", "stall"} else 10)
            seen = Seen(raw, end, usual, clock() - begun)
            last, tried = (await house.control.recording(stage["id"]))[-1], tried + 1
            (told,) = [each for each in await house.control.faults(stage["id"]) if each["id"] == name]
            if endpoint in endpoints:
                assert check(seen), (name, seen)
                assert (last["facts"]["faults"], told["fired"]) == ([name], 1)
            elif (kind, members.get("member")) not in {("duplicate-member", "keys"), ("json-patch", None)}:
                assert seen.like(), (name, seen)
                assert ("faults" in last["facts"], told["fired"]) == (False, 0)
            if endpoint in STATES:
                asked = when == "after" or kind == "delay" or endpoint not in endpoints
                assert ("issued" in last["facts"]) == asked, name
            await house.control.remove_faults(stage["id"], name)
    assert tried > 40 or endpoint in REDIRECTS
    assert Seen(*await house.send(base, sent), usual).like()


async def test_drops_fall_one_by_one(house: House) -> None:
    stage = await house.open("ingest")
    effect = {"kind": "drip", "size": 100, "interval": 0.01}
    await house.control.add_fault(stage["id"], {"match": {"endpoint": "token"}, "effect": effect})
    async with house.line(stage["providers"]["ingest"]["base_url"]) as (reader, writer):
        writer.write(token_request(stage))
        head = Seen(await reader.readuntil(b"\r\n\r\n"), "")
        begun = asyncio.get_running_loop().time()
        body = await reader.readexactly(head.announced)
        assert asyncio.get_running_loop().time() - begun >= 0.01 * (len(body) // 100) * 0.9
        assert await reader.read() == b""
    (found,) = await house.control.recording(stage["id"])
    assert (found["status"], found["response_body"]) == (200, body.decode())


async def test_a_client_that_leaves_ends_a_flood_and_a_drip(house: House) -> None:
    stage = await house.open("ingest")
    before = asyncio.all_tasks()
    for effect in ({"kind": "oversized", "size": 1 << 28}, {"kind": "drip", "interval": 0.01}, {"kind": "stall"}):
        await house.control.add_fault(stage["id"], {"match": {"endpoint": "token"}, "effect": effect})
        async with house.line(stage["providers"]["ingest"]["base_url"]) as (reader, writer):
            writer.write(token_request(stage))
            await reader.readuntil(b"\r\n\r\n")
        async with asyncio.timeout(5):
            while asyncio.all_tasks() != before:  # noqa: ASYNC110
                await asyncio.sleep(0.005)
