"""Defects. Renewing by refresh token when something is in the way."""

# ruff: noqa: D102 - the class says what its one changed step does

from collections.abc import Mapping

from tests.clients.broken.switch import Switch, ingest_code, movingimage_code
from tests.clients.good.client import CarefulClient
from tests.clients.good.identity import Identity, IdTokens
from tests.clients.good.settings import Settings
from tests.clients.good.tokens import Token, lifetime, now, parse
from tests.clients.good.trouble import Trouble, Visits
from tests.clients.good.wire import Answer


class RenewsInEveryThread(CarefulClient):
    """Lets every caller that finds an old token renew it."""

    def usable_token(self, rejected: Token | None = None) -> Token:
        if rejected is None and self.token is not None and self.token.old:
            self.token = self.renew()
            return self.token
        return super().usable_token(rejected)


class TakesTheEndForABug(CarefulClient):
    """Reports the refusal of a refresh token that had come to its end as an answer that makes no sense."""

    def __init__(self, settings: Settings, visits: Visits) -> None:
        super().__init__(settings, visits)
        self.session_end = float("inf")

    def read_token(self, answer: Answer) -> Token:
        token = super().read_token(answer)
        self.session_end = now() + (lifetime(parse(answer).get("refresh_expires_in")) or float("inf"))
        return token

    def from_refresh_token(self, refresh_token: str) -> Token:
        try:
            return super().from_refresh_token(refresh_token)
        except Trouble as trouble:
            if trouble.outcome == "reauth" and now() >= self.session_end:
                raise Trouble("protocol", "the renewal failed", status=trouble.status) from None
            raise


class EndsSessionOnOutage(CarefulClient):
    """Takes every renewal that fails for the end of the session."""

    def from_refresh_token(self, refresh_token: str) -> Token:
        try:
            return super().from_refresh_token(refresh_token)
        except Trouble as trouble:
            if trouble.outcome in {"retry-later", "transport"}:
                raise Trouble("reauth", trouble.detail, status=trouble.status) from None
            raise


class BlamesTheSession(CarefulClient):
    """Asks for a login when its own secret is refused at a renewal."""

    def from_refresh_token(self, refresh_token: str) -> Token:
        try:
            return super().from_refresh_token(refresh_token)
        except Trouble as trouble:
            if trouble.outcome == "config":
                raise Trouble("reauth", trouble.detail, status=trouble.status) from None
            raise


class AsksForAllItWanted(CarefulClient):
    """Asks at each renewal for the scope that it asked for at the login."""

    def from_refresh_token(self, refresh_token: str) -> Token:
        form = [("grant_type", "refresh_token"), ("refresh_token", refresh_token), ("scope", self.settings.scope)]
        return self.obtain(form)


class TakesAnybodysRenewal(CarefulClient):
    """Takes the ID token of a renewal whomever it is about."""

    class LenientIdTokens(IdTokens):
        """ID tokens of anybody."""

        def of_renewal(self, token: str, access_token: str, login: Identity) -> None:
            subject = self.check(token, access_token)["sub"]
            super().of_renewal(token, access_token, login._replace(subject=subject))

    def new_id_tokens(self) -> IdTokens:
        return self.LenientIdTokens(self.settings, self.fetch_keys)


class TakesYesterdaysRenewal(CarefulClient):
    """Takes the ID token of a renewal however long ago it was made."""

    class LenientIdTokens(IdTokens):
        """ID tokens of any day."""

        def check_age(self, made: object) -> None:
            return

    def new_id_tokens(self) -> IdTokens:
        return self.LenientIdTokens(self.settings, self.fetch_keys)


class InsistsOnAnIdToken(CarefulClient):
    """Refuses a renewal without an ID token."""

    def same_person(self, token: Token) -> None:
        if self.identity is not None and token.identity is None:
            raise Trouble("protocol", "the renewal brought no id_token")
        super().same_person(token)


SWITCHES: Mapping[str, Switch] = {
    "parallel-calls-share-one-refresh": movingimage_code(RenewsInEveryThread),
    "ended-session-leads-to-login": movingimage_code(TakesTheEndForABug),
    "refresh-token-survives-an-outage": ingest_code(EndsSessionOnOutage),
    "refused-client-is-no-lost-session": ingest_code(BlamesTheSession),
    "refresh-asks-for-no-more": ingest_code(AsksForAllItWanted),
    "id-token-of-renewal-is-checked": movingimage_code(TakesAnybodysRenewal),
    "id-token-of-renewal-is-fresh": movingimage_code(TakesYesterdaysRenewal),
    "legal-renewal-is-accepted": movingimage_code(InsistsOnAnIdToken),
}
