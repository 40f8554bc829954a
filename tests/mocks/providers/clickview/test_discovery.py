"""Discovery: its members, and that every address it names answers."""

import jwt
import pytest

from sparring.mocks.providers.clickview import rules
from tests.mocks import stages
from tests.mocks.providers.clickview.asking import ORIGIN, ask, clickview, exchange, new_token, read
from tests.mocks.stages import in_loop

WELL_KNOWN = "/.well-known/openid-configuration"
SPA = ("origin", "https://spa.example")


@in_loop
async def test_members_stand_in_the_engines_order() -> None:
    """As IdentityServer4 4.1 writes them."""
    document = read(await ask(await clickview(), stages.request("GET", WELL_KNOWN)))
    assert list(document) == [
        "issuer",
        "jwks_uri",
        "authorization_endpoint",
        "token_endpoint",
        "userinfo_endpoint",
        "end_session_endpoint",
        "check_session_iframe",
        "revocation_endpoint",
        "introspection_endpoint",
        "device_authorization_endpoint",
        "frontchannel_logout_supported",
        "frontchannel_logout_session_supported",
        "backchannel_logout_supported",
        "backchannel_logout_session_supported",
        "scopes_supported",
        "claims_supported",
        "grant_types_supported",
        "response_types_supported",
        "response_modes_supported",
        "token_endpoint_auth_methods_supported",
        "id_token_signing_alg_values_supported",
        "subject_types_supported",
        "code_challenge_methods_supported",
        "request_parameter_supported",
    ]
    assert document["token_endpoint_auth_methods_supported"] == ["client_secret_basic", "client_secret_post"]
    assert document["scopes_supported"][-1] == "offline_access"
    assert len(document["response_types_supported"]) == 7


@pytest.mark.parametrize("method", ["GET", "POST"])
@in_loop
async def test_every_address_answers(method: str) -> None:
    """None is lost, none breaks; where one leads elsewhere, that answers too."""
    stage = await clickview()
    document = read(await ask(stage, stages.request("GET", WELL_KNOWN)))
    addresses = [value for value in document.values() if isinstance(value, str) and value != ORIGIN]
    assert len(addresses) == 9
    for address in addresses:
        assert address.startswith(f"{ORIGIN}/")
        form: dict[str, str] | None = {} if method == "POST" else None
        answer = await ask(stage, stages.request(method, address.removeprefix(ORIGIN), form=form))
        assert answer.rule != rules.LOST
        assert answer.status < 500
        if location := answer.header("Location"):
            assert location.startswith(f"{ORIGIN}/")
            assert (await ask(stage, stages.request("GET", location.removeprefix(ORIGIN)))).status == 200


@in_loop
async def test_under_the_real_name_all_addresses_are_the_documented_ones() -> None:
    """Whatever the port behind it."""
    answer = await ask(await clickview(), stages.request("GET", WELL_KNOWN, host="auth.clickviewapp.com"))
    document = read(answer)
    assert document["token_endpoint"] == "https://auth.clickviewapp.com/connect/token"
    assert document["jwks_uri"] == "https://auth.clickviewapp.com/.well-known/openid-configuration/jwks"


@in_loop
async def test_a_token_is_verified_with_the_published_key() -> None:
    """By somebody else's library."""
    stage = await clickview()
    token = await new_token(stage)
    document = read(await ask(stage, stages.request("GET", f"{WELL_KNOWN}/jwks")))
    (key,) = document["keys"]
    assert list(key) == ["kty", "use", "kid", "e", "n", "alg"]
    assert jwt.get_unverified_header(token)["kid"] == key["kid"]
    options: jwt.types.Options = {"verify_exp": False, "verify_nbf": False, "verify_iat": False}
    verified = jwt.decode(token, jwt.PyJWK(key), ["RS256"], options, audience="smartembed", issuer=ORIGIN)
    assert verified["client_id"] == "partner-1"


@in_loop
async def test_a_browser_on_an_allowed_origin_may_read() -> None:
    """By default no origin is allowed, and a preflight is a request like any other."""
    request = stages.request("GET", WELL_KNOWN, SPA)
    allowed = await ask(await clickview(origins=("https://spa.example",)), request)
    assert allowed.header("Access-Control-Allow-Origin") == "https://spa.example"
    refused = await ask(await clickview(), request)
    assert refused.header("Access-Control-Allow-Origin") is None
    preflight = stages.request("OPTIONS", "/connect/token", SPA, ("access-control-request-method", "POST"))
    assert (await ask(await clickview(), preflight)).rule == rules.TOKEN_METHOD


@in_loop
async def test_the_error_page_knows_nothing_of_a_made_up_id() -> None:
    """It answers nevertheless."""
    page = await ask(await clickview(), stages.request("GET", "/home/error?errorId=x"))
    assert page.status == 200
    assert b"Sorry, there was an error." in page.body


@pytest.mark.parametrize(
    ("target", "endpoint"),
    [
        ("/connect/token", "token"),
        (WELL_KNOWN, "discovery"),
        (f"{WELL_KNOWN}/jwks", "jwks"),
        ("/connect/authorize", "authorize"),
        ("/connect/userinfo", "userinfo"),
        ("/api/v1/example", "api"),
        ("/api/v1/smart-embed/create-view-key", "api"),
        ("/smart-embed/play", "page"),
        ("/elsewhere", "unknown"),
    ],
)
@in_loop
async def test_names_of_endpoints_in_recordings(target: str, endpoint: str) -> None:
    """Scenarios and faults match by these."""
    assert (await exchange(await clickview(), stages.request("GET", target))).endpoint == endpoint
