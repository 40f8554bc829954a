"""View keys: the documented request and answer, and the pages they open."""

from sparring.mocks.providers.clickview import rules
from tests.mocks import stages
from tests.mocks.providers.clickview.asking import NOW, ask, clickview, exchange, read
from tests.mocks.providers.clickview.viewing import TEACHER, create, new_view_key
from tests.mocks.stages import in_loop

RFC7231 = "https://tools.ietf.org/html/rfc7231#section-"


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
