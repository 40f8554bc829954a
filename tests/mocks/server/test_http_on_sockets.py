"""HTTP as it really comes: kept alive, pipelined, chunked, oversized, malformed."""

# ruff: noqa: D103 - the names are sentences

import json

import pytest

from sparring.mocks.server.limits import USUAL
from tests.mocks.server.sockets import House, answer, request, token_request

pytestmark = pytest.mark.anyio


async def test_one_connection_serves_one_request_after_another(house: House) -> None:
    stage = await house.open("ingest")
    async with house.line(stage["providers"]["ingest"]["base_url"]) as (reader, writer):
        tokens = set()
        for _ in range(5):
            writer.write(token_request(stage))
            status, headers, body = await answer(reader)
            assert status == 200
            assert "connection" not in headers
            tokens.add(json.loads(body)["access_token"])
    assert len(tokens) == 5


async def test_pipelined_requests_are_answered_in_order(house: House) -> None:
    stage = await house.open("ingest")
    async with house.line(stage["providers"]["ingest"]["base_url"]) as (reader, writer):
        writer.write(request("/videos") + token_request(stage) + request("/nowhere") + token_request(stage))
        assert [(await answer(reader))[0] for _ in range(4)] == [406, 200, 404, 200]
    found = await house.control.recording(stage["id"])
    assert [each["endpoint"] for each in found] == ["api", "token", "unknown", "token"]
    assert len({each["connection"] for each in found}) == 1


async def test_a_wish_for_another_protocol_is_ignored_and_the_body_is_read(house: House) -> None:
    stage = await house.open("ingest")
    # as Java's java.net.http.HttpClient asks over plain HTTP, in two writes
    wish = token_request(stage, "Connection: Upgrade, HTTP2-Settings", "UPGRADE: h2c", "HTTP2-Settings: AAEAAEAA")
    head, end, body = wish.partition(b"\r\n\r\n")
    async with house.line(stage["providers"]["ingest"]["base_url"]) as (reader, writer):
        for sent in (wish, head + end, token_request(stage)):
            writer.write(sent)
            if sent == head + end:
                await writer.drain()
                writer.write(body)
            assert (await answer(reader))[0] == 200
    first, *_ = await house.control.recording(stage["id"])
    assert ["upgrade", "h2c"] in first["headers"]


async def test_a_body_that_reads_like_a_head_stays_as_it_is(house: House) -> None:
    stage = await house.open("ingest")
    body = b"x=1&y=\r\nUpgrade: h2c\r\n\r\n"
    kind = ("Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}")
    async with house.line(stage["providers"]["ingest"]["base_url"]) as (reader, writer):
        writer.write(request("/token", *kind, method="POST"))
        await writer.drain()
        writer.write(body)
        assert (await answer(reader))[0] == 401
    (only,) = await house.control.recording(stage["id"])
    assert only["body"].encode() == body


async def test_trailers_are_no_headers(house: House) -> None:
    stage = await house.open("ingest")
    head, _, body = token_request(stage).partition(b"\r\n\r\n")
    lines = [line for line in head.split(b"\r\n") if not line.startswith(b"Content-Length")]
    chunked = b"\r\n".join([*lines, b"Transfer-Encoding: chunked", b"", b"%x" % len(body), body])
    async with house.line(stage["providers"]["ingest"]["base_url"]) as (reader, writer):
        for trailer in (b"Authorization: Basic eDp5", b"Host: elsewhere.example"):
            writer.write(chunked + b"\r\n0\r\n" + trailer + b"\r\n\r\n")
            assert (await answer(reader))[0] == 200
    for each in await house.control.recording(stage["id"]):
        assert [name for name, _ in each["headers"]] == ["host", "content-type", "transfer-encoding"]
        assert "elsewhere" not in each["url"]


async def test_the_same_head_again_has_its_own_body(house: House) -> None:
    stage = await house.open("ingest")
    good = token_request(stage)
    bad = good[:-1] + b"X"  # as long as the other
    shorter, rest = good[:-7], good[-7:]
    sent = [good, bad, good, good + bad, shorter, rest, good]
    async with house.line(stage["providers"]["ingest"]["base_url"]) as (reader, writer):
        statuses = []
        for data in sent:
            writer.write(data)
            await writer.drain()
            whole = range(data.count(b"POST") - (data == shorter) + (data == rest))
            statuses += [(await answer(reader))[0] for _ in whole]
    assert statuses == [200, 400, 200, 200, 400, 200, 200]
    bodies = [each["body"].encode() for each in await house.control.recording(stage["id"])]
    assert bodies == [each.partition(b"\r\n\r\n")[2] for each in (good, bad, good, good, bad, good, good)]


