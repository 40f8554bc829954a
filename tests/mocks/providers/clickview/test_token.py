"""The token endpoint of ClickView: what is not said by one rule alone."""

import base64
import json
from typing import Any

import pytest

from sparring.mocks.engine.messages import Request
from tests.mocks import stages
from tests.mocks.providers.clickview.asking import (
    CLIENT_ID,
    NOW,
    ORIGIN,
    SCOPE,
    SECRET,
    ask,
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


def with_basic() -> Request:
    """The document's sample request, with credentials in the header as well, the scheme in odd letters."""
    pair = base64.b64encode(f"{CLIENT_ID}:{SECRET}".encode()).decode()
    return stages.request("POST", "/connect/token", ("authorization", f"bASIC {pair}"), form=form())


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


@pytest.mark.parametrize(
    ("request_", "notes"),
    [
        (with_basic(), ["credentials in header and body; those of the header were taken"]),
        (
            stages.request("POST", "/connect/token", form=[*form().items(), ("grant_type", "nonsense")]),
            ["grant_type came again; its first value was taken, a stricter server would refuse"],
        ),
        (
            stages.request("POST", "/connect/token", form={"SCOPE": SCOPE, **form(scope=None)}),
            ["SCOPE was read as scope; a stricter server would not know it"],
        ),
        (token_request(scope=None), ["scope was left out, although the document calls it required"]),
        (token_request(scope=" "), ["scope was left out, although the document calls it required"]),
    ],
)
@in_loop
async def test_what_a_stricter_server_would_refuse_is_accepted_and_noted(request_: Request, notes: list[str]) -> None:
    """The recording says so, the wire does not."""
    done = await exchange(await clickview(), request_)
    assert done.answer is not None
    assert done.answer.status == 200
    assert done.request.facts.notes == notes
