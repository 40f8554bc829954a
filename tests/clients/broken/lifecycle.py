"""Defects in keeping and renewing tokens."""

# ruff: noqa: D102 - the class says what its one changed step does

from contextlib import suppress

from tests.clients.good.client import CarefulClient, Report
from tests.clients.good.settings import Settings
from tests.clients.good.tokens import Token
from tests.clients.good.trouble import Trouble, Visits
from tests.clients.good.wire import Answer


class NewTokenForEveryCall(CarefulClient):
    """Gets a new token for every further call of a series."""

    def __init__(self, settings: Settings, visits: Visits) -> None:
        super().__init__(settings, visits)
        self.called = False

    def call_api(self, *, times: int = 1, parallel: bool = False) -> Report:
        self.called = False
        return super().call_api(times=times, parallel=parallel)

    def usable_token(self, rejected: Token | None = None) -> Token:
        if self.called and rejected is None:
            self.token = None
        self.called = True
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
    """Answers a 401 by sending the same token once more."""

    def call(self) -> Answer:
        token = self.usable_token()
        answer = self.get_resource(token)
        if answer.status == 401:
            answer = self.get_resource(token)
        return self.check_resource(answer)


class RenewsFourTimes(CarefulClient):
    """Answers every 401 with a new token and one more call, four times over."""

    def call(self) -> Answer:
        token = self.usable_token()
        answer = self.get_resource(token)
        for _ in range(4):
            if answer.status == 401:
                token = self.usable_token(rejected=token)
                answer = self.get_resource(token)
        return self.check_resource(answer)


class RenewsAfter403(CarefulClient):
    """Takes a 403 for the sign of a token that is too old: gets a new one and calls again."""

    def get_resource(self, token: Token) -> Answer:
        answer = super().get_resource(token)
        if answer.status == 403:
            answer = super().get_resource(self.usable_token(rejected=token))
        return answer


class AtExpiry(CarefulClient):
    """Does something of its own when a token has come to its end."""

    def usable_token(self, rejected: Token | None = None) -> Token:
        expired = rejected is None and self.token is not None and self.token.old
        if expired:
            self.before_renewal()
        token = super().usable_token(rejected)
        return self.after_renewal(token) if expired else token

    def before_renewal(self) -> None:
        """What to do before the one renewal that is needed."""

    def after_renewal(self, token: Token) -> Token:
        """What to do after it, with the new token."""
        return token


class RenewsTwice(AtExpiry):
    """Renews by refresh token twice when a token has expired once."""

    def after_renewal(self, token: Token) -> Token:
        with suppress(Trouble):
            self.token = self.renew()
        return self.token or token


class ForgetsRefreshToken(CarefulClient):
    """Forgets its refresh token when a renewal brings no other."""

    def keep_refresh_token(self, token: Token) -> None:
        self.refresh_token = token.refresh


class RenewsByNothing(AtExpiry):
    """Sends an empty refresh token when it has none, and asks by its own credentials once that was refused."""

    def before_renewal(self) -> None:
        if self.refresh_token is None:
            with suppress(Trouble):
                self.from_refresh_token("")


class RenewsByNone(AtExpiry):
    """Sends as refresh token what a string template makes of none, and only then asks for a login."""

    def before_renewal(self) -> None:
        if self.refresh_token is None:
            with suppress(Trouble):
                self.from_refresh_token(str(None))