async def test_who_asks_for_the_end_gets_it(house: House) -> None:
    stage = await house.open("ingest")
    base = stage["providers"]["ingest"]["base_url"]
    raw, end = await house.send(base, token_request(stage, "Connection: close"))
    assert (raw.startswith(b"HTTP/1.1 200 OK\r\n"), b"Connection: close\r\n" in raw, end) == (True, True, "closed")
    raw, end = await house.send(base, b"GET /videos HTTP/1.0\r\n\r\n")
    assert (raw.startswith(b"HTTP/1.1 406 "), end) == (True, "closed")


async def test_head_is_get_without_a_body_and_the_connection_lives_on(house: House) -> None:
    stage = await house.open("clickview")
    async with house.line(stage["providers"]["clickview"]["base_url"]) as (reader, writer):
        for path in ("/.well-known/openid-configuration", "/api/v1/example", "/nowhere"):
            writer.write(request(path))
            status, headers, body = await answer(reader)
            writer.write(request(path, method="HEAD"))
            head_status, head_headers, _ = await answer(reader, head_only=True)
            assert int(headers["content-length"]) == len(body)
            assert int(head_headers["content-length"]) >= 0
            if head_status == status:
                assert set(head_headers) == set(headers)
        writer.write(token_request(stage, provider="clickview"))
        assert (await answer(reader))[0] == 200


async def test_a_preflight_is_answered_and_the_connection_lives_on(house: House) -> None:
    stage = await house.open("ingest")
    async with house.line(stage["providers"]["ingest"]["base_url"]) as (reader, writer):
        asked = ("Origin: https://app.example", "Access-Control-Request-Method: POST")
        writer.write(request("/token", *asked, method="OPTIONS"))
        status, headers, _ = await answer(reader)
        assert (status, headers["access-control-allow-methods"]) == (204, "POST")
        assert "content-length" not in headers
        assert "transfer-encoding" not in headers
        writer.write(request("/token", method="OPTIONS"))
        status, headers, _ = await answer(reader)
        assert (status, headers["allow"]) == (405, "POST")
        writer.write(request("*", method="OPTIONS"))
        assert (await answer(reader))[0] == 404
        writer.write(token_request(stage, "Origin: https://app.example"))
        status, headers, _ = await answer(reader)
        assert (status, headers["access-control-allow-origin"]) == (200, "*")


async def test_a_body_is_read_up_to_its_limit(house: House) -> None:
    stage = await house.open("ingest")
    body = b"grant_type=" + b"a" * (USUAL.body - 11)
    kind = "Content-Type: application/x-www-form-urlencoded"
    async with house.line(stage["providers"]["ingest"]["base_url"]) as (reader, writer):
        writer.write(request("/token", kind, method="POST", body=body))
        await writer.drain()
        status, _, text = await answer(reader)
        assert (status, json.loads(text)["error"]) == (401, "invalid_client")
        writer.write(token_request(stage))
        assert (await answer(reader))[0] == 200
    (found, _) = await house.control.recording(stage["id"])
    assert len(found["body"]) == USUAL.body


async def test_a_chunked_body_is_put_together(house: House) -> None:
    stage = await house.open("ingest")
    whole = token_request(stage)
    head, _, body = whole.partition(b"\r\n\r\n")
    lines = [line for line in head.split(b"\r\n") if not line.startswith(b"Content-Length")]
    parts = [body[:7], body[7:8], body[8:]]
    chunks = b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in (*parts, b""))
    sent = b"\r\n".join([*lines, b"Transfer-Encoding: chunked", b"", b""]) + chunks
    async with house.line(stage["providers"]["ingest"]["base_url"]) as (reader, writer):
        for size in range(len(sent)):
            writer.write(sent[size : size + 1])
        assert (await answer(reader))[0] == 200


async def test_who_waits_to_be_asked_for_the_body_is_asked(house: House) -> None:
    stage = await house.open("ingest")
    head, separator, body = token_request(stage, "Expect: 100-continue").partition(b"\r\n\r\n")
    async with house.line(stage["providers"]["ingest"]["base_url"]) as (reader, writer):
        writer.write(head + separator)
        assert await reader.readuntil(b"\r\n\r\n") == b"HTTP/1.1 100 Continue\r\n\r\n"
        writer.write(body)
        assert (await answer(reader))[0] == 200


