"""Who has an account, and which clients are registered: added, changed, removed."""

from collections.abc import Mapping
from typing import Any

from sparring.mocks.control.interface import ControlError
from sparring.mocks.engine.reading import nearest
from sparring.mocks.testing.facts import Facts
from sparring.mocks.testing.opening import register
from sparring.mocks.testing.parties import Client, User, client_of, user_of


class Accounts(Facts):
    """People and clients of one provider; with several on stage, name it: ``stage["ingest"].add_user("eve")``."""

    def add_user(self, username: str, password: str | None = None, **more: Any) -> User:
        """Open an account: ``name``, ``email``, ``attributes``, ``locked``. ControlError where there is one."""
        self._is_new(username, [user.username for user in self.users], "user")
        return self._change_user(username, more if password is None else {**more, "password": password})

    def change_user(self, username: str, **changes: Any) -> User:
        """Change an account: ``password``, ``name``, ``email``, ``attributes``, ``locked``."""
        self._is_known(username, [user.username for user in self.users], "user")
        return self._change_user(username, changes)

    def remove_user(self, username: str) -> None:
        """Close an account; sessions and tokens end with it."""
        name = self.provider
        self._do(lambda control, stage: control.remove_user(stage, name, username))

    def add_client(self, client_id: str, client_secret: str | None = None, **more: Any) -> Client:
        """Register a client: ``public``, ``name``, ``redirect_uris``, ``scopes``, ``grants``, ``enabled``, ``consent``,
        ``lifetimes``; what is left out is as the first client has it, the secret is made up. ControlError where there
        is one of that id.
        """
        self._is_new(client_id, [client.client_id for client in self.clients], "client")
        if client_secret is not None:
            more["secret"] = client_secret
        return self._register(client_id, more)

    def change_client(self, client_id: str | None = None, **changes: Any) -> Client:
        """Change a registered client, the first one where none is named; nobody tells the client.

        ``client_secret``, ``public``, ``name``, ``redirect_uris``, ``scopes``, ``grants``, ``enabled``, ``consent``,
        ``lifetimes``.
        """
        known = [client.client_id for client in self.clients]
        client_id = known[0] if client_id is None else client_id
        self._is_known(client_id, known, "client")
        return self._register(client_id, changes)

    def remove_client(self, client_id: str) -> None:
        """Forget a client: the provider does not know it any more."""
        name = self.provider
        self._do(lambda control, stage: control.remove_client(stage, name, client_id))

    def _change_user(self, username: str, changes: Mapping[str, Any]) -> User:
        name = self.provider
        return user_of(self._do(lambda control, stage: control.change_user(stage, name, username, changes)))

    def _register(self, client_id: str, changes: Mapping[str, Any]) -> Client:
        name = self.provider
        return client_of(self._do(lambda control, stage: register(control, stage, name, client_id, changes)))

    def _is_new(self, name: str, known: list[str], what: str) -> None:
        if name in known:
            raise ControlError(f"{self.provider} has a {what} {name!r} already: change_{what} changes it", 409)

    def _is_known(self, name: str, known: list[str], what: str) -> None:
        if name not in known:
            raise ControlError(f"{self.provider} has no {what} {name!r}; {nearest(name, known)}", 404)
