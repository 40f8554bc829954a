"""A theatre on real sockets, over http and https; whatever it logs as an error fails the test."""

import logging
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from sparring.mocks.providers import NAMES, load
from sparring.mocks.server.ca import LocalCA, open_ca
from sparring.mocks.server.local import local_stages
from tests.mocks.server.sockets import House


@pytest.fixture
def anyio_backend() -> str:
    """Stages live on asyncio's event loop."""
    return "asyncio"


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> LocalCA:
    """One local CA for all tests: making its keys takes a while."""
    return open_ca(tmp_path_factory.mktemp("ca"))


@pytest.fixture(scope="session")
def real_hosts() -> list[str]:
    """Every real host name there is."""
    return [host for name in NAMES for host in load(name).hosts]


@pytest.fixture(params=["http", "https"])
async def house(
    request: pytest.FixtureRequest, authority: LocalCA, caplog: pytest.LogCaptureFixture
) -> AsyncIterator[House]:
    """Stages over http, and over https."""
    tls = request.param == "https"
    folder: Path = authority.certificate.parent
    async with local_stages(tls=tls, ca_folder=folder) as (control, theatre):
        house = House(control, theatre, authority.certificate if tls else None)
        await house.open("ingest", id="prologue")  # after this, uvicorn no longer changes the level of its log
        await control.close_stage("prologue")
        caplog.set_level(logging.WARNING, logger="uvicorn.error")
        yield house
    logged = [record for when in ("setup", "call") for record in caplog.get_records(when)]
    assert [record.getMessage() for record in logged if record.levelno >= logging.ERROR or record.exc_info] == []
