"""What the runs inside these tests share with the one around them."""

from collections.abc import Iterator

import httpx2
import pytest

from sparring.harness import testing
from sparring.harness.testing import trial
from sparring.mocks.testing.backstage import session

MODULES = (httpx2, trial)
"""Imported once: a run inside a test forgets the modules that it was the first to import."""


@pytest.fixture(scope="session", autouse=True)
def loop() -> Iterator[None]:
    """One event loop for all of these runs, with everything imported that a stage may need."""
    with session():
        for tls in (False, True):
            testing.Sparring(tls=tls).open().close()
        yield
