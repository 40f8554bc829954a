"""How a client finds its way, by whatever name it asks; what a browser elsewhere may read."""

# ruff: noqa: D103 - the names are sentences

from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

import pytest

from sparring.mocks.providers.movingimage import PROVIDER
from sparring.mocks.stage import Stage, describe
from tests.mocks import stages
from tests.mocks.providers.movingimage.talk import (
    CONNECT,
    REALM,
    Browser,
    ask,
    calling,
    claims_of,
    exchange,
    movingimage,
    read,
    signed_in,
    token_request,
)
from tests.mocks.stages import in_loop

DISCOVERY = f"{REALM}/.well-known/openid-configuration"
ORIGIN = ("origin", "https://spa.example")
MEMBERS = [
    "issuer",
    "authorization_endpoint",
    "token_endpoint",
    "token_introspection_endpoint",
    "userinfo_endpoint",
    "end_session_endpoint",
    "jwks_uri",
    "check_session_iframe",
    "grant_types_supported",
    "response_types_supported",
    "subject_types_supported",
    "id_token_signing_alg_values_supported",
    "userinfo_signing_alg_values_supported",
    "request_object_signing_alg_values_supported",
    "response_modes_supported",
    "registration_endpoint",
    "token_endpoint_auth_methods_supported",
    "token_endpoint_auth_signing_alg_values_supported",
    "claims_supported",
    "claim_types_supported",
    "claims_parameter_supported",
    "scopes_supported",
    "request_parameter_supported",
    "request_uri_parameter_supported",
    "code_challenge_methods_supported",
    "tls_client_certificate_bound_access_tokens",
    "introspection_endpoint",
]


@in_loop
async def test_the_document_has_the_engines_members_in_its_order() -> None:
    document = read(await ask(await movingimage(), stages.request("GET", DISCOVERY)))
    assert list(document) == MEMBERS
    assert document["grant_types_supported"][0] == "authorization_code"
    assert document["scopes_supported"][0] == "openid"
    assert "RS256" in document["id_token_signing_alg_values_supported"]


NOT_SERVED = {
    "device_authorization_endpoint",
    "backchannel_authentication_endpoint",
    "pushed_authorization_request_endpoint",
}
"""What Keycloak 20 announces and movingimage does not speak of."""


@pytest.mark.parametrize("variant", PROVIDER.variants)
@in_loop
async def test_every_url_that_the_document_names_answers(variant: str) -> None:
    stage = await movingimage(variants={"movingimage": variant})
    document = read(await ask(stage, stages.request("GET", DISCOVERY)))
    left_out = {"issuer", *NOT_SERVED}
    urls = [value for name, value in document.items() if isinstance(value, str) and name not in left_out]
    assert len(urls) == 9
    for url in urls:
        served = [route for route in PROVIDER.routes if route.path == urlsplit(url).path]
        (method, *_) = sorted(served[0].methods)
        answer = await ask(stage, stages.request(method, urlsplit(url).path))
        assert answer.status not in {404, 405, 500}, url


@in_loop
async def test_endpoints_of_the_stage_are_those_of_the_document() -> None:
    stage = await movingimage()
    info = describe(stage)["providers"]["movingimage"]
    document = read(await ask(stage, stages.request("GET", DISCOVERY)))
    assert info["issuer"] == document["issuer"] == "http://127.0.0.1:9401/auth/realms/platform"
    assert info["endpoints"]["authorize"] == document["authorization_endpoint"]
    assert info["endpoints"]["token"] == document["token_endpoint"]
    assert info["endpoints"]["jwks"] == document["jwks_uri"]
    assert info["endpoints"]["userinfo"] == document["userinfo_endpoint"]
    assert info["scope"] == "openid"


