"""An authorization response that stands in the fragment of the redirect."""

# ruff: noqa: D103 - the names are sentences

from urllib.parse import parse_qsl, urlsplit

import pytest

from sparring.mocks.engine.messages import Answer, redirect_answer
from sparring.mocks.engine.rules import Mark, Rule
from sparring.mocks.faults.authorization_response import AuthorizationResponse
from tests.mocks.providers.ingest.talk import Browser
from tests.mocks.stages import in_loop, open_stage

RULE = Rule("trainer/rule", Mark.DOC, "a test")
IN_FRAGMENT = AuthorizationResponse(set={"x": "1"}, in_fragment=True)


def _moved(location: str) -> str | None:
    return IN_FRAGMENT.answer(redirect_answer(RULE, location)).header("Location")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("http://c/cb?code=a%2Bb&state=s", "http://c/cb#code=a%2Bb&state=s"),
        ("http://c/cb?own=1&code=c&x=1", "http://c/cb?own=1#code=c&x=1"),
        ("http://c/cb?error=access_denied&error_description=no+way", "http://c/cb#error=access_denied&error_description=no+way"),
        ("http://c/cb?own=1", "http://c/cb?own=1"),
        ("http://c/cb", "http://c/cb"),
    ],
)  # fmt: skip
def test_the_response_moves_and_the_redirect_uris_own_query_stays(before: str, after: str) -> None:
    assert _moved(before) == after


def test_an_answer_that_is_no_redirect_goes_out_as_it_is() -> None:
    page = Answer(status=200, rule=RULE)
    assert IN_FRAGMENT.answer(page) is page


def test_without_the_wish_nothing_moves() -> None:
    redirect = redirect_answer(RULE, "http://c/cb?code=c")
    assert AuthorizationResponse(drop=["state"]).answer(redirect) is redirect


@in_loop
async def test_on_a_stage_it_is_a_fact_of_the_exchange() -> None:
    stage = await open_stage()
    stage.faults.add({"id": "f", "effect": {"kind": "authorization-response", "in_fragment": True}})
    answer = await Browser(stage).consent({"state": "s & 1"})
    target = urlsplit(answer.header("Location") or "")
    assert target.query == ""
    assert [name for name, _ in parse_qsl(target.fragment)] == ["code", "state"]
    assert dict(parse_qsl(target.fragment))["state"] == "s & 1"
    again = await Browser(stage).consent({"state": "s"})
    assert "#" not in (again.header("Location") or "#")
    fired = [exchange.request.facts.faults for exchange in stage.recorder.select()]
    assert [each for each in fired if each] == [["f"]]
