"""The provider against a bystander who knows only the documents; and the bystander against broken providers."""

import logging

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.mocks.providers.rotor.machine import RotorMachine
from tests.mocks.providers.rotor.mutants import MUTANTS, Breaking

LONG = settings(
    max_examples=60,
    stateful_step_count=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
SHORT = settings(LONG, max_examples=300, phases=[Phase.generate], report_multiple_bugs=False)


def test_whatever_partners_do_the_documents_hold() -> None:
    """Sixty plays of forty moves each."""
    run_state_machine_as_test(RotorMachine, settings=LONG)


@pytest.mark.parametrize(("break_it", "words"), MUTANTS, ids=[mutant.__name__ for mutant, _ in MUTANTS])
def test_a_broken_provider_is_found_out(break_it: Breaking, words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each of them by the promise that it breaks."""
    break_it(monkeypatch)
    logging.disable(logging.CRITICAL)
    try:
        with pytest.raises(AssertionError, match=words):
            run_state_machine_as_test(RotorMachine, settings=SHORT)
    finally:
        logging.disable(logging.NOTSET)
