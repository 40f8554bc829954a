"""The discovery document, what it promises, the folders, and who may ask from a browser."""

# ruff: noqa: D103 - the names are sentences

import json

import pytest

from sparring.mocks.providers import load
from sparring.mocks.stage import describe
from tests.mocks.providers.panopto.talk import (
    OAUTH2,
    ORIGIN,
    ROOT,
    ask,
    bearer,
    panopto,
    read,
    tokens,
)
from tests.mocks.stages import in_loop, request

DISCOVERY = f"{OAUTH2}/.well-known/openid-configuration"


@in_loop
async def test_every_address_in_it_answers() -> None:
    stage = await panopto()
    document = read(await ask(stage, request("GET", DISCOVERY)))
    urls = {name: value for name, value in document.items() if isinstance(value, str) and name != "issuer"}
    assert len(urls) == 8
    for url in urls.values():
        rules = {(await ask(stage, request(method, url.removeprefix(ORIGIN)))).rule.id for method in ("GET", "POST")}
        assert "panopto/lost" not in rules
        assert rules != {"panopto/method"}


@in_loop
async def test_the_stage_tells_of_it() -> None:
    stage = await panopto(redirect_uris=("http://127.0.0.1:5000/cb",))
    told = describe(stage)["providers"]["panopto"]
    assert set(told["endpoints"]) == {"authorize", "token", "api", "jwks", "discovery", "userinfo"}
    assert told["endpoints"]["api"] == f"{ORIGIN}{ROOT}"
    assert (told["scope"], told["scopes"]) == ("openid api offline_access", ["openid", "api", "offline_access"])
    assert (told["grants"], told["issuer"]) == (["authorization_code"], f"{ORIGIN}{OAUTH2}")
    assert told["redirect_uris"] == ["http://localhost:9127/redirect", "http://127.0.0.1:5000/cb"]
    assert load("panopto").lifetimes == {"access_token": 3600, "id_token": 300, "refresh_token": 2592000, "code": 300}


@pytest.mark.parametrize(
    ("path", "origin", "allowed"),
    [
        (DISCOVERY, "https://localhost", True),
        (DISCOVERY, "HTTPS://LocalHost", True),
        (DISCOVERY, "https://app.example", True),
        (DISCOVERY, "https://stranger.example", False),
        (DISCOVERY, ORIGIN, False),
        (f"{OAUTH2}/.well-known/jwks", "https://localhost", True),
        (f"{OAUTH2}/connect/checksession", "https://localhost", False),
        (ROOT, "https://localhost", True),
    ],
)
@in_loop
async def test_only_the_clients_origins_may_read_from_a_browser(path: str, origin: str, *, allowed: bool) -> None:
    stage = await panopto(origins=("https://app.example", ORIGIN))
    answer = await ask(stage, request("GET", path, ("origin", origin)))
    assert answer.header("Access-Control-Allow-Origin") == (origin if allowed else None)


@in_loop
async def test_a_real_host_name_leads_to_panopto_at_any_socket() -> None:
    stage = await panopto()
    exchange, _ = await stage.respond("decoy", request("GET", DISCOVERY, host="deakin.au.panopto.com"))
    assert exchange.provider == "panopto"
    assert exchange.answer is not None
    assert json.loads(exchange.answer.body)["issuer"] == "https://deakin.au.panopto.com/Panopto/oauth2"


@pytest.mark.parametrize(
    ("kind", "status", "content_type", "start"),
    [
        ("rate-limited", 429, "application/json; charset=utf-8", '{"Error":{"Code":"TooManyRequests",'),
        ("unavailable", 503, "text/html; charset=us-ascii", "<!DOCTYPE HTML PUBLIC"),
    ],
)
@in_loop
async def test_an_outage_has_the_sites_own_words(kind: str, status: int, content_type: str, start: str) -> None:
    stage = await panopto()
    stage.faults.add({"id": "f1", "match": {"endpoint": "api"}, "effect": {"kind": kind, "retry_after": 7}})
    answer = await ask(stage, request("GET", ROOT))
    assert (answer.status, answer.header("Content-Type"), answer.header("Retry-After")) == (status, content_type, "7")
    assert answer.body.decode().startswith(start)


@in_loop
async def test_a_folder_of_the_list_has_its_id_in_any_case() -> None:
    stage = await panopto()
    header = bearer((await tokens(stage))["access_token"])
    folder = read(await ask(stage, request("GET", ROOT, header)))["Results"][0]
    children = f"/Panopto/api/v1/folders/{folder['Id'].upper()}/children"
    assert read(await ask(stage, request("GET", children, header))) == {"Results": []}
