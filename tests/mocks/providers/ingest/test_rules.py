"""Every rule of Ingest's, with the exact answer that it gives."""

# ruff: noqa: D103 - the names are sentences

import json
import re

import pytest

from sparring.mocks.engine.rules import Mark, Rule
from sparring.mocks.providers.ingest import rules
from tests.mocks.providers.ingest import api_cases, authorize_cases, token_cases
from tests.mocks.providers.ingest.cases import Case, expected_headers, seen_headers
from tests.mocks.stages import in_loop, open_stage

CASES = [*authorize_cases.CASES, *token_cases.CASES, *api_cases.CASES]
RULES = [rule for rule in vars(rules).values() if isinstance(rule, Rule)]
CODE = re.compile(r"\bcode=[\w-]{43}(?=&|$)")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.label)
def test_a_rule_has_its_answer(case: Case) -> None:
    @in_loop
    async def run() -> None:
        stage = await open_stage()
        stage.clock.freeze()
        answer = await case.scene(stage)
        assert answer.rule.id == case.rule.id
        assert answer.status == case.status
        seen = tuple((name, CODE.sub("code=*", value)) for name, value in seen_headers(answer))
        assert seen == expected_headers(case, answer, stage.clock.now())
        body = answer.body.decode()
        if case.body is not None:
            assert body == case.body
        for words in case.words:
            assert words in body
        if case.members:
            assert tuple(json.loads(body)) == case.members
        recorded = stage.recorder.select()[-1].as_json()
        assert (recorded["rule"], recorded["mend"]) == (case.rule.id, case.rule.mend)

    run()


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
