"""One row of the table of defects."""

from typing import Literal, NamedTuple

from tests.clients.good.client import CarefulClient
from tests.clients.good.web_app import App


class Switch(NamedTuple):
    """One defect. Its name is the id of the check that must see it. ``plain_http``: it is one only without TLS.

    ``shows_in``: the scenarios that show it, where its check is an always-on one and the happy path does not. ``app``:
    it is a defect of a web application. ``intercept``: how it must be played for the defect to be seen.
    """

    provider: Literal["clickview", "ingest", "movingimage", "panopto", "rotor"]
    grant: Literal["client_credentials", "authorization_code"]
    client: type[CarefulClient]
    plain_http: bool = False
    shows_in: tuple[str, ...] = ()
    app: type[App] = App
    intercept: Literal["none", "sandbox"] = "none"

    @property
    def does(self) -> str:
        """What it does, in a sentence."""
        return " ".join(((self.client if self.app is App else self.app).__doc__ or "").split())


def clickview(client: type[CarefulClient]) -> Switch:
    """For a defect that shows at ClickView, with the client's own credentials."""
    return Switch("clickview", "client_credentials", client)


def ingest(client: type[CarefulClient]) -> Switch:
    """For a defect that shows at Ingest, with the client's own credentials."""
    return Switch("ingest", "client_credentials", client)


def ingest_code(client: type[CarefulClient], *shows_in: str) -> Switch:
    """For a defect that shows at Ingest, on a user's behalf."""
    return Switch("ingest", "authorization_code", client, shows_in=shows_in)


def movingimage_code(client: type[CarefulClient], *, plain_http: bool = False) -> Switch:
    """For a defect that shows at movingimage, where a login tells who signed in."""
    return Switch("movingimage", "authorization_code", client, plain_http)


def panopto_code(client: type[CarefulClient]) -> Switch:
    """For a defect that shows at Panopto, on a user's behalf."""
    return Switch("panopto", "authorization_code", client)


def rotor(client: type[CarefulClient]) -> Switch:
    """For a defect that shows at Rotor, with a partner's token and its users'."""
    return Switch("rotor", "client_credentials", client)


def ingest_web(app: type[App]) -> Switch:
    """For a defect of a web application, which shows at Ingest."""
    return Switch("ingest", "authorization_code", CarefulClient, app=app)
