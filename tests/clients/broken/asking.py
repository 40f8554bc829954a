"""Defects in the token request. Where one is refused for it, the request is then sent as it should be."""

# ruff: noqa: D102 - the class says what its one changed step does

import json
from urllib.parse import urlencode, urljoin

from tests.clients.good.client import CarefulClient
from tests.clients.good.listener import Params
from tests.clients.good.settings import Settings
from tests.clients.good.trouble import Trouble, Visits
from tests.clients.good.wire import Answer


def error_of(answer: Answer) -> object:
    """The member ``error`` of a JSON object; None where there is none."""
    try:
        data = json.loads(answer.body)
    except ValueError:
        return None
    return data.get("error") if isinstance(data, dict) else None


def malformed(answer: Answer) -> bool:
    """Whether an answer refuses the form of the request, and not what it asks for."""
    codes = {"invalid_request", "unsupported_grant_type"}
    return answer.status in {405, 415} or (400 <= answer.status < 500 and error_of(answer) in codes)


class FirstTry(CarefulClient):
    """Sends the first token request of its life in another way."""

    def __init__(self, settings: Settings, visits: Visits) -> None:
        super().__init__(settings, visits)
        self.tried = False

    def request_token(self, form: Params) -> Answer:
        """Have one wrong try, and keep what comes of it unless it was refused for its form."""
        if not self.tried:
            self.tried = True
            answer = self.try_wrongly(form)
            if not malformed(answer):
                return answer
        return super().request_token(form)

    def try_wrongly(self, form: Params) -> Answer:
        """Send the request in the wrong way."""
        raise NotImplementedError

    def basic_headers(self) -> dict[str, str]:
        """Authentication that leaves the parameters free of any secret."""
        return {"Accept": self.settings.dialect.accept, "Authorization": self.basic()}


class GetsFirst(FirstTry):
    """Sends the token request as GET at first."""

    def try_wrongly(self, form: Params) -> Answer:
        return self.send("GET", f"{self.settings.token_url}?{urlencode(form)}", self.basic_headers())


class SendsJsonFirst(FirstTry):
    """Sends the token request as JSON at first."""

    def try_wrongly(self, form: Params) -> Answer:
        headers = {**self.basic_headers(), "Content-Type": "application/json"}
        return self.send("POST", self.settings.token_url, headers, json.dumps(dict(form)).encode())


class SaysGrantTypeTwice(FirstTry):
    """Sends grant_type twice in one form."""

    def try_wrongly(self, form: Params) -> Answer:
        grant_type = next(pair for pair in form if pair[0] == "grant_type")
        headers = {"Accept": self.settings.dialect.accept}
        return self.post_token([grant_type, *form, *self.credentials()], headers)


class AuthenticatesTwice(FirstTry):
    """Sends its credentials in the header and in the form."""

    def try_wrongly(self, form: Params) -> Answer:
        return self.post_token([*form, *self.credentials()], self.basic_headers())


class PutsParametersIntoUrl(CarefulClient):
    """Sends all of a token request's parameters, the secret with them, in the query."""

    def request_token(self, form: Params) -> Answer:
        headers = {
            "Accept": self.settings.dialect.accept,
            "Content-Type": "application/x-www-form-urlencoded",
        }
        query = urlencode([*form, *self.credentials()])
        return self.send("POST", f"{self.settings.token_url}?{query}", headers, b"")


class SeparatesScopesBySpace(CarefulClient):
    """Asks for its scopes with spaces between them, and with commas once that was refused."""

    def request_token(self, form: Params) -> Answer:
        spaced = [(name, value.replace(",", " ") if name == "scope" else value) for name, value in form]
        answer = super().request_token(spaced)
        return super().request_token(form) if error_of(answer) == "invalid_scope" else answer


class FollowsTheRedirect(CarefulClient):
    """Sends the token request, secret and all, wherever a redirect points; then thinks better of the answer."""

    def post_token(self, form: Params, headers: dict[str, str]) -> Answer:
        answer = super().post_token(form, headers)
        if answer.status not in {307, 308} or "location" not in answer.headers:
            return answer
        headers = {**headers, "Content-Type": "application/x-www-form-urlencoded"}
        place = urljoin(self.settings.token_url, answer.headers["location"])
        self.send("POST", place, headers, urlencode(form).encode())
        raise Trouble("transport", "the token endpoint has moved", status=answer.status)


class MisspellsGrantType(CarefulClient):
    """Asks for an authorisation code's token in British spelling, and once that was refused in the RFC's."""

    def request_token(self, form: Params) -> Answer:
        british = [(name, value.replace("authorization", "authorisation")) for name, value in form]
        if form[0] != ("grant_type", "authorization_code"):
            return super().request_token(form)
        answer = super().request_token([british[0], *form[1:]])
        return super().request_token(form) if error_of(answer) == "unsupported_grant_type" else answer
