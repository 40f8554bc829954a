"""Defects. How long tokens are used, by clocks that move, disagree, or start again."""

# ruff: noqa: D102 - the class says what its one changed step does

from collections.abc import Mapping

from tests.clients.broken.switch import Switch, clickview, ingest_code, movingimage_code
from tests.clients.good.client import CarefulClient
from tests.clients.good.identity import Claims, IdTokens, moment
from tests.clients.good.tokens import Token, now
from tests.clients.good.trouble import Trouble
from tests.clients.good.wire import Answer


class UsesTokensUp(CarefulClient):
    """Uses each token until half a second before its end."""

    def read_token(self, answer: Answer) -> Token:
        token = super().read_token(answer)
        return token if token.expires_at is None else token._replace(renew_at=token.expires_at - 0.5)


class SleepsWithTheMachine(CarefulClient):
    """Has a timer that renews, and that does not notice a long pause."""

    def usable_token(self, rejected: Token | None = None) -> Token:
        token = self.token
        if rejected is None and token is not None and token.expires_at is not None and now() > token.expires_at + 300:
            self.token = token._replace(renew_at=None, expires_at=None)
        return super().usable_token(rejected)


class TakesNothingForEver(CarefulClient):
    """Takes a life of zero, or less, for none stated: the token never ends."""

    def lifetime(self, expires_in: object) -> float | None:
        return super().lifetime(expires_in) or None


class FallsOverWords(CarefulClient):
    """Computes with whatever text the life is."""

    def lifetime(self, expires_in: object) -> float | None:
        return float(expires_in) if isinstance(expires_in, str) else super().lifetime(expires_in)


class KeepsTokensPerUser(CarefulClient):
    """Keeps the application's own token once for each user."""

    @property
    def personal(self) -> bool:
        return True


class AsksInEveryThread(CarefulClient):
    """Lets every caller that finds no token ask for one."""

    def usable_token(self, rejected: Token | None = None) -> Token:
        if self.token is None:
            self.token = self.renew()
            return self.token
        return super().usable_token(rejected)


class RemembersNothing(CarefulClient):
    """Keeps refresh tokens in memory alone."""

    def remember(self) -> None:
        return


class TrustsItsClockToTheSecond(CarefulClient):
    """Refuses an ID token that was made a moment from now."""

    class StrictIdTokens(IdTokens):
        """ID tokens without leeway."""

        def check_beginning(self, claims: Claims) -> None:
            if moment(claims.get("iat")) > now() + 1:
                raise Trouble("protocol", "the id_token is from the future")

    def new_id_tokens(self) -> IdTokens:
        return self.StrictIdTokens(self.settings, self.fetch_keys)


class FallsOverTheFuture(CarefulClient):
    """Falls over an ID token of the next half hour or later."""

    class TimelessIdTokens(IdTokens):
        """ID tokens of today."""

        def check_beginning(self, claims: Claims) -> None:
            if moment(claims.get("iat")) > now() + 1800:
                raise RuntimeError("the token's age is negative")
            super().check_beginning(claims)

    def new_id_tokens(self) -> IdTokens:
        return self.TimelessIdTokens(self.settings, self.fetch_keys)


SWITCHES: Mapping[str, Switch] = {
    "token-is-renewed-before-its-end": clickview(UsesTokensUp),
    "first-call-after-idle-renews": clickview(SleepsWithTheMachine),
    "spent-lifetime-is-over": clickview(TakesNothingForEver),
    "odd-lifetime-is-no-trap": clickview(FallsOverWords),
    "one-token-for-all-users": clickview(KeepsTokensPerUser),
    "one-token-for-first-calls": clickview(AsksInEveryThread),
    "session-survives-a-restart": ingest_code(RemembersNothing),
    "small-skew-is-tolerated": movingimage_code(TrustsItsClockToTheSecond),
    "large-skew-is-no-trap": movingimage_code(FallsOverTheFuture),
}
