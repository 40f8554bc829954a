"""Defects in keeping and renewing tokens."""

# ruff: noqa: D102 - the class says what its one changed step does

from contextlib import suppress

from tests.clients.good.client import CarefulClient
from tests.clients.good.tokens import Token
from tests.clients.good.trouble import Trouble
from tests.clients.good.wire import Answer


class NewTokenForEveryCall(CarefulClient):
    """Gets a new token for every single call."""

    def usable_token(self, rejected: Token | None = None) -> Token:
        self.token = None
        return super().usable_token(rejected)


class KeepsFirstRefreshToken(CarefulClient):
    """Keeps the refresh token of the login for ever, whatever comes with a renewal."""

    def keep_refresh_token(self, token: Token) -> None:
        return


class TriesRefusedRefreshTokenAgain(CarefulClient):
    """Sends a refused refresh token twice more before it gives up."""

    def from_refresh_token(self, refresh_token: str) -> Token:
        try:
            return super().from_refresh_token(refresh_token)
        except Trouble as trouble:
            if trouble.outcome == "reauth":
                for _ in range(2):
                    with suppress(Trouble):
                        super().from_refresh_token(refresh_token)
            raise


class RepeatsWithRejectedToken(CarefulClient):
    """Answers a 401 by sending the same token twice more."""

    def call(self) -> Answer:
        token = self.usable_token()
        answer = self.get_resource(token)
        for _ in range(2):
            if answer.status == 401:
                answer = self.get_resource(token)
        return self.check_resource(answer)
