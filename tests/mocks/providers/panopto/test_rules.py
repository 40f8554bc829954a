"""Panopto's rules as a table; that each has its answer is tried by the contract (tests/contracts)."""

# ruff: noqa: D103 - the names are sentences

import pytest

from sparring.contracts.loading import rules as contract
from sparring.mocks.engine.rules import Mark, Rule
from sparring.mocks.providers.panopto import rules

RULES = [rule for rule in vars(rules).values() if isinstance(rule, Rule)]
STATUSES = {trial.rule.id: trial.expect.status for trial in contract("panopto").trials}


def test_rules_have_ids_of_their_own() -> None:
    assert len({rule.id for rule in RULES}) == len(RULES)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_names_its_source_and_a_refusal_how_to_mend_it(rule: Rule) -> None:
    assert rule.source
    assert isinstance(rule.mark, Mark)
    if STATUSES[rule.id] >= 400:
        assert rule.mend.endswith(".")
