"""Defects in the login by authorization code."""

# ruff: noqa: D102 - the class says what its one changed step does

import time
from contextlib import suppress

from tests.clients.good.client import CarefulClient
from tests.clients.good.listener import Listener, Params
from tests.clients.good.login import Login
from tests.clients.good.settings import Settings
from tests.clients.good.tokens import Token
from tests.clients.good.trouble import Trouble, Visits

AGAIN = 1.0
"""Seconds in which a callback comes again, if at all: a browser that repeats one does so at once."""


class SendsCodeTwice(CarefulClient):
    """Sends the code of the login before once more at the next one, and ignores what comes of it."""

    def __init__(self, settings: Settings, visits: Visits) -> None:
        super().__init__(settings, visits)
        self.spent: tuple[Login, str] | None = None

    def exchange(self, login: Login, code: str) -> Token:
        if self.spent is not None:
            with suppress(Trouble):
                super().exchange(*self.spent)
        self.spent = login, code
        return super().exchange(login, code)


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


class SendsVerifierAtFirst(CarefulClient):
    """Brings a code verifier to a provider that refuses it; refused, it begins a new login without."""

    def __init__(self, settings: Settings, visits: Visits) -> None:
        super().__init__(settings, visits)
        self.tried = False

    def sign_in(self) -> Token:
        try:
            return super().sign_in()
        except Trouble as trouble:
            if self.tried or trouble.outcome != "reauth":
                raise
            self.tried = True
            return super().sign_in()

    def new_login(self) -> Login:
        login = super().new_login()
        login.pkce = not self.tried
        return login


class HasOneState(CarefulClient):
    """Sends the same state with every login."""

    def new_login(self) -> Login:
        login = super().new_login()
        login.state = "xyz"
        return login


class SendsPlainChallenge(CarefulClient):
    """Shows the code verifier itself at the sign-in page instead of its hash."""

    class PlainLogin(Login):
        """A login whose challenge proves nothing."""

        def parameters(self) -> Params:
            plain = {"code_challenge": self.verifier, "code_challenge_method": "plain"}
            return [(name, plain.get(name, value)) for name, value in super().parameters()]

    def new_login(self) -> Login:
        return self.PlainLogin(self.settings)


class InventsCode(CarefulClient):
    """Goes to the token endpoint with an empty code where the callback brings nothing at all."""

    class GenerousLogin(Login):
        """A login that may be answered with nothing."""

        def read_callback(self, params: Params) -> str:
            given = dict(params)
            return "" if not given.keys() & {"code", "error"} else super().read_callback(params)

    def new_login(self) -> Login:
        return self.GenerousLogin(self.settings)


class TakesCallbackTwice(CarefulClient):
    """Goes on listening after the callback, and sends the code again when it is delivered again."""

    def sign_in(self) -> Token:
        self.discover()
        login = self.new_login()
        listener = Listener(self.settings.redirect_uri, login.read_callback, most=2)
        try:
            self.visits(login.url())
            token = self.exchange(login, listener.wait(self.until))
            self.refresh_token = token.refresh
            self.remember()
            with suppress(Trouble):
                self.exchange(login, listener.wait(min(self.until, time.monotonic() + AGAIN)))
            return token
        finally:
            listener.close()
