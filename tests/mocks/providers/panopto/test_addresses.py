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
    SUBJECT,
    TOKEN,
    ask,
    bearer,
    panopto,
    post,
    read,
    tokens,
)
from tests.mocks.stages import in_loop, request

DISCOVERY = f"{OAUTH2}/.well-known/openid-configuration"
MEMBERS = [
    "issuer",
    "jwks_uri",
    "authorization_endpoint",
    "token_endpoint",
    "userinfo_endpoint",
    "end_session_endpoint",
    "check_session_iframe",
    "revocation_endpoint",
    "introspection_endpoint",
    "frontchannel_logout_supported",
    "frontchannel_logout_session_supported",
    "scopes_supported",
    "claims_supported",
    "response_types_supported",
    "response_modes_supported",
    "grant_types_supported",
    "subject_types_supported",
    "id_token_signing_alg_values_supported",
    "code_challenge_methods_supported",
    "token_endpoint_auth_methods_supported",
]


@in_loop
async def test_the_discovery_document_is_the_engines() -> None:
    document = read(await ask(await panopto(), request("GET", DISCOVERY)))
    assert list(document) == MEMBERS
    assert document["issuer"] == f"{ORIGIN}{OAUTH2}"
    assert document["jwks_uri"] == f"{ORIGIN}{OAUTH2}/.well-known/jwks"
    assert document["scopes_supported"] == ["openid", "profile", "email", "api", "offline_access"]
    assert document["response_modes_supported"] == ["form_post", "query", "fragment"]
    assert document["code_challenge_methods_supported"] == ["plain", "S256"]
    assert document["token_endpoint_auth_methods_supported"] == ["client_secret_post", "client_secret_basic"]


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


@in_loop
async def test_the_top_level_has_folders_by_name_until_the_pages_end() -> None:
    stage = await panopto()
    token = (await tokens(stage))["access_token"]

    async def names(query: str) -> list[str]:
        document = read(await ask(stage, request("GET", f"{ROOT}{query}", bearer(token))))
        assert list(document) == ["Results"]
        return [folder["Name"] for folder in document["Results"]]

    upwards = ["Footwork", "Ring craft", "Students' projects"]
    assert await names("") == await names("?pageNumber=0&sortField=Name&sortOrder=Asc") == upwards
    assert await names("?sortOrder=Desc") == upwards[::-1]
    assert await names("?pageNumber=1") == []


@in_loop
async def test_a_folder_of_the_list_is_empty_itself() -> None:
    stage = await panopto()
    header = bearer((await tokens(stage))["access_token"])
    folder = read(await ask(stage, request("GET", ROOT, header)))["Results"][0]
    assert list(folder) == ["Id", "Name", "Description", "ParentFolder", "Urls"]
    assert folder["Urls"]["FolderUrl"].startswith(f"{ORIGIN}/Panopto/Pages/Sessions/List.aspx?folderID=")
    children = f"/Panopto/api/v1/folders/{folder['Id'].upper()}/children"
    assert read(await ask(stage, request("GET", children, header))) == {"Results": []}


@in_loop
async def test_userinfo_takes_a_token_from_a_form() -> None:
    stage = await panopto()
    token = (await tokens(stage))["access_token"]
    path = f"{OAUTH2}/connect/userinfo"
    assert read(await post(stage, {"access_token": token}, path)) == {"sub": SUBJECT}
    typed = ("content-type", "application/x-www-form-urlencoded; charset=utf-8")
    answer = await ask(stage, request("POST", path, typed, body=f"access_token={token}".encode()))
    assert answer.rule.id == "panopto/userinfo/token-missing"
    lower = ("authorization", f"bearer {token}")
    assert (await ask(stage, request("GET", path, lower))).rule.id == "panopto/userinfo/token-missing"


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
async def test_a_preflight_names_only_what_is_not_simple() -> None:
    stage = await panopto()
    headers = (("origin", "https://localhost"), ("access-control-request-method", "POST"))
    answer = await ask(stage, request("OPTIONS", TOKEN, *headers, ("access-control-request-headers", "Accept")))
    assert (answer.status, answer.rule.id) == (200, "panopto/cors/preflight")
    assert [name for name, _ in answer.headers if name.startswith("Access-")] == ["Access-Control-Allow-Origin"]
    stranger = (("origin", "https://stranger.example"), headers[1])
    assert (await ask(stage, request("OPTIONS", TOKEN, *stranger))).rule.id == "panopto/method"


@in_loop
async def test_a_real_host_name_leads_to_panopto_at_any_socket() -> None:
    stage = await panopto()
    exchange, _ = await stage.respond("decoy", request("GET", DISCOVERY, host="deakin.au.panopto.com"))
    assert exchange.provider == "panopto"
    assert exchange.answer is not None
    assert json.loads(exchange.answer.body)["issuer"] == "https://deakin.au.panopto.com/Panopto/oauth2"
