"""The provider against a bystander who knows only documents and RFCs; and the bystander against broken providers."""

# ruff: noqa: D103 - the names are sentences

import logging

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.mocks.providers.clickview.machine import ClickViewMachine
from tests.mocks.providers.clickview.mutants import MUTANTS, Breaking

LONG = settings(
    max_examples=60,
    stateful_step_count=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
SHORT = settings(LONG, max_examples=300, phases=[Phase.generate], report_multiple_bugs=False)


def test_whatever_partners_and_viewers_do_the_documents_hold() -> None:
    run_state_machine_as_test(ClickViewMachine, settings=LONG)


@pytest.mark.parametrize(("break_it", "words"), MUTANTS, ids=[mutant.__name__ for mutant, _ in MUTANTS])
def test_a_broken_provider_is_found_out(break_it: Breaking, words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    break_it(monkeypatch)
    logging.disable(logging.CRITICAL)  # one of them crashes, and that is logged
    try:
        with pytest.raises(AssertionError, match=words):
            run_state_machine_as_test(ClickViewMachine, settings=SHORT)
    finally:
        logging.disable(logging.NOTSET)
