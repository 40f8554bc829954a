"""An HTTP client for all tests of the Python API; the stages are each test's own."""

from collections.abc import Iterator

import httpx2
import pytest


@pytest.fixture(scope="session")
def http() -> Iterator[httpx2.Client]:
    """A client that believes no certificate is worth a look; making one that does takes a while."""
    with httpx2.Client(trust_env=False, verify=False) as client:
        yield client


@pytest.fixture
def anyio_backend() -> str:
    """The loop of tests that await; trio has tests of its own."""
    return "asyncio"
