"""Defects in authorization requests, and in reading the responses to them."""

# ruff: noqa: D102 - the class says what its one changed step does

from collections.abc import Mapping
from contextlib import suppress
from urllib.parse import unquote, urlencode

from tests.clients.broken.switch import Switch, ingest_code, movingimage_code
from tests.clients.good.client import CarefulClient
from tests.clients.good.listener import Params
from tests.clients.good.login import Login
from tests.clients.good.tokens import Token
from tests.clients.good.trouble import Trouble


class Unencoded(Login):
    """A login whose redirect URI stands in the URL as it is."""

    def url(self) -> str:
        encoded = urlencode({"redirect_uri": self.settings.redirect_uri})
        return super().url().replace(encoded, unquote(encoded))


class ForgetsToEncode(CarefulClient):
    """Pastes the redirect URI into the authorization URL."""

    def new_login(self) -> Login:
        return Unencoded(self.settings)


class Remembering(Login):
    """A login that keeps the callback's parameters."""

    extra: Params = []  # noqa: RUF012 - replaced, never changed

    def read_callback(self, params: Params) -> str:
        code = super().read_callback(params)
        self.extra = [(name, value) for name, value in params if name == "authuser"]
        return code


class CopiesTheCallback(CarefulClient):
    """Takes the callback's own URL, but for code and state, for the redirect URI."""

    def new_login(self) -> Login:
        return Remembering(self.settings)

    def code_form(self, login: Login, code: str) -> Params:
        form = super().code_form(login, code)
        extra = login.extra if isinstance(login, Remembering) else []
        if not extra:
            return form
        return [(name, f"{value}?{urlencode(extra)}" if name == "redirect_uri" else value) for name, value in form]


class SaysTryAgain(CarefulClient):
    """Says of every error at the sign-in page that one might try again later."""

    def sign_in(self) -> Token:
        try:
            return super().sign_in()
        except Trouble as trouble:
            if trouble.outcome == "config" and "sign-in page" in trouble.detail:
                raise Trouble("retry-later", trouble.detail) from None
            raise


class Last(Login):
    """A login that reads a callback's parameters into a dictionary, where the last one wins."""

    def read_callback(self, params: Params) -> str:
        return super().read_callback(list(dict(params).items()))


class TakesTheLastOne(CarefulClient):
    """Does not notice that a parameter stands twice."""

    def new_login(self) -> Login:
        return Last(self.settings)


class AnyIssuer(Login):
    """A login that does not look at `iss`."""

    def read_callback(self, params: Params) -> str:
        return super().read_callback([pair for pair in params if pair[0] != "iss"])


class IgnoresIssuer(CarefulClient):
    """Takes a callback from whatever issuer."""

    def new_login(self) -> Login:
        return AnyIssuer(self.settings)


class Unproved(Login):
    """A login without a code challenge."""

    def parameters(self) -> Params:
        self.pkce = False
        return super().parameters()


class DropsTheChallenge(CarefulClient):
    """Tries a login without PKCE where the one with it was refused."""

    refused = False

    def new_login(self) -> Login:
        return Unproved(self.settings) if self.refused else super().new_login()

    def sign_in(self) -> Token:
        try:
            return super().sign_in()
        except Trouble as trouble:
            if "invalid_request" in trouble.detail:
                self.refused = True
                with suppress(Trouble):
                    return super().sign_in()
            raise


SWITCHES: Mapping[str, Switch] = {
    "authorization-request-is-wellformed": movingimage_code(ForgetsToEncode),
    "extra-parameters-are-ignored": movingimage_code(CopiesTheCallback),
    "authorization-errors-are-understood": ingest_code(SaysTryAgain),
    "doubled-parameters-are-refused": ingest_code(TakesTheLastOne),
    "wrong-issuer-is-noticed": movingimage_code(IgnoresIssuer),
    "challenge-is-never-dropped": movingimage_code(DropsTheChallenge),
}
