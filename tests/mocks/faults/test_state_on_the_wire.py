"""Faults that reach into what a provider keeps, over http and https: the refusal that comes is the provider's own."""

# ruff: noqa: D103 - the names are sentences

import json
from typing import Any
from urllib.parse import urlencode, urlsplit

import jwt
import pytest

from tests.mocks.server.sockets import API, House, Info, request, token_request

pytestmark = pytest.mark.anyio
CLOSE, FORM = "Connection: close", "Content-Type: application/x-www-form-urlencoded"
NOW = 1_800_000_000


async def opened(house: House, *providers: str) -> Info:
    """A stage whose clock stands still."""
    stage = await house.open(*providers)
    await house.control.move_clock(stage["id"], "freeze")
    await house.control.move_clock(stage["id"], "set", NOW)
    return stage


async def put(house: House, stage: Info, kind: str, endpoint: str, when: str = "before", **members: Any) -> None:
    match = {"endpoint": endpoint, "when": when}
    times = members.pop("times", 1)
    wish = {"id": kind, "match": match, "effect": {"kind": kind, **members}, "times": times}
    await house.control.add_fault(stage["id"], wish)


async def said(house: House, stage: Info, provider: str, sent: bytes) -> tuple[int, str, dict[str, str], bytes]:
    """Status, rule, headers and body of an answer; that it is one, and whole, is seen at the socket."""
    raw, end = await house.send(stage["providers"][provider]["base_url"], sent)
    head, _, body = raw.partition(b"\r\n\r\n")
    lines = head.decode().split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}
    assert (end, len(body)) == ("closed", int(headers["content-length"]))
    last = (await house.control.recording(stage["id"]))[-1]
    assert int(lines[0].split(" ")[1]) == last["status"]
    return last["status"], last["rule"], headers, body


async def fired(house: House, stage: Info) -> dict[str, int]:
    return {fault["id"]: fault["fired"] for fault in await house.control.faults(stage["id"])}


async def a_token(house: House, stage: Info, provider: str) -> str:
    status, _, _, body = await said(house, stage, provider, token_request(stage, CLOSE, provider=provider))
    assert status == 200
    token: str = json.loads(body)["access_token"]
    return token


def api_call(stage: Info, provider: str, token: str) -> bytes:
    path = urlsplit(stage["providers"][provider]["endpoints"]["api"]).path
    return request(path, CLOSE, f"Accept: {API}", f"Authorization: Bearer {token}")


def sign_in(stage: Info, password: str = "ada-spars-here", login: str = "ada") -> bytes:
    info = stage["providers"]["ingest"]
    asked = {
        "response_type": "code",
        "client_id": info["client_id"],
        "scope": info["scope"],
        "redirect_uri": info["redirect_uris"][0],
    }
    form = urlencode({"network": "", "login": login, "password": password}).encode()
    return request(f"/authorize?{urlencode(asked)}", CLOSE, FORM, method="POST", body=form)


async def test_a_sign_in_is_refused_once(house: House) -> None:
    stage = await opened(house, "ingest")
    await put(house, stage, "sign-in-refused", "login")
    found = [(await said(house, stage, "ingest", sign_in(stage)))[:2] for _ in range(2)]
    assert found[0] == (200, "ingest/authorize/sign-in-wrong")
    assert found[1][0] == 302
    assert await fired(house, stage) == {"sign-in-refused": 1}


@pytest.mark.parametrize(("when", "statuses"), [("before", [200, 200]), ("after", [302, 200])])
async def test_a_locked_account_stays_locked(house: House, when: str, statuses: list[int]) -> None:
    stage = await opened(house, "ingest")
    await house.control.change_user(stage["id"], "ingest", "bob", {"password": "bob-spars-here"})
    await put(house, stage, "account-locked", "login", when)
    assert (await said(house, stage, "ingest", sign_in(stage, "x", "nobody")))[0] == 200
    assert await fired(house, stage) == {"account-locked": 0}
    assert [(await said(house, stage, "ingest", sign_in(stage)))[0] for _ in range(2)] == statuses
    assert (await said(house, stage, "ingest", sign_in(stage, "bob-spars-here", "bob")))[0] == 302
    people = await house.control.users(stage["id"], "ingest")
    assert [user["username"] for user in people if user["locked"]] == ["ada"]
    assert await fired(house, stage) == {"account-locked": 1}


@pytest.mark.parametrize(("when", "statuses"), [("before", [401, 401]), ("after", [200, 401])])
async def test_a_token_is_withdrawn_before_or_after_the_call(house: House, when: str, statuses: list[int]) -> None:
    stage = await opened(house, "ingest")
    sent = api_call(stage, "ingest", await a_token(house, stage, "ingest"))
    await put(house, stage, "revoke", "api", when, of="presented")
    assert [(await said(house, stage, "ingest", sent))[0] for _ in range(2)] == statuses
    assert await fired(house, stage) == {"revoke": 1}


