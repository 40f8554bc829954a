"""Whatever browsers and clients do, codes, sessions and tokens go together; and broken providers are found out."""

# ruff: noqa: D103 - the names are sentences

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from sparring.mocks.engine.desk import Desk
from sparring.mocks.providers.movingimage import sessions
from tests.mocks.providers.movingimage.machine import MovingimageMachine

LONG = settings(
    max_examples=20,
    stateful_step_count=30,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
SHORT = settings(LONG, max_examples=300, stateful_step_count=60, phases=[Phase.generate], report_multiple_bugs=False)


async def _nothing(*_: object) -> None:
    """Forget to do it."""


async def _always(_desk: Desk, _session: sessions.SsoSession) -> bool:
    return True


def test_whatever_browsers_and_clients_do_the_bookkeeping_holds() -> None:
    run_state_machine_as_test(MovingimageMachine, settings=LONG)


@pytest.mark.parametrize(
    ("name", "instead"),
    [("detach", _nothing), ("end", _nothing), ("active", _always)],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_broken_provider_is_found_out(
    name: str, instead: Callable[..., object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sessions, name, instead)
    with pytest.raises(AssertionError):
        run_state_machine_as_test(MovingimageMachine, settings=SHORT)
