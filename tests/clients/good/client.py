"""The careful client: obtains, keeps, renews and uses tokens. Every step is a method of its own."""

import threading
import time
from base64 import b64encode
from typing import Any
from urllib.parse import quote_plus, urlencode

from tests.clients.good.listener import Listener, Params
from tests.clients.good.login import Login
from tests.clients.good.settings import Settings
from tests.clients.good.tokens import MARGIN, Token, lifetime, now, parse, text_of, usable_in_header, wait
from tests.clients.good.trouble import Trouble, Visits, report_of
from tests.clients.good.wire import Answer, Wire

Report = dict[str, Any]


class CarefulClient:
    """One user's (or one application's) access to one API."""

    def __init__(self, settings: Settings, visits: Visits) -> None:
        self.settings = settings
        self.visits = visits
        self.wire = Wire(settings.ca_file, min(settings.patience / 2, 10.0))
        self.token: Token | None = None
        self.refresh_token: str | None = None
        self.until = 0.0
        self._lock = threading.Lock()
        self._failure: Trouble | None = None

    # What the driver asks for

    def authenticate(self, *, fresh: bool = False) -> Report:
        """Make sure of a usable token; a person is at hand, so this alone may start a login."""
        self._begin()
        if fresh:
            self.token = self.refresh_token = None
        if self.token is None or self.token.old:
            if self.settings.grant == "authorization_code":
                self._renew_or_sign_in()
            else:
                self.token = self.renew()
        return self._report("ok")

    def call_api(self, *, times: int = 1, parallel: bool = False) -> Report:
        """Call the API so often; the outcome is that of the first call that went wrong."""
        self._begin()
        results: list[Answer | Trouble] = []
        if parallel and times > 1:
            threads = [
                threading.Thread(target=lambda: results.append(self._try_call()), daemon=True) for _ in range(times)
            ]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        else:
            results += [self._try_call() for _ in range(times)]
        outcomes = [result.outcome if isinstance(result, Trouble) else "ok" for result in results]
        first = next((result for result in results if isinstance(result, Trouble)), None)
        report = self._report("ok") if first is None else report_of(first)
        if first is None and results:
            report["status"] = results[-1].status
        if times > 1:
            report["calls"] = outcomes
        return report

    def close(self) -> None:
        """The end. Nothing is kept open between two instructions, so there is nothing to close."""

    # The API

    def call(self) -> Answer:
        """One successful call: with a token believed good, and after a 401 once more with a new one."""
        token = self.usable_token()
        answer = self.get_resource(token)
        if answer.status == 401:
            answer = self.get_resource(self.usable_token(rejected=token))
        return self.check_resource(answer)

    def get_resource(self, token: Token) -> Answer:
        """Send one GET with the token in the header, where it belongs."""
        return self.send("GET", self.settings.api_url, self.api_headers(token.value))

    def api_headers(self, token: str) -> dict[str, str]:
        """What goes with every call."""
        return {"Authorization": f"Bearer {token}", "Accept": self.settings.dialect.accept}

    def check_resource(self, answer: Answer) -> Answer:
        """Let a success pass; everything else is Trouble of its class."""
        status = answer.status
        if 200 <= status < 300:
            return answer
        if status == 401:
            outcome = "reauth" if self.settings.grant == "authorization_code" else "config"
        elif status == 403:
            outcome = "config"
        elif status in {408, 425, 429} or status >= 500:
            outcome = "retry-later"
        else:
            outcome = "protocol"
        raise Trouble(outcome, f"the API answers {status}", status=status, retry_after=wait(answer))

    # Tokens

    def usable_token(self, rejected: Token | None = None) -> Token:
        """The token in hand, or a new one. Parallel callers share one renewal, and its failure too."""
        with self._lock:
            if self.token is not None and self.token is not rejected and not self.token.old:
                return self.token
            if self._failure is not None:
                raise self._failure
            self.token = None
            try:
                self.token = self.renew()
            except Trouble as trouble:
                self._failure = trouble
                raise
            return self.token

    def renew(self) -> Token:
        """A new access token without any person: by refresh token, or by the client's own credentials."""
        if self.settings.grant == "client_credentials":
            return self.from_credentials()
        if self.refresh_token is None:
            raise Trouble("reauth", "there is no refresh token: the user must sign in again")
        try:
            token = self.from_refresh_token(self.refresh_token)
        except Trouble as trouble:
            if trouble.outcome == "reauth":
                self.refresh_token = None
            raise
        self.keep_refresh_token(token)
        return token

    def from_credentials(self) -> Token:
        """The client credentials grant."""
        form = [("grant_type", "client_credentials")]
        if self.settings.scope:
            form.append(("scope", self.settings.scope))
        try:
            return self.obtain(form)
        except Trouble as trouble:
            if trouble.outcome == "reauth":  # no user here who could sign in again
                raise Trouble("config", trouble.detail, status=trouble.status) from None
            raise

    def from_refresh_token(self, refresh_token: str) -> Token:
        """The refresh grant. The scope is left out: the new token has the old one's."""
        return self.obtain([("grant_type", "refresh_token"), ("refresh_token", refresh_token)])

    def keep_refresh_token(self, token: Token) -> None:
        """The newest refresh token is the one that counts; an answer without one leaves the old one valid."""
        if token.refresh is not None:
            self.refresh_token = token.refresh

    def obtain(self, form: Params) -> Token:
        """One token request, and what comes of it."""
        return self.read_token(self.request_token(form))

    def request_token(self, form: Params) -> Answer:
        """POST the form with the client's authentication: by one method only, the documented one."""
        headers = {"Accept": self.settings.dialect.accept}
        if self.settings.dialect.secret == "basic":
            headers["Authorization"] = self.basic()
        else:
            form = [*form, *self.credentials()]
        return self.post_token(form, headers)

    def post_token(self, form: Params, headers: dict[str, str]) -> Answer:
        """POST a form to the token endpoint."""
        headers = {**headers, "Content-Type": "application/x-www-form-urlencoded"}
        return self.send("POST", self.settings.token_url, headers, urlencode(form).encode())

    def credentials(self) -> Params:
        """The client's name and secret as parameters."""
        return [("client_id", self.settings.client_id), ("client_secret", self.settings.client_secret)]

    def basic(self) -> str:
        """The same as a Basic header, each form-encoded first (RFC 6749, section 2.3.1)."""
        pair = f"{quote_plus(self.settings.client_id)}:{quote_plus(self.settings.client_secret)}"
        return "Basic " + b64encode(pair.encode()).decode()

    def read_token(self, answer: Answer) -> Token:
        """A token that may be used, or Trouble."""
        data = parse(answer)
        value = text_of(data, "access_token")
        if value is None or not usable_in_header(value):
            raise Trouble("protocol", "the token endpoint sent no usable access_token", status=answer.status)
        self.check_type(data.get("token_type"))
        seconds = self.lifetime(data.get("expires_in"))
        expires_at = renew_at = None
        if seconds is not None:
            expires_at = now() + seconds
            renew_at = expires_at - (MARGIN if seconds > 2 * MARGIN else seconds / 5)
        return Token(value, text_of(data, "refresh_token"), renew_at, expires_at, text_of(data, "scope"))

    def check_type(self, token_type: object) -> None:
        """A token of a type that one does not know must not be used (RFC 6749, section 7.1)."""
        if not isinstance(token_type, str) or token_type.lower() != "bearer":
            raise Trouble("protocol", "the token is of a type that this client does not know")

    def lifetime(self, expires_in: object) -> float | None:
        """``expires_in`` in seconds, or None where it says nothing useful."""
        return lifetime(expires_in)

    # The login

    def sign_in(self) -> Token:
        """The authorization code grant, from the visit to the token."""
        login = self.new_login()
        token = self.exchange(login, self.obtain_code(login))
        self.refresh_token = token.refresh
        return token

    def new_login(self) -> Login:
        """State and verifier, fresh for every login."""
        return Login(self.settings)

    def obtain_code(self, login: Login) -> str:
        """Send a person to the sign-in page and wait for the callback."""
        listener = Listener(self.settings.redirect_uri, login.read_callback)
        try:
            self.visits(login.url())
            return listener.wait(self.until)
        finally:
            listener.close()

    def exchange(self, login: Login, code: str) -> Token:
        """Turn the code into a token, once."""
        return self.obtain(self.code_form(login, code))

    def code_form(self, login: Login, code: str) -> Params:
        """The token request's own parameters in this grant."""
        return [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", self.settings.redirect_uri),
            ("code_verifier", login.verifier),
        ]

    # Odds and ends

    def send(self, method: str, url: str, headers: dict[str, str], body: bytes | None = None) -> Answer:
        """One request within the time that the instruction has left."""
        return self.wire.send(method, url, headers, body, until=self.until)

    def _begin(self) -> None:
        self.until = time.monotonic() + self.settings.patience
        self._failure = None

    def _renew_or_sign_in(self) -> None:
        self.token = None
        if self.refresh_token is not None:
            try:
                self.token = self.renew()
            except Trouble as trouble:
                if trouble.outcome != "reauth":
                    raise
            else:
                return
        self.token = self.sign_in()

    def _try_call(self) -> Answer | Trouble:
        try:
            return self.call()
        except Trouble as trouble:
            return trouble

    def _report(self, outcome: str) -> Report:
        report: Report = {"outcome": outcome}
        if self.token is not None and self.token.scope is not None:
            report["scope"] = self.token.scope
        if self.token is not None and self.token.expires_at is not None:
            report["expires_at"] = int(self.token.expires_at)
        return report
