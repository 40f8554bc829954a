"""What is awaited here is awaited by asyncio."""

import pytest


@pytest.fixture
def anyio_backend() -> str:
    """The event loop under asynchronous tests."""
    return "asyncio"
