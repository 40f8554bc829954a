"""A stage: opened, asked, described, reset; hosts, headers, and what a defect of ours looks like."""

# ruff: noqa: D103 - the names are sentences

import json
import logging
from dataclasses import replace
from email.utils import formatdate

import pytest

from sparring.mocks.engine.clients import Client
from sparring.mocks.engine.desk import Desk
from sparring.mocks.engine.keys import development_keys
from sparring.mocks.engine.messages import Answer, Request
from sparring.mocks.engine.provider import ProviderError
from sparring.mocks.engine.tokens import Token
from sparring.mocks.providers import load
from sparring.mocks.recorder.exchange import Exchange
from sparring.mocks.stage import Stage, describe
from tests.mocks.providers.ingest.talk import APPLICATION, Browser, api_request, read, token_request
from tests.mocks.stages import START, Wall, ask, in_loop, open_stage, request


@in_loop
async def test_an_open_stage_has_its_providers_and_the_other_origin() -> None:
    stage = await open_stage("ingest", "clickview")
    assert list(stage.houses) == ["ingest", "clickview", "decoy"]
    for house in stage.houses.values():
        assert await house.desk.store.every(Client) == house.clients
    assert len({id(house.desk.store) for house in stage.houses.values()}) == 3


@in_loop
async def test_stages_share_nothing() -> None:
    one, other = await open_stage(), await open_stage()
    token = read(await ask(one, token_request(APPLICATION)))["access_token"]
    one.clock.advance(10)
    one.faults.add({"effect": {"kind": "hang"}, "match": {"endpoint": "token"}})
    assert (await ask(one, api_request(token))).status == 200
    assert (await ask(other, api_request(token))).status == 401
    assert (await ask(other, token_request(APPLICATION))).status == 200
    assert (other.clock.now(), other.recorder.count) == (START, 2)


@in_loop
async def test_reset_goes_back_to_the_beginning() -> None:
    stage = await open_stage()
    before = await ask(stage, token_request(APPLICATION))
    browser = Browser(stage)
    await browser.sign_in()
    stage.clock.freeze(at=5.0)
    stage.faults.add({"effect": {"kind": "hang"}})
    await stage.houses["ingest"].desk.store.put("extra", Client(client_id="extra", secret=None, name="Extra"))
    await stage.reset()
    assert (stage.clock.now(), stage.clock.frozen) == (START, False)
    assert (stage.faults.as_json(), stage.recorder.select()) == ([], [])
    store = stage.houses["ingest"].desk.store
    assert await store.every(Token) == ()
    assert [client.client_id for client in await store.every(Client)] == ["IngestNetwork123"]
    assert b'data-sparring="sign-in"' in (await browser.open()).body
    assert await ask(stage, token_request(APPLICATION)) == before
    assert stage.recorder.select()[0].n == 3


@in_loop
async def test_a_stage_describes_itself() -> None:
    stage = await open_stage(redirect_uris=("http://127.0.0.1:5000/cb",), seed=9)
    described = describe(stage)
    ingest = load("ingest")
    assert described == {
        "id": "s1",
        "seed": 9,
        "decoy_url": "http://127.0.0.1:9402",
        "providers": {
            "ingest": {
                "title": "Ingest",
                "base_url": "http://127.0.0.1:9401",
                "hosts": list(ingest.hosts),
                "client_id": "IngestNetwork123",
                "client_secret": "jhjed88ydjKJDFU77y7dk",
                "redirect_uris": ["https://mywebsite.com/oauth/ingest", "http://127.0.0.1:5000/cb"],
                "clients": [
                    {
                        "client_id": "IngestNetwork123",
                        "client_secret": "jhjed88ydjKJDFU77y7dk",
                        "name": "My Website",
                    }
                ],
                "users": [{"username": "ada", "password": "ada-spars-here", "name": "Ada"}],
                "endpoints": {
                    "authorize": "http://127.0.0.1:9401/authorize",
                    "token": "http://127.0.0.1:9401/token",
                    "api": "http://127.0.0.1:9401/videos",
                },
                "scope": "read_videos,write_videos",
                "scopes": ["read_videos", "write_videos"],
                "grants": ["authorization_code", "client_credentials"],
                "variants": list(ingest.variants),
                "variant": "default",
                "lifetimes": {"access_token": 86400, "refresh_token": 31536000, "code": 600},
                "docs": list(ingest.docs),
                "issuer": "https://login.ingest.io",
            }
        },
    }
    json.dumps(described)


