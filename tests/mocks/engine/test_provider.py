"""Finding the route of a request, and reading what people wrote."""

# ruff: noqa: D103 - the names are sentences

from dataclasses import dataclass, replace

import pytest

from sparring.mocks.engine.desk import Desk
from sparring.mocks.engine.messages import Answer, Request, empty_answer
from sparring.mocks.engine.provider import Provider, Route
from sparring.mocks.engine.reading import UnreadableError, nearest, read
from sparring.mocks.engine.refusals import Refusal
from sparring.mocks.engine.rules import Mark, Rule
from sparring.mocks.providers import load
from tests.mocks.stages import request

RULE = Rule("trainer/rule", Mark.ASSUMED, "a test")


async def _handler(_desk: Desk, _request: Request) -> Answer:
    return empty_answer(RULE, 200)


def _provider(*routes: Route) -> Provider:
    return replace(load("decoy"), name="trainer", routes=routes, lost_endpoint="unknown")


def test_names_in_a_path_match_one_segment() -> None:
    provider = _provider(Route("api", "/v1/{kind}/{id}.json", _handler))
    endpoint, handler, found = provider.find(request("GET", "/v1/videos/a%20b.json"))
    assert (endpoint, handler) == ("api", _handler)
    assert found.path_params == {"kind": "videos", "id": "a%20b"}
    for path in ("/v1/videos/a/b.json", "/v1/videos/axjson", "/v1//x.json", "/V1/videos/a.json"):
        assert provider.find(request("GET", path))[0] == "unknown"


def test_case_is_ignored_where_the_provider_does() -> None:
    provider = _provider(Route("token", "/OAuth2/Token", _handler, ignore_case=True))
    assert provider.find(request("GET", "/oauth2/token"))[0] == "token"


def test_another_method_is_told_from_another_address() -> None:
    get, post = Route("page", "/x", _handler, frozenset({"GET"})), Route("token", "/x", _handler, frozenset({"POST"}))
    provider = _provider(get, post)
    assert provider.find(request("GET", "/x"))[:2] == ("page", _handler)
    assert provider.find(request("POST", "/x"))[:2] == ("token", _handler)
    endpoint, handler, _ = provider.find(request("PUT", "/x"))
    assert endpoint in {"page", "token"}
    assert handler is provider.wrong_method
    assert provider.find(request("GET", "/y"))[1] is provider.lost


def test_what_may_be_asked_with_get_may_be_asked_with_head() -> None:
    # RFC 9110 section 9.3.2
    page, form = Route("page", "/x", _handler, frozenset({"GET"})), Route("form", "/y", _handler, frozenset({"POST"}))
    provider = _provider(page, form, Route("probe", "/z", _handler, frozenset({"HEAD"})))
    assert provider.find(request("HEAD", "/x"))[:2] == ("page", _handler)
    assert provider.find(request("HEAD", "/y"))[1] is provider.wrong_method
    assert provider.find(request("HEAD", "/z"))[:2] == ("probe", _handler)
    assert provider.find(request("GET", "/z"))[1] is provider.wrong_method


def test_an_address_that_is_written_out_comes_with_those_that_have_names() -> None:
    named, plain = Route("api", "/v1/{kind}", _handler), Route("videos", "/v1/videos", _handler)
    assert _provider(named, plain).find(request("GET", "/v1/videos"))[0] == "api"
    assert _provider(plain, named).find(request("GET", "/v1/videos"))[0] == "videos"


def test_an_address_may_be_several_endpoints() -> None:
    provider = _provider(Route(lambda message: message.method.lower(), "/x", _handler))
    assert [provider.find(request(method, "/x"))[0] for method in ("GET", "POST")] == ["get", "post"]


@dataclass(frozen=True)
class _Wish:
    name: str
    times: int = 1


def test_what_people_wrote_is_read_with_its_types() -> None:
    assert read(_Wish, {"name": "n"}, "a wish") == _Wish("n")


@pytest.mark.parametrize(
    ("document", "complaint"),
    [
        ({"nam": "n"}, "unknown member 'nam' in a wish; did you mean 'name'?"),
        ({"xyz": "n"}, "unknown member 'xyz' in a wish; there are: name, times"),
        ({}, "a wish: Object missing required field `name`"),
        ({"name": 1}, "a wish: Expected `str`, got `int` - at `$.name`"),
        ({"name": "n", "times": True}, "a wish: Expected `int`, got `bool` - at `$.times`"),
        ([], "a wish is a JSON object"),
        (None, "a wish is a JSON object"),
    ],
)
def test_a_complaint_is_one_sentence(document: object, complaint: str) -> None:
    with pytest.raises(UnreadableError) as raised:
        read(_Wish, document, "a wish")  # type: ignore[arg-type]  # people write anything
    assert str(raised.value) == complaint


def test_the_nearest_word_is_offered() -> None:
    assert nearest("tokn", ["token", "code"]) == "did you mean 'token'?"
    assert nearest("zzz", ["token", "code"]) == "there are: token, code"


def test_a_refusal_names_its_rule() -> None:
    refusal = Refusal(RULE, "invalid_grant", "words")
    assert str(refusal) == "trainer/rule: invalid_grant"
    assert (refusal.rule, refusal.error, refusal.description) == (RULE, "invalid_grant", "words")
    assert (refusal.status, Refusal(RULE, status=403).status) == (400, 403)


def test_a_refusal_may_have_neither_code_nor_words() -> None:
    refusal = Refusal(RULE)
    assert (refusal.error, refusal.description) == ("", None)
