"""The token endpoint of ClickView: what is not said by one rule alone."""

import base64
import json
from typing import Any

import pytest

from sparring.mocks.engine.messages import Request
from sparring.mocks.providers.clickview import rules
from tests.mocks import stages
from tests.mocks.providers.clickview.asking import (
    NOW,
    ORIGIN,
    SCOPE,
    SECRET,
    ask,
    change_client,
    clickview,
    exchange,
    form,
    new_token,
    read,
    token_request,
)
from tests.mocks.stages import in_loop


def part(token: str, index: int) -> dict[str, Any]:
    """Header (0) or payload (1) of a JWT."""
    text = token.split(".")[index]
    document = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    assert isinstance(document, dict)
    return document


def basic(client_id: str, secret: str | None = None) -> tuple[str, str]:
    """A Basic header; the pair goes in as it is."""
    pair = client_id if secret is None else f"{client_id}:{secret}"
    return "authorization", "Basic " + base64.b64encode(pair.encode()).decode()


def with_header(header: tuple[str, str], **changes: str | None) -> Request:
    """A token request with that header and the form, changed."""
    return stages.request("POST", "/connect/token", header, form=form(**changes))


@in_loop
async def test_the_answer_has_the_documents_members_in_its_order() -> None:
    """The engine would put expires_in before token_type; the document's word wins."""
    document = read(await ask(await clickview(), token_request()))
    assert list(document) == ["access_token", "token_type", "expires_in", "scope"]
    assert document | {"access_token": ""} == {
        "access_token": "",
        "token_type": "Bearer",
        "expires_in": 86400,
        "scope": SCOPE,
    }


@in_loop
async def test_the_token_is_one_of_identityserver() -> None:
    """Header and payload in the engine's order, no sub, scope an array, ids of 32 digits in upper case."""
    token = await new_token(await clickview())
    header, payload = part(token, 0), part(token, 1)
    assert token.startswith("eyJ")
    assert list(header.items())[::2] == [("alg", "RS256"), ("typ", "at+jwt")]
    assert list(header)[1] == "kid"
    assert list(payload) == ["nbf", "exp", "iss", "aud", "client_id", "jti", "iat", "scope"]
    for value in (header["kid"], payload["jti"]):
        assert len(value) == 32
        assert set(value) <= set("0123456789ABCDEF")
    assert payload | {"jti": ""} == {
        "nbf": NOW,
        "exp": NOW + 86400,
        "iss": ORIGIN,
        "aud": "smartembed",
        "client_id": "partner-1",
        "jti": "",
        "iat": NOW,
        "scope": [SCOPE],
    }


@in_loop
async def test_the_same_seed_gives_the_same_bytes_and_no_token_twice() -> None:
    """A look at the keys in between changes nothing."""
    one, two = await clickview(seed=7), await clickview(seed=7)
    first = await new_token(one)
    await ask(two, stages.request("GET", "/.well-known/openid-configuration/jwks"))
    assert await new_token(two) == first
    assert await new_token(two) != first
    assert await new_token(await clickview(seed=8)) != first


@in_loop
async def test_facts_tell_client_grant_and_token() -> None:
    """What the wire does not show."""
    facts = (await exchange(await clickview(), token_request())).request.facts
    assert (facts.client, facts.grant, facts.notes) == ("partner-1", "client_credentials", [])
    (issued,) = facts.issued
    assert (issued["kind"], issued["generation"], issued["expires_at"]) == ("access_token", 1, NOW + 86400)


@pytest.mark.parametrize(
    ("wishes", "host", "issuer"),
    [
        ({}, "127.0.0.1:9401", ORIGIN),
        ({}, "LocalHost:1234", "http://localhost:1234"),
        ({}, "auth.clickviewapp.com", "https://auth.clickviewapp.com"),
        ({}, "Integrations.ClickViewApp.com:9401", "https://auth.clickviewapp.com"),
        ({"issuer": "http://fakes:9401"}, "localhost:1234", "http://fakes:9401"),
        ({"issuer": "http://fakes:9401"}, "auth.clickviewapp.com", "http://fakes:9401"),
        ({}, "[::1", "http://[::1"),
    ],
)
@in_loop
async def test_the_issuer_is_the_name_by_which_the_server_is_asked(
    wishes: dict[str, str], host: str, issuer: str
) -> None:
    """Its own name where that is used, the origin elsewhere, what was wished above all; discovery agrees."""
    stage = await clickview(**wishes)
    request = stages.request("POST", "/connect/token", form=form(), host=host)
    assert part(str(read(await ask(stage, request))["access_token"]), 1)["iss"] == issuer
    document = await ask(stage, stages.request("GET", "/.well-known/openid-configuration", host=host))
    assert read(document)["issuer"] == issuer


@in_loop
async def test_the_variant_bare_says_nothing_of_a_refused_client() -> None:
    """The document has a description, the engine none; the status is the engine's in both."""
    answer = await ask(await clickview(variants={"clickview": "bare"}), token_request(client_secret="wrong"))
    assert answer.rule == rules.SECRET_WRONG
    assert answer.status == 400
    assert answer.body == b'{"error":"invalid_client"}'
    assert answer.header("WWW-Authenticate") is None


