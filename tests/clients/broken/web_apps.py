"""Defects of web applications, and of clients that take the code of another login."""

# ruff: noqa: D102 - the class says what its one changed step does

from collections.abc import Mapping

from tests.clients.broken.switch import Switch, ingest_web, movingimage_code, panopto_code
from tests.clients.good.client import CarefulClient
from tests.clients.good.identity import Identity
from tests.clients.good.listener import Params
from tests.clients.good.login import Login
from tests.clients.good.settings import Settings
from tests.clients.good.tokens import Token
from tests.clients.good.trouble import Trouble
from tests.clients.good.web_app import App, Session


class StateForAnybody(App):
    """Keeps the logins under way in one place, so that a state is good in any browser."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.begun: dict[str, Login] = {}

    def login(self, params: list[tuple[str, str]], session: Session) -> tuple[int, str]:
        page = super().login(params, session)
        if session.login is not None:
            self.begun[session.login.state] = session.login
        return page

    def login_of(self, params: list[tuple[str, str]], session: Session) -> Login:
        login = self.begun.pop(dict(params).get("state", ""), None)
        if login is None:
            return super().login_of(params, session)
        session.login = None
        return login


class GoesAnywhere(App):
    """Sends the person wherever the link said, once the login is done."""

    def where_next(self, asked: str) -> str:
        return asked


class TrustsTheCode(CarefulClient):
    """Takes whatever the code brings, and does not look at the nonce."""

    def identify(self, login: Login, token: Token) -> Identity:
        login.nonce = _nonce_of(token) or login.nonce
        return super().identify(login, token)


def _nonce_of(token: Token) -> str:
    import base64
    import json

    payload = (token.identity or "..").split(".")[1]
    claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)) or b"{}")
    return str(claims.get("nonce", ""))


class KnowsNoIssuer(Login):
    """A login that does not look at `iss`."""

    def read_callback(self, params: Params) -> str:
        return super().read_callback([pair for pair in params if pair[0] != "iss"])


class MixesUp(CarefulClient):
    """Sends a code to the provider that it believes to talk to, whoever has issued it."""

    def new_login(self) -> Login:
        return KnowsNoIssuer(self.settings)


class RefusesIssuer(Login):
    """A login that refuses a callback with `iss`, even the right one."""

    def read_callback(self, params: Params) -> str:
        code = super().read_callback(params)
        if "iss" in dict(params):
            raise Trouble("protocol", "the callback has a parameter that is not known")
        return code


class KnowsNoIss(CarefulClient):
    """Refuses a callback that names the issuer."""

    def new_login(self) -> Login:
        return RefusesIssuer(self.settings)


SWITCHES: Mapping[str, Switch] = {
    "callback-belongs-to-its-browser": ingest_web(StateForAnybody),
    "nobody-is-sent-to-strangers": ingest_web(GoesAnywhere),
    "right-issuer-is-no-obstacle": movingimage_code(KnowsNoIss),
    "code-stays-with-its-issuer": movingimage_code(MixesUp),
    "injected-code-is-refused": panopto_code(TrustsTheCode),
}
