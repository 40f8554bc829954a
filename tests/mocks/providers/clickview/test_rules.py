"""ClickView's rules as developers meet them: where each is from, and how to mend what was refused."""

from sparring.contracts.loading import rules as contract
from sparring.mocks.engine.rules import Rule
from sparring.mocks.providers.clickview import rules


def test_every_rule_says_where_it_is_from() -> None:
    """Ids are unique and bear the provider's name."""
    listed = [rule for rule in vars(rules).values() if isinstance(rule, Rule)]
    assert len(listed) == len(rules.BY_ID)
    assert all(rule.id.startswith("clickview/") and rule.source for rule in listed)


def test_every_refusal_says_how_to_mend_it() -> None:
    """A refusal is what the contract answers with 400 or more, and what leads to the error page."""
    refused = {trial.rule.id for trial in contract("clickview").trials if trial.expect.status >= 400}
    to_the_error_page = {name for name in rules.BY_ID if name.startswith("clickview/authorize/")}
    assert {name for name in refused | to_the_error_page if not rules.BY_ID[name].mend} == set()
