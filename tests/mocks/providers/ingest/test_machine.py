"""The provider against a bystander who knows only the RFCs; and the bystander against broken providers."""

# ruff: noqa: D103 - the names are sentences

import logging

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.mocks.providers.ingest.machine import IngestMachine
from tests.mocks.providers.ingest.mutants import MUTANTS, Breaking

LONG = settings(
    max_examples=60,
    stateful_step_count=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
SHORT = settings(LONG, max_examples=500, phases=[Phase.generate], report_multiple_bugs=False)


def test_whatever_clients_and_people_do_the_rfcs_hold() -> None:
    run_state_machine_as_test(IngestMachine, settings=LONG)


@pytest.mark.parametrize(("break_it", "words"), MUTANTS, ids=[mutant.__name__ for mutant, _ in MUTANTS])
def test_a_broken_provider_is_found_out(break_it: Breaking, words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    break_it(monkeypatch)
    logging.disable(logging.CRITICAL)  # one of them crashes, and that is logged
    try:
        with pytest.raises(AssertionError, match=words):
            run_state_machine_as_test(IngestMachine, settings=SHORT)
    finally:
        logging.disable(logging.NOTSET)