@pytest.mark.parametrize(("when", "statuses"), [("before", [401, 401]), ("after", [200, 401])])
async def test_time_passes_before_or_after_the_call(house: House, when: str, statuses: list[int]) -> None:
    stage = await opened(house, "ingest")
    sent = api_call(stage, "ingest", await a_token(house, stage, "ingest"))
    await put(house, stage, "time-passes", "api", when, seconds=86_400)
    assert [(await said(house, stage, "ingest", sent))[0] for _ in range(2)] == statuses
    assert (await house.control.clock(stage["id"]))["now"] == NOW + 86_400
    assert (await house.control.recording(stage["id"]))[-2]["at"] == NOW


async def test_time_that_no_clock_can_show_does_not_pass(house: House) -> None:
    stage = await opened(house, "ingest")
    await put(house, stage, "time-passes", "api", seconds=-NOW - 1)
    await said(house, stage, "ingest", api_call(stage, "ingest", "x"))
    assert (await house.control.clock(stage["id"]))["now"] == NOW
    assert await fired(house, stage) == {"time-passes": 0}


@pytest.mark.parametrize(("when", "published"), [("before", True), ("after", False)])
async def test_keys_rotate_before_or_after_signing_and_may_be_stale(house: House, when: str, published: bool) -> None:
    stage = await opened(house, "clickview")
    path = urlsplit(stage["providers"]["clickview"]["endpoints"]["jwks"]).path

    async def kids() -> list[str]:
        _, _, _, body = await said(house, stage, "clickview", request(path, CLOSE))
        return [key["kid"] for key in json.loads(body)["keys"]]

    (old,) = await kids()
    await put(house, stage, "rotate-keys", "token", when)
    signed = jwt.get_unverified_header(await a_token(house, stage, "clickview"))["kid"]
    (new,) = await kids()
    assert (new != old, signed in await kids()) == (True, published)
    await put(house, stage, "stale-jwks", "jwks")
    assert [await kids() for _ in range(2)] == [[old], [new]]
    assert await fired(house, stage) == {"rotate-keys": 1, "stale-jwks": 1}


@pytest.mark.parametrize("provider", ["ingest", "clickview", "rotor"])
async def test_a_rate_window_moves_with_the_clock(house: House, provider: str) -> None:
    stage = await opened(house, provider)
    await house.control.move_clock(stage["id"], "advance", 15)
    await put(house, stage, "rate-window", "token", requests=2, seconds=60, times=None)
    sent = token_request(stage, CLOSE, provider=provider)

    async def seen() -> tuple[int, str | None]:
        status, _, headers, _ = await said(house, stage, provider, sent)
        return status, headers.get("retry-after")

    assert [await seen() for _ in range(4)] == [(200, None), (200, None), (429, "45"), (429, "45")]
    await house.control.move_clock(stage["id"], "advance", 44)
    assert await seen() == (429, "1")
    await house.control.move_clock(stage["id"], "advance", 1)
    assert [await seen() for _ in range(3)] == [(200, None), (200, None), (429, "60")]
    assert await fired(house, stage) == {"rate-window": 4}


async def test_a_rate_window_that_is_put_on_stage_again_counts_anew(house: House) -> None:
    stage = await opened(house, "ingest")
    for _ in range(2):
        await put(house, stage, "rate-window", "token", requests=1, seconds=3600, times=None)
        sent = token_request(stage, CLOSE)
        assert [(await said(house, stage, "ingest", sent))[0] for _ in range(2)] == [200, 429]
        await house.control.remove_faults(stage["id"], "rate-window")


async def test_a_rate_window_says_when_it_ends_as_a_date_too(house: House) -> None:
    stage = await opened(house, "ingest")
    await put(house, stage, "rate-window", "token", requests=0, seconds=3600, form="date")
    status, _, headers, _ = await said(house, stage, "ingest", token_request(stage, CLOSE))
    assert (status, headers["retry-after"]) == (429, "Fri, 15 Jan 2027 09:00:00 GMT")


@pytest.mark.parametrize("kind", ["rate-limited", "unavailable"])
async def test_retry_after_as_a_date_goes_by_the_stages_clock(house: House, kind: str) -> None:
    stage = await opened(house, "ingest")
    await put(house, stage, kind, "token", retry_after=90, form="date", times=None)
    dates = []
    for _ in range(2):
        _, _, headers, _ = await said(house, stage, "ingest", token_request(stage, CLOSE))
        dates.append(headers["retry-after"])
        await house.control.move_clock(stage["id"], "advance", 3600)
    assert dates == ["Fri, 15 Jan 2027 08:01:30 GMT", "Fri, 15 Jan 2027 09:01:30 GMT"]