@in_loop
async def test_secrets_and_passwords_can_come_from_the_seed() -> None:
    one, again, other = [await open_stage(seed=seed, seeded_secrets=True) for seed in (1, 1, 2)]
    house = one.houses["ingest"]
    secret, password = house.clients[0].secret or "", house.users[0].password
    assert (len(secret), len(password)) == (40, 20)
    assert again.houses["ingest"].clients == house.clients
    assert other.houses["ingest"].clients[0].secret != secret
    assert other.houses["ingest"].users[0].password != password
    assert (await ask(one, token_request(APPLICATION | {"client_secret": secret}))).status == 200
    assert (await ask(one, token_request(APPLICATION))).status == 401
    assert (await Browser(one).sign_in(password=password)).status == 302
    assert (await Browser(one).sign_in()).status == 200


@in_loop
async def test_lifetimes_can_be_set_for_one_kind() -> None:
    stage = await open_stage(lifetimes={"ingest": {"access_token": 3}})
    document = read(await ask(stage, token_request(APPLICATION)))
    assert document["expires_in"] == "3"
    assert stage.houses["ingest"].desk.lifetimes["code"] == 600
    stage.clock.advance(3)
    assert (await ask(stage, api_request(document["access_token"]))).status == 401


@in_loop
async def test_keys_are_the_fixed_ones_or_fresh() -> None:
    plain, fresh = await open_stage(), await open_stage(fresh_keys=True)
    assert plain.houses["ingest"].desk.keys[0].private is development_keys()[0]
    assert fresh.houses["ingest"].desk.keys[0].numbers() != plain.houses["ingest"].desk.keys[0].numbers()


@pytest.mark.parametrize(
    ("socket", "host", "provider", "endpoint"),
    [
        ("clickview", "127.0.0.1:9402", "clickview", "unknown"),
        ("clickview", "login.ingest.io", "ingest", "token"),
        ("clickview", "LOGIN.Ingest.io:443", "ingest", "token"),
        ("clickview", "api.ingest.io:9402", "ingest", "token"),
        ("clickview", "evil.ingest.io", "clickview", "unknown"),
        ("ingest", "somewhere.example", "ingest", "token"),
        ("ingest", "", "ingest", "token"),
        ("decoy", "127.0.0.1:9403", "decoy", "decoy"),
    ],
)
def test_a_real_host_name_picks_the_provider_at_any_socket(
    socket: str, host: str, provider: str, endpoint: str
) -> None:
    @in_loop
    async def run() -> None:
        stage = await open_stage("ingest", "clickview")
        exchange, _ = await stage.respond(socket, request("POST", "/token", host=host))
        assert (exchange.provider, exchange.endpoint) == (provider, endpoint)
        assert exchange.answer is not None
        assert exchange.answer.rule.id.startswith(f"{provider}/")

    run()


@in_loop
async def test_the_date_is_the_stages_own() -> None:
    wall = Wall()
    stage = await open_stage(wall=wall)
    stage.clock.freeze(at=1_000_000_000.9)
    wall.seconds += 100
    answer = await ask(stage, request("GET", "/nothing"))
    assert answer.header("Date") == "Sun, 09 Sep 2001 01:46:40 GMT"
    stage.clock.resume()
    wall.seconds += 60
    assert (await ask(stage, request("GET", "/nothing"))).header("Date") == formatdate(1_000_000_060, usegmt=True)


@in_loop
async def test_a_date_that_a_fault_sets_stays() -> None:
    stage = await open_stage()
    stage.faults.add({"effect": {"kind": "replace", "headers": {"date": "yesterday"}}})
    answer = await ask(stage, request("GET", "/nothing"))
    assert [value for name, value in answer.headers if name.lower() == "date"] == ["yesterday"]


@in_loop
async def test_a_head_request_has_the_length_and_no_body() -> None:
    stage = await open_stage()
    stage.faults.add({"effect": {"kind": "replace", "body": "four"}})
    answer = await ask(stage, request("HEAD", "/nothing"))
    assert (answer.body, answer.header("Content-Length")) == (b"", "4")


async def _defect(_desk: Desk, _request: Request) -> Answer:
    raise RuntimeError("a defect")


