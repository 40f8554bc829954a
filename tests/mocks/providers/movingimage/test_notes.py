"""What a stricter server would have refused is accepted here, and noted in the recording."""

# ruff: noqa: D103 - the names are sentences

import pytest

from sparring.mocks.engine.messages import Request
from sparring.mocks.stage import Stage
from tests.mocks import stages
from tests.mocks.providers.movingimage.talk import (
    CLIENT,
    CONNECT,
    ask,
    calling,
    claims_of,
    forged,
    movingimage,
    password,
    signed_in,
    token_request,
)
from tests.mocks.stages import in_loop

UNSIGNED = "eyJhbGciOiJub25lIn0.eyJjbGllbnRfaWQiOiJleGFtcGxlLWNsaWVudCJ9."
LINK = f"{CONNECT}/auth?client_id=example-client&redirect_uri=https://redirect.example.com/&response_type=code"
BASIC = ("authorization", "Basic YW5vbnltb3VzOg==")


def _notes(stage: Stage) -> list[str]:
    notes: list[str] = stage.recorder.select()[-1].as_json()["facts"].get("notes", [])
    return notes


@pytest.mark.parametrize(
    ("message", "note"),
    [
        (
            stages.request("GET", f"{LINK}&scope=openid&scope=profile"),
            "a parameter is repeated: the first one counts; Keycloak 12 and later refuse that",
        ),
        (
            stages.request("GET", f"{LINK}&scope=openid&request={UNSIGNED}"),
            "the request object was not read: only the plain parameters count",
        ),
        (
            token_request([*password().items(), ("scope", "openid")]),
            "a parameter is repeated: the first one counts; Keycloak 13 and later refuse that",
        ),
        (
            token_request(password(), BASIC),
            "two ways of client authentication: the form's counts; RFC 6749 2.3 forbids that",
        ),
    ],
)
def test_it_is_accepted_and_noted(message: Request, note: str) -> None:
    @in_loop
    async def run() -> None:
        stage = await movingimage()
        assert (await ask(stage, message)).status == 200
        assert _notes(stage) == [note]

    run()


@in_loop
async def test_a_client_may_prove_itself_by_basic_alone() -> None:
    stage = await movingimage()
    form = {name: value for name, value in password().items() if name != "client_id"}
    assert (await ask(stage, token_request(form, BASIC))).status == 200
    assert _notes(stage) == []


@in_loop
async def test_another_scheme_does_no_harm_where_the_form_names_the_client() -> None:
    stage = await movingimage()
    assert (await ask(stage, token_request(password(), ("authorization", "Negotiate abc")))).status == 200
    assert _notes(stage) == []


@in_loop
async def test_a_token_that_the_stage_did_not_issue_is_good_for_its_signature() -> None:
    stage = await movingimage()
    claims = claims_of((await signed_in(stage))["access_token"]) | {"jti": "minted"}
    assert (await ask(stage, calling(forged(stage, claims)))).status == 200
    assert _notes(stage) == ["the token is none that this stage remembers; accepted for its signature"]


@in_loop
async def test_a_secret_of_the_client_without_one_is_not_looked_at() -> None:
    stage = await movingimage()
    answer = await ask(stage, token_request(password({"client_secret": CLIENT["client_secret"]})))
    assert answer.status == 200
    assert _notes(stage) == []
