"""Every rule of Panopto's, with the exact answer that it gives."""

# ruff: noqa: D103 - the names are sentences

import pytest

from sparring.mocks.engine.rules import Mark, Rule
from sparring.mocks.providers.panopto import rules
from tests.mocks.providers.panopto import api_cases, authorize_cases, token_cases
from tests.mocks.providers.panopto.talk import Case, expected_headers, panopto, shown_headers
from tests.mocks.stages import in_loop

CASES = [*authorize_cases.CASES, *token_cases.CASES, *api_cases.CASES]
RULES = [rule for rule in vars(rules).values() if isinstance(rule, Rule)]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.label)
@in_loop
async def test_a_rule_has_its_answer(case: Case) -> None:
    stage = await panopto()
    answer = await case.scene(stage)
    assert answer.rule.id == case.rule.id
    assert answer.status == case.status
    assert shown_headers(answer, case) == expected_headers(case, answer, stage.clock.now())
    body = answer.body.decode()
    if case.body is not None:
        assert body == case.body
    assert [words for words in case.words if words not in body] == []
    recorded = stage.recorder.select()[-1].as_json()
    assert (recorded["rule"], recorded["mend"]) == (case.rule.id, case.rule.mend)


def test_every_rule_is_reached() -> None:
    assert {case.rule.id for case in CASES} == {rule.id for rule in RULES}


def test_rules_have_ids_of_their_own() -> None:
    assert len({rule.id for rule in RULES}) == len(RULES)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_names_its_source_and_a_refusal_how_to_mend_it(rule: Rule) -> None:
    assert rule.source
    assert isinstance(rule.mark, Mark)
    refusals = {case.rule.id for case in CASES if case.status >= 400}
    if rule.id in refusals:
        assert rule.mend.endswith(".")
