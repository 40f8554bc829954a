"""Defects in the login by authorization code."""

# ruff: noqa: D102 - the class says what its one changed step does

from contextlib import suppress

from tests.clients.good.client import CarefulClient
from tests.clients.good.login import Login
from tests.clients.good.settings import Settings
from tests.clients.good.tokens import Token
from tests.clients.good.trouble import Trouble, Visits


class SendsCodeTwice(CarefulClient):
    """Sends a code again that has already been turned into a token, and ignores what comes of it."""

    def exchange(self, login: Login, code: str) -> Token:
        token = super().exchange(login, code)
        with suppress(Trouble):
            super().exchange(login, code)
        return token


class ChangesRedirectUri(CarefulClient):
    """Names another redirect URI with the code than at the login; refused, it begins a new login properly."""

    def __init__(self, settings: Settings, visits: Visits) -> None:
        super().__init__(settings, visits)
        self.tried = False

    def sign_in(self) -> Token:
        if self.tried:
            return super().sign_in()
        self.tried = True
        login = self.new_login()
        code = self.obtain_code(login)
        form = dict(self.code_form(login, code))
        form["redirect_uri"] += "/"
        try:
            token = self.obtain(list(form.items()))
        except Trouble as trouble:
            if trouble.outcome not in {"reauth", "config"}:
                raise
            return super().sign_in()
        self.refresh_token = token.refresh
        return token


class AcceptsMissingState(CarefulClient):
    """Checks the state only where the callback has one."""

    class LenientLogin(Login):
        """A login that may be answered without a state."""

        def check_state(self, state: str | None) -> None:
            if state is not None:
                super().check_state(state)

    def new_login(self) -> Login:
        return self.LenientLogin(self.settings)


class AcceptsAnyState(CarefulClient):
    """Checks that the callback has a state, but not which."""

    class LenientLogin(Login):
        """A login that may be answered with any state."""

        def check_state(self, state: str | None) -> None:
            super().check_state(None if state is None else self.state)

    def new_login(self) -> Login:
        return self.LenientLogin(self.settings)


class AsksAgainAfterDenial(CarefulClient):
    """Sends the person back to the sign-in page after a refusal, and reports the refusal only then."""

    def sign_in(self) -> Token:
        try:
            return super().sign_in()
        except Trouble as trouble:
            if trouble.outcome == "denied":
                with suppress(Trouble):
                    self.obtain_code(self.new_login())
            raise
