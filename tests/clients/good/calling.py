"""The careful client as a Python object, for the driver ``callable``: ``tests.clients.good.calling:client``."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from tests.clients.good.careful import careful
from tests.clients.good.settings import from_environment

if TYPE_CHECKING:
    from tests.clients.good.client import CarefulClient


class Calling:
    """The three methods that the driver calls, and ``close``."""

    def __init__(self, client: "CarefulClient") -> None:
        self._client = client

    def authenticate(self, *, fresh: bool = False, user: str | None = None) -> dict[str, Any]:
        """Make sure of a usable token."""
        if user is not None:
            self._client.turn_to(user)
        return self._client.authenticate(fresh=fresh)

    async def call_api(self, *, times: int = 1, parallel: bool = False) -> dict[str, Any]:
        """Call the API; a method may be a coroutine."""
        return self._client.call_api(times=times, parallel=parallel)

    def register(self, remote_user_id: str) -> None:
        """Make a user known."""
        self._client.register(remote_user_id)

    def close(self) -> None:
        """The end."""
        self._client.close()


def client(context: Mapping[str, Any]) -> Calling:
    """The factory."""
    return Calling(careful(from_environment(), context["visit"]))
