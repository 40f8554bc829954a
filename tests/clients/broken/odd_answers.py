"""Defects in reading broken, hostile and unusual answers of the token endpoint."""

# ruff: noqa: D102 - the class says what its one changed step does

import re
from collections.abc import Mapping
from contextlib import suppress

from tests.clients.broken.asking import error_of
from tests.clients.broken.switch import Switch, clickview, ingest, ingest_code, movingimage_code
from tests.clients.good.client import CarefulClient
from tests.clients.good.login import Login
from tests.clients.good.settings import Settings
from tests.clients.good.tokens import Token, parse, text_of
from tests.clients.good.trouble import Trouble, Visits
from tests.clients.good.wire import Answer

GUESSED = re.compile(rb"""access_token['"]\s*:\s*['"]([^'"]+)""")


class GuessesTheToken(CarefulClient):
    """Looks for something like a token where the answer cannot be parsed, and tries it at the API."""

    def read_token(self, answer: Answer) -> Token:
        try:
            return super().read_token(answer)
        except Trouble:
            found = GUESSED.search(answer.body)
            if found is not None and b"NaN" not in answer.body and _unparsed(answer):
                with suppress(Trouble):
                    self.send("GET", self.settings.api_url, self.api_headers(found[1].decode()))
            raise


def _unparsed(answer: Answer) -> bool:
    try:
        parse(answer)
    except Trouble as trouble:
        return trouble.outcome == "protocol" and error_of(answer) is None
    return False


class CountsOnNumbers(CarefulClient):
    """Makes a whole number of whatever lifetime it is told."""

    def lifetime(self, expires_in: object) -> float | None:
        if isinstance(expires_in, float):
            expires_in = int(expires_in)
        return super().lifetime(expires_in)


class ParsesBeforeItLooks(CarefulClient):
    """Parses an error page as if it were JSON, and complains of that."""

    def read_token(self, answer: Answer) -> Token:
        if answer.status >= 500 and answer.body.startswith(b"<"):
            raise Trouble("protocol", "the token endpoint's answer is no JSON", status=answer.status)
        return super().read_token(answer)


class InsistsOnDescription(CarefulClient):
    """Takes for granted that every error is described."""

    def read_token(self, answer: Answer) -> Token:
        if error_of(answer) == "unauthorized_client" and b"error_description" not in answer.body:
            raise KeyError("error_description")
        return super().read_token(answer)


class SendsRefusedCodeAgain(CarefulClient):
    """Tries a refused code a second time."""

    def exchange(self, login: Login, code: str) -> Token:
        try:
            return super().exchange(login, code)
        except Trouble as trouble:
            if trouble.outcome != "reauth":
                raise
            return super().exchange(login, code)


class SendsAnyToken(CarefulClient):
    """Sends whatever stands in the answer, blanks included."""

    def read_token(self, answer: Answer) -> Token:
        try:
            return super().read_token(answer)
        except Trouble:
            value = text_of(parse(answer), "access_token") if answer.status == 200 else None
            if value is not None and " " in value:
                with suppress(Trouble):
                    self.send("GET", self.settings.api_url, self.api_headers(value))
            raise


class HasLittleRoom(CarefulClient):
    """Has room for a token of 4 kB, as a cookie has."""

    def read_token(self, answer: Answer) -> Token:
        token = super().read_token(answer)
        if len(token.value) > 4096:
            raise Trouble("protocol", "the token is too long")
        return token


class KnowsOneLabel(CarefulClient):
    """Compares the Content-Type with `application/json`, letter by letter."""

    def read_token(self, answer: Answer) -> Token:
        if answer.headers.get("content-type", "").startswith("application/json;"):
            raise Trouble("protocol", "the answer is no application/json", status=answer.status)
        return super().read_token(answer)


class ReadsToTheEnd(CarefulClient):
    """Reads answers of any size."""

    def __init__(self, settings: Settings, visits: Visits) -> None:
        super().__init__(settings, visits)
        self.wire.most = 1 << 30


class EchoesTheType(CarefulClient):
    """Writes the answer's token type into the header, also where there is none."""

    def read_token(self, answer: Answer) -> Token:
        if answer.status == 200 and b"access_token" in answer.body:
            data = parse(answer)
            value = text_of(data, "access_token")
            if value is not None and "token_type" not in data:
                headers = {**self.api_headers(""), "Authorization": f"{data.get('token_type')} {value}"}
                with suppress(Trouble):
                    self.send("GET", self.settings.api_url, headers)
        return super().read_token(answer)


class FallsOverNarrowScope(CarefulClient):
    """Falls over a scope that is not the one it asked for."""

    def read_token(self, answer: Answer) -> Token:
        token = super().read_token(answer)
        if self.settings.grant == "authorization_code" and token.scope == "read_videos":
            raise RuntimeError("the scope has changed")
        return token


class InsistsOnScope(CarefulClient):
    """Refuses an answer that does not repeat the scope."""

    def read_token(self, answer: Answer) -> Token:
        token = super().read_token(answer)
        if token.scope is None and "scope" not in parse(answer):
            raise Trouble("protocol", "the answer has no scope")
        return token


class KnowsThreeScopes(CarefulClient):
    """Refuses a scope that it has never heard of."""

    def read_token(self, answer: Answer) -> Token:
        token = super().read_token(answer)
        if set((token.scope or "").split()) - {"openid", "profile", "email"}:
            raise Trouble("protocol", "the scope is unknown")
        return token


SWITCHES: Mapping[str, Switch] = {
    "unreadable-answer-is-no-token": clickview(GuessesTheToken),
    "not-quite-json-is-no-trap": clickview(CountsOnNumbers),
    "error-page-is-a-refusal": clickview(ParsesBeforeItLooks),
    "errors-are-understood": clickview(InsistsOnDescription),
    "refused-code-is-final": ingest_code(SendsRefusedCodeAgain),
    "token-cannot-break-out": clickview(SendsAnyToken),
    "large-tokens-are-used": clickview(HasLittleRoom),
    "content-type-is-no-trap": ingest(KnowsOneLabel),
    "answers-are-read-within-limits": clickview(ReadsToTheEnd),
    "missing-token-type-is-no-word": clickview(EchoesTheType),
    "narrowed-scope-is-noticed": ingest_code(FallsOverNarrowScope),
    "omitted-scope-means-as-asked": movingimage_code(InsistsOnScope),
    "wider-scope-is-accepted": movingimage_code(KnowsThreeScopes),
}
