"""Every rule of every contract, tried at the fake; and the two tables of rules, row by row."""

# ruff: noqa: D103 - the names are sentences

from functools import cache
from importlib import import_module
from typing import Any

import pytest

from sparring.contracts import ContractError, openapi
from sparring.contracts.loading import Trial, rules
from sparring.contracts.running import Result, Verdict, run_trial
from sparring.mocks.engine.rules import Rule
from sparring.mocks.providers import NAMES
from tests.contracts.places import Stages
from tests.contracts.telling import told
from tests.mocks.stages import in_loop


def trials(provider: str) -> list[Any]:
    """Every trial of a provider; of a table that is not sound, the complaint."""
    try:
        return [pytest.param(trial, id=trial.id) for trial in rules(provider).trials]
    except (ContractError, LookupError) as error:
        return [pytest.param(error, id=f"{provider}/rules.yaml")]


TRIALS = [trial for provider in NAMES for trial in trials(provider)]


@cache
def of_the_fake(provider: str) -> dict[str, Rule]:
    """The rules of the fake, by id."""
    found = vars(import_module(f"sparring.mocks.providers.{provider}.rules")).values()
    return {rule.id: rule for rule in found if isinstance(rule, Rule)}


@pytest.mark.parametrize("trial", TRIALS)
@in_loop
async def test_the_fake_does_what_the_contract_says(trial: Trial | Exception) -> None:
    if isinstance(trial, Exception):
        pytest.fail(str(trial), pytrace=False)
    provider = trial.rule.id.partition("/")[0]
    result = await run_trial(rules(provider), trial, Stages())
    wrong = [] if result.verdict is Verdict.HOLDS else ["it does not hold"]
    if result.rule is not None and result.rule != trial.rule.id:
        wrong.append(f"the fake says that {result.rule} decided the answer, not {trial.rule.id}")
    wrong += undocumented(provider, trial, result)
    if wrong:
        pytest.fail("\n".join([told(result), *(f"  ! {each}" for each in wrong)]), pytrace=False)


def undocumented(provider: str, trial: Trial, result: Result) -> list[str]:
    """What the exchanges of a trial do that the OpenAPI document does not say."""
    judged = result.exchanges[:-1] if trial.undocumented else result.exchanges
    found = (openapi.document(provider).violations(call, reply) for call, reply in judged)
    return [complaint for each in found for complaint in each]


@pytest.mark.parametrize("provider", NAMES)
def test_fake_and_contract_have_the_same_rules(provider: str) -> None:
    known, written = of_the_fake(provider), {rule.id: rule for rule in rules(provider).rules}
    assert sorted(known.keys() - written.keys()) == [], "rules of the fake that the contract lacks"
    assert sorted(written.keys() - known.keys()) == [], "rules of the contract that the fake lacks"
    marks = {name: (known[name].mark.value, written[name].mark) for name in known}
    assert {name: pair for name, pair in marks.items() if pair[0] != pair[1]} == {}, "marks (fake, contract) differ"
