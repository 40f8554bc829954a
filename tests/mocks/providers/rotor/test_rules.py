"""Every rule of Rotor: the request that meets it, and the whole answer."""

import pytest

from sparring.mocks.engine.rules import Rule
from sparring.mocks.providers.rotor import rules
from tests.mocks.providers.rotor import api_cases, token_cases
from tests.mocks.providers.rotor.asking import Case, rotor, shown
from tests.mocks.stages import in_loop

CASES = token_cases.CASES + api_cases.CASES


def _name(case: Case) -> str:
    return case.rule.id.removeprefix("rotor/")


@pytest.mark.parametrize("case", CASES, ids=_name)
@in_loop
async def test_a_rule_decides_the_whole_answer(case: Case) -> None:
    """Rule, status, headers in their order, body byte for byte."""
    answer = await case.play(await rotor(case.variant))
    assert answer.rule == case.rule
    assert answer.status == case.status
    assert shown(answer.headers) == case.headers
    if case.body is not None:
        assert answer.body == case.body


def test_every_rule_has_a_case() -> None:
    """A rule that no request meets says nothing about the fake."""
    assert {case.rule.id for case in CASES} == set(rules.BY_ID)


def test_every_rule_says_where_it_is_from_and_every_refusal_how_to_mend_it() -> None:
    """Ids are unique and bear the provider's name."""
    listed = [rule for rule in vars(rules).values() if isinstance(rule, Rule)]
    assert len(listed) == len(rules.BY_ID)
    assert all(rule.id.startswith("rotor/") and rule.source for rule in listed)
    refused = {case.rule for case in CASES if case.status >= 400}
    assert {rule.id for rule in refused if not rule.mend} == set()
