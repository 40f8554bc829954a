"""Defects in reading what the token endpoint answers."""

# ruff: noqa: D102 - the class says what its one changed step does

from contextlib import suppress

from tests.clients.broken.asking import error_of
from tests.clients.good.client import CarefulClient
from tests.clients.good.tokens import Token
from tests.clients.good.trouble import Trouble
from tests.clients.good.wire import Answer


class CallsWithoutToken(CarefulClient):
    """Has no token, and calls the API all the same."""

    def call_with_nothing(self) -> None:
        """Call the API with what a string template makes of a missing token."""
        with suppress(Trouble):
            self.send("GET", self.settings.api_url, self.api_headers("None"))


class CallsThoughRefused(CallsWithoutToken):
    """Goes on to the API although its credentials were refused, and complains only then."""

    def read_token(self, answer: Answer) -> Token:
        if answer.status >= 400 and error_of(answer) == "invalid_client":
            self.call_with_nothing()
        return super().read_token(answer)


class LooksAtStatusOnly(CallsWithoutToken):
    """Takes status 200 for a token, even where the body is an error."""

    def read_token(self, answer: Answer) -> Token:
        if answer.status == 200 and error_of(answer) is not None:
            self.call_with_nothing()
        return super().read_token(answer)


class IgnoresTokenType(CarefulClient):
    """Uses a token of any type as a Bearer token."""

    def check_type(self, token_type: object) -> None:
        return


class IgnoresLifetimeAsString(CarefulClient):
    """Takes a lifetime in quotes for an unknown one, and uses the token until it is refused."""

    def lifetime(self, expires_in: object) -> float | None:
        return None if isinstance(expires_in, str) else super().lifetime(expires_in)
