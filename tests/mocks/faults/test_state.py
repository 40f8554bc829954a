"""Faults that reach into what a provider keeps, reads or publishes."""

# ruff: noqa: D103 - the names are sentences

import json
from typing import Any

import jwt
import pytest

from sparring.mocks.engine.messages import Answer, Request
from sparring.mocks.stage import Stage
from tests.mocks.providers.ingest.talk import (
    APPLICATION,
    Browser,
    api_request,
    exchange,
    read,
    refresh,
    token_request,
    tokens,
)
from tests.mocks.providers.movingimage import talk as movingimage
from tests.mocks.providers.panopto import talk
from tests.mocks.stages import ask, in_loop, open_stage, request


def _put(stage: Stage, kind: str, match: dict[str, Any] | None = None, times: int | None = 1, **members: Any) -> None:
    stage.faults.add({"id": kind, "match": match or {}, "effect": {"kind": kind, **members}, "times": times})


def _fired(stage: Stage) -> int:
    return sum(int(fault["fired"]) for fault in stage.faults.as_json())


@in_loop
async def test_the_second_refresh_of_each_grant() -> None:
    stage = await open_stage()
    match = {"grant": "refresh_token", "attempt": 2, "per": "grant"}
    _put(stage, "unavailable", match, None)
    found = []
    held = [(await tokens(stage))["refresh_token"] for _ in range(2)]
    for _ in range(3):
        for place, token in enumerate(held):
            answer = await ask(stage, token_request(refresh(token)))
            found.append(answer.status)
            if answer.status == 200:
                held[place] = json.loads(answer.body)["refresh_token"]
    assert found == [200, 200, 503, 503, 200, 200]
    assert (await ask(stage, token_request(APPLICATION))).status == 200


@in_loop
async def test_a_rotation_whose_answer_is_lost() -> None:
    stage = await open_stage()
    token = (await tokens(stage))["refresh_token"]
    _put(stage, "close", {"grant": "refresh_token", "when": "after"})
    exchange, wire = await stage.respond("ingest", token_request(refresh(token)))
    assert (exchange.answer, wire is None) == (None, False)
    assert (await ask(stage, token_request(refresh(token)))).status == 400


@pytest.mark.parametrize(
    ("members", "alive"),
    [
        ({"of": "grant"}, (401, 400)),
        ({"of": "grant", "token": "access_token"}, (401, 200)),
        ({"of": "grant", "token": "refresh_token"}, (200, 400)),
        ({"of": "presented"}, (401, 200)),
        ({"of": "user"}, (401, 400)),
        ({"of": "all"}, (401, 400)),
    ],
)
def test_tokens_are_revoked_before_the_call(members: dict[str, Any], alive: tuple[int, int]) -> None:
    @in_loop
    async def run() -> None:
        stage = await open_stage()
        held = await tokens(stage)
        _put(stage, "revoke", {"endpoint": "api"}, **members)
        answers = [
            await ask(stage, api_request(held["access_token"])),
            await ask(stage, token_request(refresh(held["refresh_token"]))),
        ]
        assert tuple(answer.status for answer in answers) == alive
        assert _fired(stage) == 1

    run()


@in_loop
async def test_a_revocation_that_finds_nothing_does_not_fire() -> None:
    stage = await open_stage()
    _put(stage, "revoke", {"endpoint": "api"}, of="grant")
    assert (await ask(stage, api_request("unheard-of"))).status == 401
    assert _fired(stage) == 0


@in_loop
async def test_what_changed_nothing_is_not_used_up() -> None:
    stage = await open_stage()
    _put(stage, "json-patch", {"endpoint": "token"}, ops=[{"op": "replace", "path": "/error", "value": "x"}])
    assert (await ask(stage, token_request(APPLICATION))).status == 200
    assert _fired(stage) == 0
    assert json.loads((await ask(stage, token_request(APPLICATION | {"scope": ""}))).body)["error"] == "x"
    assert _fired(stage) == 1


def _kid(answer: Answer) -> str:
    return str(jwt.get_unverified_header(read(answer)["access_token"])["kid"])


async def _kids(stage: Stage) -> list[str]:
    answer = await ask(stage, request("GET", "/.well-known/openid-configuration/jwks"), "clickview")
    return [key["kid"] for key in read(answer)["keys"]]


def _clickview(stage: Stage) -> Request:
    client = stage.houses["clickview"].clients[0]
    form = {"grant_type": "client_credentials", "scope": "smartembed.viewkey"}
    return request(
        "POST", "/connect/token", form=form | {"client_id": client.client_id, "client_secret": client.secret or ""}
    )


@pytest.mark.parametrize(("when", "old"), [("before", False), ("after", True)])
def test_keys_rotate_before_or_after_a_token_is_signed(when: str, old: bool) -> None:
    @in_loop
    async def run() -> None:
        stage = await open_stage("clickview")
        (first,) = await _kids(stage)
        _put(stage, "rotate-keys", {"endpoint": "token", "when": when})
        signed = _kid(await ask(stage, _clickview(stage), "clickview"))
        assert (signed == first) == old
        (second,) = await _kids(stage)
        assert (second != first, signed == second) == (True, not old)
        _put(stage, "stale-jwks", {"endpoint": "jwks"})
        assert await _kids(stage) == [first]
        assert await _kids(stage) == [second]
        assert _fired(stage) == 2

    run()


@in_loop
async def test_keys_that_never_changed_are_never_stale() -> None:
    stage = await open_stage("clickview")
    _put(stage, "stale-jwks", {"endpoint": "jwks"})
    assert len(await _kids(stage)) == 1
    assert _fired(stage) == 0


