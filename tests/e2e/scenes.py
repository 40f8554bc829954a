"""How a person comes to each of the pages that a browser can be shown."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.e2e.browsing import Set, Studio, Window

PROVIDERS = ("movingimage", "panopto", "ingest", "clickview")
ASKS = {"movingimage": "asks-for-consent"}
"""The clients for which the provider asks a person, where it does not ask for every client."""

NEW_PASSWORD = "grace"
RELEASE_20 = "keycloak-20"


@dataclass(frozen=True, slots=True)
class Stroll:
    """A window, the stage that it visits, and the redirect URI of the client."""

    window: Window
    stage: Set
    callback: str

    def ask(self, provider: str, **changes: str) -> None:
        """Begin a login in a browser that knows nobody."""
        self.window.forget()
        self.window.open(self.stage.asking(provider, self.callback, **changes))

    def person(self, provider: str, username: str = "") -> tuple[str, str]:
        """Username and password; of the first person where it does not matter who."""
        users = self.stage.providers[provider]["users"]
        user = next(user for user in users if username in {"", user["username"]})
        return user["username"], user["password"]

    def sign_in(self, provider: str, username: str = "", **changes: str) -> None:
        """Begin a login, and sign in."""
        self.ask(provider, **({"client_id": ASKS[provider]} if provider in ASKS else {}) | changes)
        self.window.sign_in(*self.person(provider, username))

    def address(self, provider: str, path: str) -> str:
        """An address of the provider's."""
        return f"{self.stage.providers[provider]['base_url']}{path}"


def _sign_in(provider: str) -> Callable[[Stroll], None]:
    return lambda stroll: stroll.ask(provider)


def _wrong(provider: str) -> Callable[[Stroll], None]:
    def walk(stroll: Stroll) -> None:
        stroll.ask(provider)
        stroll.window.sign_in(stroll.person(provider)[0], "not the password")

    return walk


def _consent(provider: str) -> Callable[[Stroll], None]:
    return lambda stroll: stroll.sign_in(provider)


def _nobody(provider: str) -> Callable[[Stroll], None]:
    return lambda stroll: stroll.ask(provider, client_id="nobody")


def _new_password(stroll: Stroll) -> None:
    changes = {
        "password": "grace-spars-here",
        "name": "Grace Example",
        "attributes": {"required_action": "UPDATE_PASSWORD"},
    }
    stroll.stage.do("change_user", "movingimage", NEW_PASSWORD, changes)
    stroll.ask("movingimage")
    stroll.window.sign_in(NEW_PASSWORD, changes["password"])  # type: ignore[arg-type]
    stroll.stage.do("remove_user", "movingimage", NEW_PASSWORD)


def _page_expired(stroll: Stroll) -> None:
    stroll.ask("movingimage")
    action = urlsplit(stroll.window.find("#kc-form-login").get_attribute("action"))
    query = {name: values[0] for name, values in parse_qs(str(action.query)).items()}
    address = stroll.address("movingimage", str(action.path))
    stroll.window.open(address, execution="another", client_id=query["client_id"], tab_id=query["tab_id"])


def _signed_in_already(stroll: Stroll) -> None:
    stroll.ask("movingimage")
    action = str(stroll.window.find("#kc-form-login").get_attribute("action"))
    stroll.window.sign_in(*stroll.person("movingimage"))
    stroll.window.until_at(stroll.callback)
    stroll.window.open(action)


def _keycloak_asks(stroll: Stroll) -> None:
    stroll.window.forget()
    stroll.window.open(stroll.address("movingimage", "/auth/realms/platform/protocol/openid-connect/logout"))


def _keycloak_says_goodbye(stroll: Stroll) -> None:
    _keycloak_asks(stroll)
    stroll.window.click("#kc-logout")


def _nothing_chosen(stroll: Stroll) -> None:
    stroll.sign_in("panopto", scope="api")
    stroll.window.find('input[name="scopes"]').click()
    stroll.window.click("#approve")


def _panopto_asks(stroll: Stroll) -> None:
    stroll.sign_in("panopto")
    stroll.window.open(stroll.address("panopto", "/Panopto/oauth2/logout"))


def _panopto_says_goodbye(stroll: Stroll) -> None:
    _panopto_asks(stroll)
    stroll.window.click("#logout")


def _form_post(stroll: Stroll) -> None:
    stroll.sign_in("panopto", response_mode="form_post")
    stroll.window.click("#approve")


def _chooser(stroll: Stroll) -> None:
    stroll.sign_in("ingest", "several-networks")


def _clickview_error(stroll: Stroll) -> None:
    stroll.window.open(stroll.address("clickview", "/connect/authorize"), client_id="nobody")


SCENES: Mapping[str, Callable[[Stroll], None]] = {
    "movingimage-sign-in": _sign_in("movingimage"),
    "movingimage-sign-in-wrong": _wrong("movingimage"),
    "movingimage-consent": _consent("movingimage"),
    "movingimage-new-password": _new_password,
    "movingimage-page-expired": _page_expired,
    "movingimage-signed-in-already": _signed_in_already,
    "movingimage-error": _nobody("movingimage"),
    "panopto-sign-in": _sign_in("panopto"),
    "panopto-sign-in-wrong": _wrong("panopto"),
    "panopto-consent": _consent("panopto"),
    "panopto-consent-nothing-chosen": _nothing_chosen,
    "panopto-form-post": _form_post,
    "panopto-logout": _panopto_asks,
    "panopto-logged-out": _panopto_says_goodbye,
    "panopto-error": _nobody("panopto"),
    "ingest-sign-in": _sign_in("ingest"),
    "ingest-sign-in-wrong": _wrong("ingest"),
    "ingest-chooser": _chooser,
    "ingest-consent": _consent("ingest"),
    "ingest-error": _nobody("ingest"),
    "clickview-error": _clickview_error,
}
"""By name; the stage is the default one, with personas."""

SCENES_20: Mapping[str, Callable[[Stroll], None]] = {
    "movingimage-20-logout": _keycloak_asks,
    "movingimage-20-logged-out": _keycloak_says_goodbye,
}
"""By name; the stage has movingimage's variant of Keycloak 20, which is the first one with these pages."""


def stage_for(studio: Studio, callback: str, **more: Any) -> Set:
    """A stage with everything that the scenes need."""
    return studio.open(seed=1, providers=PROVIDERS, redirect_uris=[callback], personas=True, **more)
