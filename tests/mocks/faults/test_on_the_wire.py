"""The table: every effect on every kind of endpoint, over http and https, as a client at the socket sees it."""

# ruff: noqa: D103 - the names are sentences

import asyncio
import gzip
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest

from sparring.mocks.faults import EFFECTS
from tests.mocks.server.sockets import API, House, Info, request, token_request

pytestmark = pytest.mark.anyio

NOW = 1_750_000_000
PAGES = ("authorize",)
OBJECTS = ("token", "jwks", "discovery", "decoy")
ARRAYS = ("api",)
ALL = PAGES + OBJECTS + ARRAYS
LONG = 100_000
CLOSE = "Connection: close"


@dataclass(frozen=True)
class Seen:
    """What came over the wire and how the connection ended, beside what comes when nothing goes wrong."""

    raw: bytes
    end: str
    usual: "Seen | None" = None

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

    def like(self, *but: str) -> bool:
        """Whether it is the usual answer, but for these parts of it (tokens, request ids and lengths apart)."""
        assert self.usual is not None
        fickle = {"request-id", "set-cookie", "content-length", "connection", *but}
        one, other = ({n: v for n, v in each.headers.items() if n not in fickle} for each in (self, self.usual))
        return one == other and ("status" in but or self.status == self.usual.status) and self.end == "closed"


Check = Callable[[Seen], bool]
TABLE: list[tuple[str, dict[str, Any], tuple[str, ...], Check]] = [
    ("hang", {}, ALL, lambda seen: (seen.raw, seen.end) == (b"", "open")),
    ("close", {}, ALL, lambda seen: (seen.raw, seen.end) == (b"", "closed")),
    ("reset", {}, ALL, lambda seen: (seen.raw, seen.end) == (b"", "reset")),
    ("garbage", {"size": 99}, ALL, lambda seen: len(seen.raw) == 99 and seen.raw[0] > 127 and seen.end == "closed"),
    ("drip", {"size": 64, "interval": 0}, ALL, lambda seen: seen.like() and len(seen.body) == seen.announced > 64),
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
            and len(seen.body) == seen.announced < LONG // 50
            and len(gzip.decompress(seen.body)) == LONG
        ),
    ),
    ("delay", {"seconds": 0.01}, ALL, lambda seen: seen.like() and len(seen.body) == seen.announced),
    ("replace", {"status": 418, "body": "no"}, ALL, lambda seen: (seen.status, seen.body) == (418, b"no")),
    (
        "redirect",
        {"to": "{decoy}/x"},
        ALL,
        lambda seen: seen.status == 307 and seen.headers["location"].endswith("/x") and seen.body == b"",
    ),
    ("status", {"status": 500}, ALL, lambda seen: seen.status == 500 and seen.like("status") and seen.body != b""),
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
        lambda seen: (seen.status, seen.headers["retry-after"], seen.body) == (429, "17", b""),
    ),
    (
        "unavailable",
        {"retry_after": 17, "form": "date"},
        ALL,
        lambda seen: seen.status == 503 and parsedate_to_datetime(seen.headers["retry-after"]).timestamp() == NOW + 17,
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
        "duplicate-member",
        {"member": "keys", "value": []},
        ("jwks",),
        lambda seen: seen.body.count(b'"keys":') == 2 and json.loads(seen.body)["keys"] == [],
    ),
]
ELSEWHERE = {
    "authorization-response": "test_effects.py, test_response_in_fragment.py",
    "callback-replayed": "the user agent's",
    "consent-partial": "test_state.py",
    "person-denies": "the user agent's",
    "poison-token": "test_poison_token.py",
    "revoke": "test_state.py",
    "rotate-keys": "test_state.py",
    "sign-in-refused": "test_state.py",
    "stale-jwks": "test_state.py",
}


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
    base = ingest["base_url"]
    if endpoint == "token":
        return "ingest", base, token_request(stage, CLOSE)
    if endpoint == "authorize":
        asked = {
            "response_type": "code",
            "client_id": ingest["client_id"],
            "scope": ingest["scope"],
            "redirect_uri": ingest["redirect_uris"][0],
        }
        return "ingest", base, request(f"/authorize?{urlencode(asked)}", CLOSE)
    raw, _ = await house.send(base, token_request(stage, CLOSE))
    bearer = json.loads(Seen(raw, "").body)["access_token"]
    return "ingest", base, request("/videos", CLOSE, f"Accept: {API}", f"Authorization: Bearer {bearer}")


@pytest.mark.parametrize("endpoint", ALL)
async def test_on_the_wire_is_what_the_name_says(house: House, endpoint: str) -> None:
    stage = await house.open("ingest", "panopto")
    await house.control.move_clock(stage["id"], "freeze")
    await house.control.move_clock(stage["id"], "set", NOW)
    provider, base, sent = await _bytes(house, stage, endpoint)
    usual = Seen(*await house.send(base, sent))
    assert (usual.status, usual.end) == (200, "closed")
    for number, (kind, members, endpoints, check) in enumerate(TABLE):
        if endpoint not in endpoints:
            continue
        moments = next(effect.moments for effect in EFFECTS if effect.kind == kind)
        own = next(effect.when for effect in EFFECTS if effect.kind == kind)
        for when in moments if kind != "status" else (own,):
            name = f"{kind}-{number}-{when}"
            match = {"provider": provider, "endpoint": endpoint, "when": when}
            await house.control.add_fault(
                stage["id"], {"id": name, "match": match, "effect": {"kind": kind, **members}}
            )
            patience = 0.05 if kind in {"hang", "stall"} else 10
            seen = Seen(*await house.send(base, sent, patience), usual)
            assert check(seen), (name, seen)
            last = (await house.control.recording(stage["id"]))[-1]
            assert last["facts"]["faults"] == [name]
            assert (await house.control.faults(stage["id"]))[-1]["fired"] == 1
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