@pytest.mark.parametrize(
    ("host", "scheme", "base"),
    [
        ("login.movingimage.com", "https", "https://login.movingimage.com"),
        ("LOGIN.movingimage.com:9403", "http", "https://login.movingimage.com"),
        ("api.video-cdn.net", "https", "https://login.movingimage.com"),
        ("fakes:9403", "http", "http://fakes:9403"),
    ],
)
def test_the_document_speaks_of_the_name_by_which_it_was_asked(host: str, scheme: str, base: str) -> None:
    @in_loop
    async def run() -> None:
        stage = await movingimage()
        document = read(await ask(stage, stages.request("GET", DISCOVERY, host=host, scheme=scheme)))
        assert document["issuer"] == f"{base}{REALM}"
        assert document["token_endpoint"] == f"{base}{CONNECT}/token"
        finger = stages.request(
            "GET", "/.well-known/webfinger?resource=https://api.video-cdn.net/v1/", host=host, scheme=scheme
        )
        assert read(await ask(stage, finger))["links"][0]["href"] == f"{base}{DISCOVERY}"

    run()


@in_loop
async def test_the_api_may_be_asked_for_by_its_own_name_here() -> None:
    stage = await movingimage()
    finger = stages.request("GET", "/.well-known/webfinger?resource=http://127.0.0.1:9401/v1/")
    assert read(await ask(stage, finger))["subject"] == "http://127.0.0.1:9401/v1/"


@in_loop
async def test_an_issuer_given_to_the_stage_wins() -> None:
    stage = await movingimage(issuer="http://localhost:9403/auth/realms/platform")
    document = read(await ask(stage, stages.request("GET", DISCOVERY)))
    assert document["issuer"] == "http://localhost:9403/auth/realms/platform"
    assert document["token_endpoint"] == f"http://127.0.0.1:9401{CONNECT}/token"
    held = await signed_in(stage)
    assert {claims_of(held[kind])["iss"] for kind in ("access_token", "id_token", "refresh_token")} == {
        "http://localhost:9403/auth/realms/platform"
    }
    assert (await ask(stage, calling(held["access_token"]))).status == 200
    assert (await ask(stage, calling(held["access_token"], f"{CONNECT}/userinfo"))).status == 200


async def _token(stage: Stage) -> object:
    return await ask(stage, token_request(exchange(await Browser(stage).code()), ORIGIN))


async def _refused_grant(stage: Stage) -> object:
    return await ask(stage, token_request(exchange("no-code"), ORIGIN))


async def _refused_client(stage: Stage) -> object:
    return await ask(stage, token_request(exchange("no-code", {"client_secret": "guess"}), ORIGIN))


async def _userinfo(stage: Stage) -> object:
    token = (await signed_in(stage))["access_token"]
    return await ask(stage, stages.request("GET", f"{CONNECT}/userinfo", ORIGIN, ("authorization", f"Bearer {token}")))


@pytest.mark.parametrize(
    ("asked", "origins", "readable"),
    [
        (_token, (), False),
        (_token, ("https://spa.example",), True),
        (_refused_grant, ("https://spa.example",), True),
        (_refused_client, ("https://spa.example",), False),
        (_userinfo, (), False),
        (_userinfo, ("https://spa.example",), True),
    ],
)
def test_a_browser_reads_what_is_for_the_clients_own_origins(
    asked: Callable[[Stage], Awaitable[object]], origins: tuple[str, ...], readable: bool
) -> None:
    @in_loop
    async def run() -> None:
        stage = await movingimage(origins=origins)
        await asked(stage)
        (sent,) = [stage.recorder.select()[-1].answer]
        assert sent is not None
        assert sent.header("Access-Control-Allow-Origin") == ("https://spa.example" if readable else None)
        assert sent.header("Access-Control-Allow-Credentials") == ("true" if readable else None)

    run()


@in_loop
async def test_a_clients_origins_stand_in_its_access_tokens() -> None:
    held = await signed_in(await movingimage(origins=("https://spa.example",)))
    claims = claims_of(held["access_token"])
    assert claims["allowed-origins"] == ["https://spa.example"]
    names = list(claims)
    assert names[names.index("allowed-origins") - 1] == "acr"
    assert names[names.index("allowed-origins") + 1] == "realm_access"
    assert "allowed-origins" not in claims_of(held["refresh_token"])


@in_loop
async def test_an_options_request_without_an_origin_is_answered_plainly() -> None:
    answer = await ask(await movingimage(), stages.request("OPTIONS", f"{CONNECT}/certs"))
    assert (answer.status, answer.header("Access-Control-Allow-Methods")) == (200, None)