@pytest.mark.parametrize("scheme", ["http", "https"])
async def test_a_target_in_absolute_form_is_taken_apart(house: House, scheme: str) -> None:
    stage = await house.open("ingest", "clickview")
    async with house.line(stage["providers"]["clickview"]["base_url"]) as (reader, writer):
        writer.write(request(f"{scheme}://login.ingest.io/videos?page=2", host="login.ingest.io"))
        assert (await answer(reader))[0] == 406
    (found,) = await house.control.recording(stage["id"])
    assert (found["provider"], found["endpoint"]) == ("ingest", "api")
    assert found["url"].endswith("://login.ingest.io/videos?page=2")


@pytest.mark.parametrize(
    "sent",
    [
        b"garbage\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"GET  HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /a b HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /\xff HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /videos HTTP/9.9\r\nHost: x\r\n\r\n",
        b"GET /videos HTTP/1.1\r\nHost x\r\n\r\n",
        b"GET /videos HTTP/1.1\r\nX\x00Y: z\r\n\r\n",
        b"GET /videos HTTP/1.1\r\nHost: x\r\nHost: x\r\n\r\n",
        b"GET /videos HTTP/1.1\r\nHost: x y\r\n\r\n",
        b"GET /videos HTTP/1.1\r\nHost: [*]\r\n\r\n",
        b"GET /videos HTTP/1.1\r\nHost: [:::]\r\n\r\n",
        b"GET /videos HTTP/1.1\r\nHost: x:99999\r\n\r\n",
        b"POST /token HTTP/1.1\r\nHost: x\r\nContent-Length: many\r\n\r\n",
        b"POST /token HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        b"POST /token HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"CONNECT login.ingest.io:443 HTTP/1.1\r\nHost: login.ingest.io:443\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"A" * 100_000,
    ],
    ids=lambda sent: repr(sent[:24]),
)
async def test_what_is_no_http_is_a_bad_request_and_does_no_harm(house: House, sent: bytes) -> None:
    stage = await house.open("ingest")
    base = stage["providers"]["ingest"]["base_url"]
    raw, end = await house.send(base, sent)
    assert raw.startswith(b"HTTP/1.1 400 Bad Request\r\n")
    assert end in {"closed", "reset"}  # a reset where more was sent than was read
    async with house.line(base) as (reader, writer):
        writer.write(token_request(stage))
        assert (await answer(reader))[0] == 200


@pytest.mark.parametrize(
    "host", ["", "x", "x:", "x \t", "login.ingest.io:443", "[::1]:9405", "127.0.0.1", "a_b", "%41"]
)
async def test_what_may_stand_in_a_host_header_is_taken(house: House, host: str) -> None:
    stage = await house.open("ingest")
    async with house.line(stage["providers"]["ingest"]["base_url"]) as (reader, writer):
        writer.write(request("/videos", host=host))
        assert (await answer(reader))[0] == 406


@pytest.mark.parametrize("protocol", ["websocket", "h2c"])
async def test_an_upgrade_is_not_taken_up(house: House, protocol: str) -> None:
    stage = await house.open("ingest")
    async with house.line(stage["providers"]["ingest"]["base_url"]) as (reader, writer):
        writer.write(request("/videos", "Connection: Upgrade", f"Upgrade: {protocol}"))
        assert (await answer(reader))[0] == 406


@pytest.mark.parametrize(
    "target",
    ["/%", "/%zz", "/%00", "/%ff", "//", "//videos", "/../videos", "/videos/%2e%2e", "/videos?", "/videos?&&=&"],
)
async def test_odd_addresses_are_recorded_as_they_came(house: House, target: str) -> None:
    stage = await house.open("ingest")
    async with house.line(stage["providers"]["ingest"]["base_url"]) as (reader, writer):
        writer.write(request(target))
        assert (await answer(reader))[0] in {404, 406}
    (found,) = await house.control.recording(stage["id"])
    assert found["url"].endswith("://127.0.0.1" + target.removesuffix("?"))


async def test_who_leaves_in_the_middle_of_a_request_is_forgotten(house: House) -> None:
    stage = await house.open("ingest")
    base = stage["providers"]["ingest"]["base_url"]
    for cut in (1, 40, -1):
        async with house.line(base) as (_, writer):
            writer.write(token_request(stage)[:cut])
            await writer.drain()
    async with house.line(base) as (reader, writer):
        writer.write(token_request(stage))
        assert (await answer(reader))[0] == 200
    assert len(await house.control.recording(stage["id"])) == 1
