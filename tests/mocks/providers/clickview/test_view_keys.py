"""View keys: the documented request and answer, and the pages they open."""

import pytest

from sparring.mocks.providers.clickview import rules
from tests.mocks import stages
from tests.mocks.providers.clickview.asking import NOW, ORIGIN, ask, bearing, clickview, exchange, read
from tests.mocks.providers.clickview.viewing import STUDENT, TEACHER, create, new_view_key
from tests.mocks.stages import in_loop

RFC7231 = "https://tools.ietf.org/html/rfc7231#section-"


@pytest.mark.parametrize(
    "data",
    [
        TEACHER,
        STUDENT,
        {name: value for name, value in TEACHER.items() if name != "jobTitle"},
        TEACHER | {"countryCode": "AU", "anything": {"else": 1}},
        STUDENT | {"firstName": None, "jobTitle": "Pupil"},
    ],
)
@in_loop
async def test_bodies_as_documented_are_accepted(data: dict[str, object]) -> None:
    """Members that only an agreement knows are let through; null counts as left out."""
    answer = await create(await clickview(), {"mediaId": "123456", "data": data}, "application/json; charset=utf-8")
    assert answer.rule == rules.VIEW_KEY
    document = read(answer)
    assert list(document) == ["mediaId", "viewKey", "embedUrl"]
    assert document["mediaId"] == "123456"
    assert document["viewKey"].startswith("eyJ")
    assert document["embedUrl"] == f"{ORIGIN}/smart-embed/play?viewKey={document['viewKey']}"


@in_loop
async def test_member_names_are_known_in_any_case() -> None:
    """The documents themselves write MediaId now and then."""
    data = {name.upper(): value for name, value in TEACHER.items()}
    assert (await create(await clickview(), {"MediaId": "1", "DATA": data})).rule == rules.VIEW_KEY


@in_loop
async def test_under_the_real_name_the_embed_url_is_the_documented_one() -> None:
    """Whichever of the two names was used."""
    body = {"mediaId": "123456", "data": TEACHER}
    answer = await create(await clickview(), body, host="integrations.clickviewapp.com")
    assert read(answer)["embedUrl"].startswith("https://integrations.clickviewapp.com/smart-embed/play?viewKey=eyJ")


@in_loop
async def test_problems_are_told_as_aspnet_core_does() -> None:
    """Members in its order, and a trace id of the W3C's form."""
    stage = await clickview()
    unsupported = read(await create(stage, {}, "text/plain"))
    assert list(unsupported) == ["type", "title", "status", "traceId"]
    assert unsupported["type"] == f"{RFC7231}6.5.13"
    assert (unsupported["title"], unsupported["status"]) == ("Unsupported Media Type", 415)
    invalid = read(await create(stage, {"mediaId": 1, "data": TEACHER}))
    assert list(invalid) == ["type", "title", "status", "traceId", "errors"]
    assert invalid["type"] == f"{RFC7231}6.5.1"
    assert (invalid["title"], invalid["status"]) == ("One or more validation errors occurred.", 400)
    assert list(invalid["errors"]) == ["$.mediaId"]
    assert [len(part) for part in invalid["traceId"].split("-")] == [2, 32, 16, 2]


@in_loop
async def test_a_view_key_lives_for_eight_hours_and_renews_itself_when_loaded() -> None:
    """The second viewing is noted: the document asks for a new key each time."""
    stage = await clickview()
    request = stages.request("GET", f"/smart-embed/play?viewKey={await new_view_key(stage)}")
    stage.clock.advance(28799)
    first = await exchange(stage, request)
    assert first.answer is not None
    assert first.answer.rule == rules.PLAY
    assert b"123456" in first.answer.body
    assert first.request.facts.notes == []
    stage.clock.advance(28799)
    again = await exchange(stage, stages.request("GET", f"{request.path}?{request.query}"))
    assert again.answer is not None
    assert again.answer.rule == rules.PLAY
    assert len(again.request.facts.notes) == 1
    stage.clock.advance(28800)
    assert (await ask(stage, request)).rule == rules.PLAY_EXPIRED


@in_loop
async def test_facts_of_a_view_key() -> None:
    """Issued once, presented once, under one fingerprint."""
    stage = await clickview()
    answer = await create(stage, {"mediaId": "123456", "data": TEACHER})
    (issued,) = stage.recorder.select()[-1].request.facts.issued
    assert (issued["kind"], issued["expires_at"]) == ("view_key", NOW + 28800)
    page = await exchange(stage, stages.request("GET", f"/smart-embed/play?viewKey={read(answer)['viewKey']}"))
    (presented,) = page.request.facts.presented
    assert (presented["fp"], presented["valid"], presented["where"]) == (issued["fp"], True, "query")


@in_loop
async def test_a_view_key_is_no_access_token() -> None:
    """The signature fits, the audience does not."""
    stage = await clickview()
    assert (await ask(stage, bearing(await new_view_key(stage)))).rule == rules.AUDIENCE_INVALID
