"""Defects that end the happy path: the one cause is told, and all else is blocked."""

# ruff: noqa: D102 - the class says what its one changed step does

from tests.clients.good.client import CarefulClient, Report
from tests.clients.good.listener import Params
from tests.clients.good.login import Login
from tests.clients.good.trouble import Trouble


class GivesUpAtOnce(CarefulClient):
    """Fails before it has asked anybody for anything."""

    def authenticate(self, *, fresh: bool = False) -> Report:
        raise Trouble("config", "a file of its own is missing")

    def call_api(self, *, times: int = 1, parallel: bool = False) -> Report:
        raise Trouble("config", "a file of its own is missing")


class HasWrongSecret(CarefulClient):
    """Authenticates with a secret that is not the client's."""

    def credentials(self) -> Params:
        return [("client_id", self.settings.client_id), ("client_secret", "yesterdays-secret")]


class JoinsScopesBySpace(CarefulClient):
    """Asks for scopes joined by a space, and knows no other way."""

    class SpacedLogin(Login):
        """A login for scopes as RFC 6749 has them."""

        def parameters(self) -> Params:
            return [
                (name, value.replace(",", " ") if name == "scope" else value) for name, value in super().parameters()
            ]

    def new_login(self) -> Login:
        return self.SpacedLogin(self.settings)


class AsksForAKey(CarefulClient):
    """Asks the authorization endpoint for something that it does not give out."""

    class UnheardOfLogin(Login):
        """A login by a grant that nobody knows."""

        def parameters(self) -> Params:
            return [(name, "key" if name == "response_type" else value) for name, value in super().parameters()]

    def new_login(self) -> Login:
        return self.UnheardOfLogin(self.settings)


class ForgetsTheVersion(CarefulClient):
    """Calls the API without the Accept header that names its version."""

    def api_headers(self, token: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {token}"}
