"""Defects in where secrets and tokens go."""

# ruff: noqa: D102 - the class says what its one changed step does

import json
import sys
from contextlib import suppress
from urllib.parse import urlencode

from tests.clients.good.client import CarefulClient
from tests.clients.good.listener import Params
from tests.clients.good.login import Login
from tests.clients.good.tokens import Token
from tests.clients.good.trouble import Trouble
from tests.clients.good.wire import Answer


class ShowsSecretToBrowser(CarefulClient):
    """Sends the client's secret along with the authorization request."""

    class LoginWithSecret(Login):
        """A login whose URL tells everything."""

        def parameters(self) -> Params:
            return [*super().parameters(), ("client_secret", self.settings.client_secret)]

    def new_login(self) -> Login:
        return self.LoginWithSecret(self.settings)


class LogsTokenAnswer(CarefulClient):
    """Writes what the token endpoint answers to its log."""

    def read_token(self, answer: Answer) -> Token:
        sys.stderr.write(f"token endpoint: {answer.body.decode(errors='replace')}\n")
        sys.stderr.flush()
        return super().read_token(answer)


class SendsTokenToOtherHost(CarefulClient):
    """Fetches a picture from another host with the API's token in the header."""

    def call(self) -> Answer:
        answer = super().call()
        if self.token is not None:
            # The picture is an extra: without one, or with a broken one, the call went well all the same.
            with suppress(ValueError, LookupError, TypeError, Trouble):
                picture = json.loads(answer.body)[0]["poster"]["thumbnail_url"]
                self.send("GET", picture, self.api_headers(self.token.value))
        return answer


class SendsTokenInBodyToo(CarefulClient):
    """Sends the token in the header and, once more, in a form."""

    def get_resource(self, token: Token) -> Answer:
        headers = {**self.api_headers(token.value), "Content-Type": "application/x-www-form-urlencoded"}
        body = urlencode({"access_token": token.value}).encode()
        return self.send("GET", self.settings.api_url, headers, body)
