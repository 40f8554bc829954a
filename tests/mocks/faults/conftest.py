"""Faults on real sockets use the house of the server's tests."""

from tests.mocks.server.conftest import anyio_backend, authority, house, real_hosts

__all__ = ["anyio_backend", "authority", "house", "real_hosts"]