async def _with_a_defect() -> Stage:
    stage = await open_stage()
    house = stage.houses["ingest"]
    routes = tuple(replace(route, handler=_defect) for route in house.provider.routes)
    house.provider = replace(house.provider, routes=routes)
    return stage


@in_loop
async def test_a_defect_of_ours_is_recorded_as_ours(caplog: pytest.LogCaptureFixture) -> None:
    stage = await _with_a_defect()
    with caplog.at_level(logging.CRITICAL, logger="sparring.mocks"):
        answer = await ask(stage, token_request(APPLICATION, ("origin", "https://app.example")))
    assert (answer.status, answer.body, answer.rule.id) == (500, b"", "sparring/crash")
    assert answer.headers == (
        ("Access-Control-Allow-Origin", "*"),
        ("Date", formatdate(START, usegmt=True)),
        ("Content-Length", "0"),
    )
    told = stage.recorder.select()[0].as_json()
    assert (told["status"], told["rule"], told["mend"]) == (500, "sparring/crash", "Please report it.")


@in_loop
async def test_a_defect_of_ours_is_logged_with_its_traceback(caplog: pytest.LogCaptureFixture) -> None:
    stage = await _with_a_defect()
    with caplog.at_level(logging.ERROR, logger="sparring.mocks"):
        await ask(stage, token_request(APPLICATION))
    (logged,) = caplog.records
    assert logged.getMessage() == "POST /token broke ingest"
    assert logged.exc_info is not None


@in_loop
async def test_explanations_go_out_only_where_they_are_wanted() -> None:
    plain, explaining = await open_stage(), await open_stage(explain=True)
    message = token_request(APPLICATION | {"scope": "fly"})
    quiet, telling = await ask(plain, message), await ask(explaining, message)
    assert telling.headers[: len(quiet.headers)] == quiet.headers
    assert telling.body == quiet.body
    assert telling.headers[len(quiet.headers) :] == (
        ("Sparring-Rule", "ingest/token/scope-invalid"),
        ("Sparring-Source", quiet.rule.source),
        ("Sparring-Mend", quiet.rule.mend),
    )
    assert (await ask(explaining, token_request(APPLICATION))).header("Sparring-Mend") is None


@in_loop
async def test_watchers_see_every_exchange_when_it_is_over() -> None:
    stage = await open_stage()
    seen: list[tuple[int, int | None]] = []

    def watch(exchange: Exchange) -> None:
        seen.append((exchange.n, exchange.answer.status if exchange.answer else None))

    stage.watchers.append(watch)
    stage.faults.add({"effect": {"kind": "close"}, "match": {"attempt": 2}})
    for _ in range(3):
        await stage.respond("ingest", token_request(APPLICATION), connection=4)
    assert seen == [(1, 200), (2, None), (3, 200)]
    assert {exchange.connection for exchange in stage.recorder.select()} == {4}


@in_loop
async def test_the_recording_tells_who_asked_and_what_was_given() -> None:
    stage = await open_stage()
    token = read(await ask(stage, token_request(APPLICATION)))["access_token"]
    await ask(stage, api_request(token))
    asked, called = [exchange.as_json()["facts"] for exchange in stage.recorder.select()]
    assert (asked["client"], asked["grant"]) == ("IngestNetwork123", "client_credentials")
    assert called["client"] == "IngestNetwork123"
    assert called["presented"][0]["fp"] == asked["issued"][0]["fp"]
    assert token not in json.dumps([asked, called])


@in_loop
async def test_the_other_origin_takes_whatever_it_gets() -> None:
    stage = await open_stage()
    tokens = [read(await ask(stage, token_request(APPLICATION), "decoy"))["access_token"] for _ in range(2)]
    assert len(set(tokens)) == 2
    picture = await ask(stage, request("GET", "/posters/x.png"), "decoy")
    assert (picture.status, picture.header("Content-Type"), picture.body) == (200, "image/png", b"")
    assert [exchange.endpoint for exchange in stage.recorder.select("decoy")] == ["decoy"] * 3


@pytest.mark.parametrize("name", ["rotor2", "", "__init__", "Ingest"])
def test_an_unknown_provider_cannot_go_on_stage(name: str) -> None:
    with pytest.raises(ProviderError, match="unknown provider"):
        load(name)
