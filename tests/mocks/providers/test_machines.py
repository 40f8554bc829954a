"""Each provider against a bystander who knows only the documents; and the bystander against broken providers."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.sampling import sample

MACHINES = {
    "rotor": "RotorMachine",
    "clickview": "ClickViewMachine",
    "movingimage": "MovingimageMachine",
    "panopto": "PanoptoMachine",
    "ingest": "IngestMachine",
}
LONG = settings(
    max_examples=15, stateful_step_count=40, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)
SHORT = settings(LONG, max_examples=3000, phases=[Phase.generate], report_multiple_bugs=False)


def _module(provider: str, name: str) -> Any:
    return import_module(f"tests.mocks.providers.{provider}.{name}")


def _machine(provider: str) -> Any:
    return getattr(_module(provider, "machine"), MACHINES[provider])


def _broken() -> Iterator[Any]:
    for provider in MACHINES:
        for break_it, words in _module(provider, "mutants").MUTANTS:
            yield pytest.param(provider, break_it, words, id=f"{provider}-{break_it.__name__}")


@contextmanager
def _quietly() -> Iterator[None]:
    """Some of the broken ones crash, and that is logged."""
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(logging.NOTSET)


@pytest.mark.parametrize("provider", MACHINES)
def test_whatever_clients_and_people_do_the_documents_hold(provider: str) -> None:
    """Fifteen plays of forty moves."""
    run_state_machine_as_test(_machine(provider), settings=LONG)


@pytest.mark.parametrize(("provider", "break_it", "words"), sample(list(_broken()), 4))
def test_a_broken_provider_is_found_out(
    provider: str, break_it: Any, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each by the promise that it breaks."""
    break_it(monkeypatch)
    with _quietly(), pytest.raises(AssertionError, match=words or None):
        run_state_machine_as_test(_machine(provider), settings=SHORT)
