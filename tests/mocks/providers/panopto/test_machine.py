"""The site against a bystander who knows its engine; and the bystander against broken sites."""

# ruff: noqa: D103 - the names are sentences

import logging

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.mocks.providers.panopto.machine import PanoptoMachine
from tests.mocks.providers.panopto.mutants import MUTANTS, Breaking

LONG = settings(
    max_examples=25,
    stateful_step_count=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
SHORT = settings(LONG, max_examples=300, phases=[Phase.generate], report_multiple_bugs=False)


def test_whatever_clients_and_people_do_the_engine_is_followed() -> None:
    run_state_machine_as_test(PanoptoMachine, settings=LONG)


@pytest.mark.parametrize(("break_it", "words"), MUTANTS, ids=[mutant.__name__ for mutant, _ in MUTANTS])
def test_a_broken_site_is_found_out(break_it: Breaking, words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    break_it(monkeypatch)
    logging.disable(logging.CRITICAL)
    try:
        with pytest.raises(AssertionError, match=words):
            run_state_machine_as_test(PanoptoMachine, settings=SHORT)
    finally:
        logging.disable(logging.NOTSET)