@in_loop
async def test_discovery_names_another_issuer() -> None:
    stage = await open_stage("clickview")
    evil = "https://evil.example"
    _put(stage, "json-patch", {"endpoint": "discovery"}, ops=[{"op": "replace", "path": "/issuer", "value": evil}])
    answer = await ask(stage, request("GET", "/.well-known/openid-configuration"), "clickview")
    assert read(answer)["issuer"] == evil


@in_loop
async def test_a_sign_in_is_refused_in_the_providers_words() -> None:
    stage = await open_stage()
    _put(stage, "sign-in-refused", {"endpoint": "login"})
    browser = Browser(stage)
    answer = await browser.sign_in()
    assert (answer.status, answer.rule.id) == (200, "ingest/authorize/sign-in-wrong")
    assert b"do not match" in answer.body
    assert (await browser.sign_in()).status == 302
    assert _fired(stage) == 1


@in_loop
async def test_ingests_rate_limit_has_its_own_headers() -> None:
    stage = await open_stage()
    _put(stage, "rate-limited", {"endpoint": "api"}, retry_after=9)
    answer = await ask(stage, api_request("any"))
    assert (answer.status, answer.body, answer.header("X-RateLimit-Remaining")) == (429, b"", "0")
    assert (answer.header("Retry-After"), answer.header("X-RateLimit-Reset")) == ("9", "9")


@in_loop
async def test_a_defect_in_a_fault_is_a_crash_on_the_record(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("planted")

    stage = await open_stage()
    _put(stage, "status", {"endpoint": "token"}, status=500)
    monkeypatch.setattr("sparring.mocks.faults.altered_answer.Status.answer", broken)
    stage.watchers.append(broken)
    answer = await ask(stage, token_request(APPLICATION))
    assert (answer.status, answer.rule.id) == (500, "sparring/crash")
    (exchange,) = stage.recorder.select()
    assert exchange.ended


@in_loop
async def test_panopto_refuses_a_sign_in_and_takes_fewer_boxes() -> None:
    stage = await talk.panopto()
    _put(stage, "sign-in-refused", {"endpoint": "login"})
    browser = talk.Browser(stage)
    page = await browser.fill(await browser.login_page())
    assert (page.status, page.rule.id) == (200, "panopto/sign-in/wrong")
    _put(stage, "consent-partial", {"endpoint": "consent"}, drop=["offline_access"])
    assert "refresh_token" not in await talk.tokens(stage)
    assert "refresh_token" in await talk.tokens(stage)
    assert _fired(stage) == 2


@in_loop
async def test_movingimage_refuses_a_sign_in() -> None:
    stage = await movingimage.movingimage()
    _put(stage, "sign-in-refused", {"endpoint": "login"})
    browser = movingimage.Browser(stage)
    assert (await browser.come_back()).rule.id == "movingimage/login/sign-in-wrong"
    assert (await browser.sign_in()).status == 302


@in_loop
async def test_refreshes_are_counted_per_grant_at_the_others_too() -> None:
    match = {"grant": "refresh_token", "attempt": 2, "per": "grant"}
    stage = await talk.panopto()
    _put(stage, "status", match | {"when": "before"}, None, status=500)
    for _ in range(2):
        token = (await talk.tokens(stage))["refresh_token"]
        answers = [await talk.post(stage, talk.refresh(token)) for _ in range(2)]
        assert answers[1].status == 500
        assert answers[0].status == 200
    stage = await movingimage.movingimage()
    _put(stage, "status", match | {"when": "before"}, None, status=500)
    for _ in range(2):
        token = (await movingimage.signed_in(stage))["refresh_token"]
        sent = movingimage.token_request(movingimage.refreshing(token))
        assert [(await movingimage.ask(stage, sent)).status for _ in range(3)] == [200, 500, 200]


@in_loop
async def test_a_defect_before_the_endpoint_is_known_is_recorded_too(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("planted")

    stage = await open_stage()
    monkeypatch.setattr("sparring.mocks.engine.provider.Provider.find", broken)
    assert (await ask(stage, token_request(APPLICATION))).status == 500
    (exchange,) = stage.recorder.select()
    assert (exchange.endpoint, exchange.ended) == ("unknown", True)


@in_loop
async def test_the_third_token_request_is_put_off_once() -> None:
    stage = await open_stage()
    _put(stage, "unavailable", {"provider": "ingest", "endpoint": "token", "attempt": 3})
    answers = [await ask(stage, token_request(APPLICATION)) for _ in range(4)]
    assert [(answer.status, answer.header("Retry-After")) for answer in answers] == [
        (200, None),
        (200, None),
        (503, "30"),
        (200, None),
    ]


@in_loop
async def test_a_person_who_is_revoked_must_sign_in_again() -> None:
    stage = await open_stage()
    browser = Browser(stage)
    held = read(await ask(stage, token_request(exchange(await browser.code()))))
    assert (await browser.open()).rule.id == "ingest/authorize/consent"
    _put(stage, "revoke", {"endpoint": "api"}, of="user")
    assert (await ask(stage, api_request(held["access_token"]))).status == 401
    assert (await browser.open()).rule.id == "ingest/authorize/sign-in"


@in_loop
async def test_a_person_who_is_revoked_must_sign_in_again_at_movingimage() -> None:
    stage = await movingimage.movingimage()
    browser = movingimage.Browser(stage)
    await browser.come_back()
    assert (await browser.open()).status == 302
    held = await movingimage.signed_in(stage)
    _put(stage, "revoke", {"endpoint": "token", "grant": "refresh_token"}, of="user")
    refused = await movingimage.ask(stage, movingimage.token_request(movingimage.refreshing(held["refresh_token"])))
    assert refused.rule.id == "movingimage/token/refresh-token-stale"
    assert b'data-sparring="sign-in"' in (await browser.open()).body
    assert _fired(stage) == 1
