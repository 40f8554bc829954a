"""One Redis for all tests of a worker."""

from tests.mocks.storage.conftest import redis_url

__all__ = ["redis_url"]
