"""Defects below OAuth and around it: waiting, trying again, following, trusting."""

# ruff: noqa: D102 - the class says what its one changed step does

import json
import socket
import ssl
import time
from collections.abc import Mapping
from contextlib import suppress
from urllib.parse import urljoin, urlsplit

from tests.clients.broken.switch import Switch, clickview, ingest_code, movingimage_code
from tests.clients.good.client import CarefulClient
from tests.clients.good.listener import Params
from tests.clients.good.login import Login
from tests.clients.good.settings import Settings
from tests.clients.good.tokens import Token
from tests.clients.good.trouble import Trouble, Visits
from tests.clients.good.wire import Answer, Wire

FOR_EVER = 3600.0
A_MOMENT = 0.15


class WaitsForEver(CarefulClient):
    """Sets no limit to anything that it waits for."""

    def __init__(self, settings: Settings, visits: Visits) -> None:
        super().__init__(settings._replace(patience=FOR_EVER), visits)
        self.wire = Wire(settings.ca_file, FOR_EVER)


class HasNoPatience(CarefulClient):
    """Gives up on a request after little more than a second."""

    def __init__(self, settings: Settings, visits: Visits) -> None:
        super().__init__(settings, visits)
        self.wire = Wire(settings.ca_file, 1.2)


class TriesSixTimes(CarefulClient):
    """Tries a lost token request again and again."""

    def post_token(self, form: Params, headers: dict[str, str]) -> Answer:
        for _ in range(5):
            try:
                return super().post_token(form, headers)
            except Trouble as trouble:
                if trouble.outcome != "transport":
                    raise
                time.sleep(A_MOMENT)
        return super().post_token(form, headers)


class SendsLostCodeAgain(CarefulClient):
    """Sends a code again when the answer to it was lost."""

    def exchange(self, login: Login, code: str) -> Token:
        try:
            return super().exchange(login, code)
        except Trouble as trouble:
            if trouble.outcome != "transport":
                raise
            return super().exchange(login, code)


class GoesWhereItIsSent(CarefulClient):
    """Follows a redirect of the token endpoint as a browser does, and takes the token that it finds there."""

    def post_token(self, form: Params, headers: dict[str, str]) -> Answer:
        answer = super().post_token(form, headers)
        if answer.status not in {301, 302, 303} or "location" not in answer.headers:
            return answer
        place = urljoin(self.settings.token_url, answer.headers["location"])
        return self.send("GET", place, {"Accept": "application/json"})


class FollowsAtHome(CarefulClient):
    """Follows a redirect of the token endpoint, secret and all, where it stays within the origin."""

    def post_token(self, form: Params, headers: dict[str, str]) -> Answer:
        answer = super().post_token(form, headers)
        place = urljoin(self.settings.token_url, answer.headers.get("location", ""))
        if answer.status != 307 or urlsplit(place).netloc != urlsplit(self.settings.token_url).netloc:
            return answer
        self.settings = self.settings._replace(token_url=place)
        return super().post_token(form, headers)


class TakesTheTokenAlong(CarefulClient):
    """Follows a redirect of the API with the token in its hand."""

    def get_resource(self, token: Token) -> Answer:
        answer = super().get_resource(token)
        if 300 <= answer.status < 400 and "location" in answer.headers:
            place = urljoin(self.settings.api_url, answer.headers["location"])
            with suppress(Trouble):
                return self.send("GET", place, self.api_headers(token.value))
        return answer


class TrustsAnybody(CarefulClient):
    """Does not look at certificates."""

    def __init__(self, settings: Settings, visits: Visits) -> None:
        super().__init__(settings, visits)
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        self.wire._context = context


class BelievesTheDocument(CarefulClient):
    """Asks for its token wherever the provider's document says, by http too."""

    def read_discovery(self, answer: Answer) -> Settings:
        document = json.loads(answer.body)
        secure = json.dumps({**document, "token_endpoint": self.settings.token_url}).encode()
        return super().read_discovery(answer._replace(body=secure))._replace(token_url=document["token_endpoint"])


class AsksAgainSoon(CarefulClient):
    """Asks again after a moment, however long it was told to wait."""

    def send(self, method: str, url: str, headers: dict[str, str], body: bytes | None = None) -> Answer:
        answer = super().send(method, url, headers, body)
        if answer.status not in {429, 503}:
            return answer
        time.sleep(A_MOMENT)
        return super().send(method, url, headers, body)


class CallsHome(CarefulClient):
    """Tells its maker's server that it was used."""

    def call(self) -> Answer:
        answer = super().call()
        with suppress(OSError), socket.create_connection(("metrics.elsewhere.example", 443), timeout=2):
            pass
        return answer


class RenewsAfterServerError(CarefulClient):
    """Gets itself another token when the API is broken."""

    def get_resource(self, token: Token) -> Answer:
        answer = super().get_resource(token)
        if answer.status >= 500:
            self.token = self.renew()
        return answer


SWITCHES: Mapping[str, Switch] = {
    "silence-has-an-end": clickview(WaitsForEver),
    "slow-answers-are-awaited": clickview(HasNoPatience),
    "lost-connections-are-not-hammered": clickview(TriesSixTimes),
    "code-is-not-sent-after-a-reset": ingest_code(SendsLostCodeAgain),
    "strangers-token-is-refused": clickview(GoesWhereItIsSent),
    "moved-endpoint-is-noticed": clickview(FollowsAtHome),
    "token-stays-with-the-api": clickview(TakesTheTokenAlong),
    "certificate-is-checked": clickview(TrustsAnybody),
    "plaintext-endpoint-is-refused": movingimage_code(BelievesTheDocument),
    "retry-after-is-honoured": clickview(AsksAgainSoon),
    "server-errors-leave-the-token": clickview(RenewsAfterServerError),
}
