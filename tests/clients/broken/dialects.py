"""Defects. How each provider wants to be spoken to."""

# ruff: noqa: D102 - the class says what its one changed step does

from base64 import b64encode
from collections.abc import Mapping

from tests.clients.broken.asking import error_of
from tests.clients.broken.switch import Switch, clickview, ingest, ingest_code, movingimage_code, rotor
from tests.clients.good.client import CarefulClient
from tests.clients.good.listener import Params
from tests.clients.good.partner import PartnerClient
from tests.clients.good.settings import Settings
from tests.clients.good.tokens import Token
from tests.clients.good.trouble import Trouble, Visits
from tests.clients.good.wire import Answer


class PrefersBasic(CarefulClient):
    """Authenticates by a Basic header, whatever the document says."""

    def request_token(self, form: Params) -> Answer:
        headers = {"Accept": self.settings.dialect.accept, "Authorization": self.basic()}
        return self.post_token(form, headers)


class EncodesTheColon(PartnerClient):
    """Takes care of a colon in the secret, and of nothing else."""

    def basic(self) -> str:
        pair = f"{self.settings.client_id}:{self.settings.client_secret.replace(':', '%3A')}"
        return "Basic " + b64encode(pair.encode()).decode()


class GluesTheForm(CarefulClient):
    """Puts its forms together by hand."""

    def post_token(self, form: Params, headers: dict[str, str]) -> Answer:
        headers = {**headers, "Content-Type": "application/x-www-form-urlencoded"}
        glued = "&".join(f"{name}={value}" for name, value in form)
        return self.send("POST", self.settings.token_url, headers, glued.encode())


class InsistsOnPlainJson(PartnerClient):
    """Compares the Content-Type of a registration's answer with `application/json`."""

    def read_user_token(self, answer: Answer) -> Token:
        if not answer.headers.get("content-type", "").startswith("application/json"):
            raise Trouble("protocol", "the registration's answer is no application/json", status=answer.status)
        return super().read_user_token(answer)


class TakesAnyScope(CarefulClient):
    """Takes whatever there is without a scope, where its own is refused."""

    def request_token(self, form: Params) -> Answer:
        answer = super().request_token(form)
        if error_of(answer) == "invalid_scope":
            return super().request_token([(name, value) for name, value in form if name != "scope"])
        return answer


class LeavesOutTheSecret(CarefulClient):
    """Takes the refresh token alone for proof enough, at first; refused, it adds its secret."""

    def __init__(self, settings: Settings, visits: Visits) -> None:
        super().__init__(settings, visits)
        self.tried = False

    def from_refresh_token(self, refresh_token: str) -> Token:
        if not self.tried:
            self.tried = True
            form = [("grant_type", "refresh_token"), ("refresh_token", refresh_token)]
            headers = {"Accept": self.settings.dialect.accept}
            answer = self.post_token([*form, ("client_id", self.settings.client_id)], headers)
            if error_of(answer) not in {"invalid_client", "unauthorized_client"}:
                return self.read_token(answer)
        return super().from_refresh_token(refresh_token)


class AcceptsAnything(CarefulClient):
    """Does not say what it accepts from the token endpoint."""

    def post_token(self, form: Params, headers: dict[str, str]) -> Answer:
        return super().post_token(form, {name: value for name, value in headers.items() if name != "Accept"})


class AsksForThePassword(CarefulClient):
    """Tries a password before it sends anybody to the login page."""

    def sign_in(self) -> Token:
        self.request_token([("grant_type", "password"), ("username", "ada"), ("password", "guessed")])
        return super().sign_in()


SWITCHES: Mapping[str, Switch] = {
    "auth-method-as-documented": clickview(PrefersBasic),
    "basic-carries-any-secret": rotor(EncodesTheColon),
    "body-carries-any-secret": clickview(GluesTheForm),
    "registration-answer-is-read-as-json-api": rotor(InsistsOnPlainJson),
    "refused-scope-is-configuration": clickview(TakesAnyScope),
    "refresh-request-as-documented": movingimage_code(LeavesOutTheSecret),
    "accept-names-the-version": ingest(AcceptsAnything),
    "no-password-grant": ingest_code(AsksForThePassword),
}