@pytest.mark.parametrize(
    "request_",
    [
        with_header(basic("partner-1", SECRET), client_id=None, client_secret=None),
        with_header(("authorization", basic("partner-1", SECRET)[1].replace("Basic", "bASIC")), client_id=None),
        with_header(("authorization", "Basic %%%")),
        with_header(basic("no colon")),
        with_header(basic("p" * 101, SECRET)),
        with_header(basic("partner-1", "s" * 101)),
        with_header(basic("partner-1", "")),
        with_header(basic("partner-1", SECRET), client_id="nobody", client_secret="wrong"),
        stages.request("POST", "/CONNECT/Token", form=form()),
    ],
)
@in_loop
async def test_ways_to_prove_who_one_is(request_: Request) -> None:
    """Header before body; a header that is malformed, too long or without a secret is passed over."""
    assert (await ask(await clickview(), request_)).rule == rules.ISSUED


@in_loop
async def test_both_halves_of_a_basic_header_are_form_decoded() -> None:
    """A raw percent sign or plus in a secret is not what it seems."""
    stage = await clickview()
    await change_client(stage, secret="a+b %c")
    decoded = with_header(basic("partner%2D1", "a%2Bb+%25c"), client_id=None, client_secret=None)
    raw = with_header(basic("partner-1", "a+b %c"), client_id=None, client_secret=None)
    assert (await ask(stage, decoded)).rule == rules.ISSUED
    assert (await ask(stage, raw)).rule == rules.SECRET_WRONG


@in_loop
async def test_two_ways_at_once_are_accepted_and_noted() -> None:
    """A stricter server would refuse."""
    facts = (await exchange(await clickview(), with_header(basic("partner-1", SECRET)))).request.facts
    assert facts.notes == ["credentials in header and body; those of the header were taken"]


@in_loop
async def test_a_wrong_header_is_not_saved_by_a_good_body() -> None:
    """The header came with a secret, so it decides."""
    answer = await ask(await clickview(), with_header(basic("partner-1", "wrong")))
    assert answer.rule == rules.SECRET_WRONG


@in_loop
async def test_of_a_repeated_parameter_the_first_value_counts() -> None:
    """As in IdentityServer4; other versions would join them."""
    twice = [*form().items(), ("grant_type", "nonsense")]
    done = await exchange(await clickview(), stages.request("POST", "/connect/token", form=twice))
    assert done.answer is not None
    assert done.answer.rule == rules.ISSUED
    (note,) = done.request.facts.notes
    assert note.startswith("grant_type came again")


@in_loop
async def test_parameter_names_are_known_in_any_case() -> None:
    """ASP.NET Core's forms do not tell upper from lower case."""
    upper = {name.upper(): value for name, value in form().items()}
    done = await exchange(await clickview(), stages.request("POST", "/connect/token", form=upper))
    assert done.answer is not None
    assert done.answer.rule == rules.ISSUED
    assert len(done.request.facts.notes) == 4


@in_loop
async def test_the_query_is_not_looked_at() -> None:
    """Credentials there are as good as none."""
    target = f"/connect/token?grant_type=client_credentials&client_id=partner-1&client_secret={SECRET}&scope={SCOPE}"
    assert (await ask(await clickview(), stages.request("POST", target, form={}))).rule == rules.CLIENT_MISSING


@in_loop
async def test_a_content_type_with_a_charset_will_do() -> None:
    """Only the media type counts."""
    body = token_request().body
    kind = ("content-type", "Application/X-WWW-Form-Urlencoded; charset=utf-8")
    assert (await ask(await clickview(), stages.request("POST", "/connect/token", kind, body=body))).status == 200


@pytest.mark.parametrize("scope", [None, " ", "smartembed.viewkey smartembed.extra smartembed.viewkey"])
@in_loop
async def test_scopes_come_back_sorted_and_each_once(scope: str | None) -> None:
    """Left out or blank, they are all that the client may have, and the recording notes it."""
    stage = await clickview()
    await change_client(stage, scopes=(SCOPE, "smartembed.extra"))
    done = await exchange(stage, token_request(scope=scope))
    assert done.answer is not None
    document = read(done.answer)
    assert document["scope"] == "smartembed.extra smartembed.viewkey"
    assert part(document["access_token"], 1)["scope"] == ["smartembed.extra", "smartembed.viewkey"]
    noted = ["scope was left out, although the document calls it required"]
    assert done.request.facts.notes == ([] if scope and scope.strip() else noted)


@in_loop
async def test_a_disabled_client_is_an_unknown_one() -> None:
    """Nobody is told the difference."""
    stage = await clickview()
    await change_client(stage, enabled=False)
    assert (await ask(stage, token_request())).rule == rules.CLIENT_UNKNOWN


@in_loop
async def test_a_client_without_a_secret_needs_none() -> None:
    """The engine asks a public client for nothing."""
    stage = await clickview()
    await change_client(stage, secret=None)
    assert (await ask(stage, token_request(client_secret=None))).rule == rules.ISSUED


@in_loop
async def test_the_lifetime_is_the_stages() -> None:
    """Short lives for tests in real time."""
    stage = await clickview(lifetimes={"clickview": {"access_token": 3}})
    document = read(await ask(stage, token_request()))
    assert document["expires_in"] == 3
    assert part(document["access_token"], 1)["exp"] == NOW + 3
