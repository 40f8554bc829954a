"""Clients that are too easily content with the issuer in a callback."""

# ruff: noqa: D102 - the class says what its one changed step does

from collections.abc import Mapping

from tests.clients.broken.switch import Switch, movingimage_code
from tests.clients.good.client import CarefulClient
from tests.clients.good.listener import Params
from tests.clients.good.login import Login


class Folding(Login):
    """A login that takes an issuer for its own where no more than a slash or capitals differ."""

    def read_callback(self, params: Params) -> str:
        own = self.settings.issuer
        return super().read_callback([(n, own if n == "iss" and _folded(v) == _folded(own) else v) for n, v in params])


class FoldsIssuers(CarefulClient):
    """Compares issuers without slashes at their ends, and without regard to capitals."""

    def new_login(self) -> Login:
        return Folding(self.settings)


class Content(Login):
    """A login that compares `iss` where there is one."""

    def check_issuer(self, issuer: str | None) -> None:
        if issuer is not None:
            super().check_issuer(issuer)


class MissesNoIssuer(CarefulClient):
    """Does not mind that a callback lacks the issuer that its provider promised."""

    def new_login(self) -> Login:
        return Content(self.settings)


def _folded(issuer: str) -> str:
    return issuer.rstrip("/").lower()


SWITCHES: Mapping[str, Switch] = {
    "issuer-is-compared-by-letter": movingimage_code(FoldsIssuers),
    "promised-issuer-is-missed": movingimage_code(MissesNoIssuer),
}
