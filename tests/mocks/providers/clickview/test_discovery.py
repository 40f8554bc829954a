"""Discovery: its members, and that every address it names answers."""

import jwt
import pytest

from sparring.mocks.providers.clickview import rules
from tests.mocks import stages
from tests.mocks.providers.clickview.asking import CLIENT_ID, ORIGIN, ask, clickview, exchange, new_token, read
from tests.mocks.stages import in_loop

WELL_KNOWN = "/.well-known/openid-configuration"
SPA = ("origin", "https://spa.example")


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize(("variant", "number"), [("default", 9), ("duende", 10)])
@in_loop
async def test_every_address_answers(method: str, variant: str, number: int) -> None:
    """None is lost, none breaks; where one leads elsewhere, that answers too."""
    stage = await clickview(variants={"clickview": variant})
    document = read(await ask(stage, stages.request("GET", WELL_KNOWN)))
    addresses = [value for value in document.values() if isinstance(value, str) and value != ORIGIN]
    assert len(addresses) == number
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


@pytest.mark.parametrize(("length", "words"), [(51199, b"Invalid JWT request"), (51200, b"Invalid request value")])
@in_loop
async def test_a_request_object_has_a_greatest_length(length: int, words: bytes) -> None:
    """The error page says which of the two was wrong."""
    stage = await clickview()
    form = {"client_id": CLIENT_ID, "request": "r" * length}
    answer = await ask(stage, stages.request("POST", "/connect/authorize", form=form))
    page = await ask(stage, stages.request("GET", (answer.header("Location") or "").removeprefix(ORIGIN)))
    assert b"invalid_request_object, " + words in page.body


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
