"""One Redis for all tests of a worker."""

from collections.abc import Iterator

import pytest

from tests.mocks.storage.redis_server import PROGRAM, free_port, redis_server


@pytest.fixture(scope="session")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server that is there for these tests only."""
    pytest.importorskip("redis", reason="the redis library is not installed")
    if PROGRAM is None:
        pytest.skip("neither redis-server nor valkey-server is installed")
    port = free_port()
    with redis_server(tmp_path_factory.mktemp("redis"), port):
        yield f"redis://127.0.0.1:{port}/0"
