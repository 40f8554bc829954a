"""One control, by two transports: whatever is asked of it here is asked of both."""

from collections.abc import AsyncIterator

import httpx2
import pytest

from sparring.mocks.control.client import HttpControl
from sparring.mocks.control.http import control_app
from sparring.mocks.control.interface import Control
from sparring.mocks.server.local import local_stages


@pytest.fixture
def anyio_backend() -> str:
    """Stages live on asyncio's event loop."""
    return "asyncio"


@pytest.fixture(params=["direct", "http"])
async def control(request: pytest.FixtureRequest) -> AsyncIterator[Control]:
    """The control port: by direct call, and over HTTP on a real socket."""
    async with local_stages() as (direct, theatre):
        if request.param == "direct":
            yield direct
            return
        url = await theatre.listen("the control port", control_app(direct))
        async with HttpControl(url) as over_http:
            yield over_http


@pytest.fixture
async def http() -> AsyncIterator[httpx2.AsyncClient]:
    """A client of the fakes themselves."""
    async with httpx2.AsyncClient(trust_env=False) as client:
        yield client
