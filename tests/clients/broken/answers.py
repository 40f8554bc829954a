"""Defects in reading what the token endpoint answers."""

# ruff: noqa: D102 - the class says what its one changed step does

from contextlib import suppress

from tests.clients.broken.asking import error_of
from tests.clients.good.client import CarefulClient
from tests.clients.good.tokens import Token, parse
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


class CallsForWantOfToken(CallsWithoutToken):
    """Does not notice that an answer brings no token, and calls the API with none."""

    def read_token(self, answer: Answer) -> Token:
        if answer.status == 200 and error_of(answer) is None and "access_token" not in parse(answer):
            self.call_with_nothing()
        return super().read_token(answer)


class InsistsOnCapital(CarefulClient):
    """Knows the token type only as it is written in the RFC, with a capital letter."""

    def check_type(self, token_type: object) -> None:
        super().check_type(token_type)
        if token_type != "Bearer":
            raise Trouble("protocol", "the token is not of type Bearer")


class RefusesMoreThanItKnows(CarefulClient):
    """Refuses an answer that has a member which it does not know."""

    def read_token(self, answer: Answer) -> Token:
        known = {"access_token", "token_type", "expires_in", "refresh_token", "scope", "id_token"}
        if parse(answer).keys() - known:
            raise Trouble("protocol", "the token endpoint sent more than a token", status=answer.status)
        return super().read_token(answer)


class InsistsOnLifetime(CarefulClient):
    """Refuses a token whose life is not told."""

    def lifetime(self, expires_in: object) -> float | None:
        if expires_in is None:
            raise Trouble("protocol", "the token endpoint told no lifetime")
        return super().lifetime(expires_in)
