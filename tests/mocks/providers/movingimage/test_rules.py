"""Every rule of movingimage, with the exact answer that it gives."""

import pytest

from sparring.mocks.engine.rules import Mark, Rule
from sparring.mocks.providers.movingimage import rules
from tests.mocks.providers.movingimage import consent_cases, login_cases, session_cases, token_cases
from tests.mocks.providers.movingimage.cases import Case, expected, masked, shown
from tests.mocks.providers.movingimage.talk import movingimage
from tests.mocks.stages import in_loop

CASES = consent_cases.CASES + login_cases.CASES + token_cases.CASES + session_cases.CASES
RULES = [rule for rule in vars(rules).values() if isinstance(rule, Rule)]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.rule.id.removeprefix("movingimage/"))
@in_loop
async def test_a_rule_decides_the_whole_answer(case: Case) -> None:
    """Rule, status, headers in their order, body."""
    stage = await movingimage(variants={"movingimage": case.variant})
    answer = await case.scene(stage)
    assert answer.rule.id == case.rule.id
    assert answer.status == case.status
    assert shown(answer) == expected(case, answer, stage.clock.now())
    body = masked(answer.body.decode())
    if case.body is not None:
        assert body == case.body
    for words in case.words:
        assert words in body
    recorded = stage.recorder.select()[-1].as_json()
    assert (recorded["rule"], recorded["mend"]) == (case.rule.id, case.rule.mend)


def test_every_rule_is_reached() -> None:
    """A rule that no request meets says nothing about the fake."""
    assert {case.rule.id for case in CASES} == {rule.id for rule in RULES}


def test_rules_have_ids_of_their_own() -> None:
    """They begin with the provider's name."""
    assert len({rule.id for rule in RULES}) == len(RULES)
    assert all(rule.id.startswith("movingimage/") for rule in RULES)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_names_its_source_and_a_refusal_how_to_mend_it(rule: Rule) -> None:
    """Whoever is refused is told what to do."""
    assert rule.source
    assert isinstance(rule.mark, Mark)
    refusals = {case.rule.id for case in CASES if case.status >= 400}
    if rule.id in refusals:
        assert rule.mend.endswith(".")
