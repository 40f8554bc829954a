"""The careful client: obtains, keeps, renews and uses tokens. Every step is a method of its own."""

import threading
import time
from typing import Any

from tests.clients.good.discovery import discovered
from tests.clients.good.endpoint import TokenEndpoint
from tests.clients.good.identity import Identity, IdTokens
from tests.clients.good.listener import Listener, Params
from tests.clients.good.login import Login
from tests.clients.good.settings import Settings
from tests.clients.good.store import Kept, Store
from tests.clients.good.tokens import Token, wait
from tests.clients.good.trouble import Trouble, Visits, report_of
from tests.clients.good.wire import Answer

Report = dict[str, Any]


class CarefulClient(TokenEndpoint):
    """One user's (or one application's) access to one API."""

    def __init__(self, settings: Settings, visits: Visits) -> None:
        super().__init__(settings)
        self.visits = visits
        self.user = settings.remote_user_id
        self.store = Store(settings.state_dir)
        self.token: Token | None = None
        self.refresh_token, self.identity = self.store.of(self.user)
        self.id_tokens = self.new_id_tokens()
        self._others: dict[str, tuple[Token | None, str | None, Identity | None]] = {}
        self._lock = threading.Lock()
        self._failure: Trouble | None = None
        self._discovered = False

    # What the driver asks for

    def authenticate(self, *, fresh: bool = False) -> Report:
        """Make sure of a usable token; a person is at hand, so this alone may start a login."""
        self._begin()
        if fresh:
            self.forget()
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

    def register(self, remote_user_id: str) -> Report:
        """Make a user known to the provider, where users are known that way."""
        raise Trouble("config", "users do not register here")

    def turn_to(self, user: str) -> None:
        """Act for that user from now on; what is held for the others is kept, and what is nobody's own is shared."""
        if user != self.user and self.personal:
            self._others[self.user] = (self.token, self.refresh_token, self.identity)
            self.user = user
            self.token, self.refresh_token, self.identity = self._others.pop(user, (None, *self.store.of(user)))

    @property
    def personal(self) -> bool:
        """Whether tokens are a user's own; those by the client's credentials serve everybody."""
        return self.settings.grant == "authorization_code"

    def forget(self) -> None:
        """Drop what is held for the present user."""
        self.token = self.refresh_token = self.identity = None
        self.remember()

    def remember(self) -> None:
        """Write down what must survive this process, before anything relies on it."""
        self.store.keep(self.user, Kept(self.refresh_token, self.identity))

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
        self.discover()
        if self.refresh_token is None:
            raise Trouble("reauth", "there is no refresh token: the user must sign in again")
        try:
            token = self.from_refresh_token(self.refresh_token)
        except Trouble as trouble:
            if trouble.outcome == "reauth":
                self.refresh_token = None
                self.remember()
            raise
        self.same_person(token)
        self.keep_refresh_token(token)
        self.remember()
        return token

    def from_credentials(self) -> Token:
        """The client credentials grant."""
        form = [("grant_type", "client_credentials")]
        if self.settings.scope and self.settings.dialect.asks_scope:
            form.append(("scope", self.settings.scope))
        try:
            return self.obtain(form)
        except Trouble as trouble:
            if trouble.outcome == "reauth":  # no user here who could sign in again
                raise Trouble("config", trouble.detail, status=trouble.status) from None
            raise

    def from_refresh_token(self, refresh_token: str) -> Token:
        """The refresh grant. The scope is left out: the new token has the old one's."""
        form = [("grant_type", "refresh_token"), ("refresh_token", refresh_token)]
        extra = self.settings.dialect.refresh
        return self.obtain([*form, *((name, value.format(**self.settings._asdict())) for name, value in extra)])

    def keep_refresh_token(self, token: Token) -> None:
        """The newest refresh token is the one that counts; an answer without one leaves the old one valid."""
        if token.refresh is not None:
            self.refresh_token = token.refresh

    # The login

    def discover(self) -> None:
        """Take the endpoints from the provider's own document, once, where a login asks who the person is."""
        if self.settings.openid and self.settings.discovery_url and not self._discovered:
            self.settings = self.read_discovery(self.fetch_discovery())
            self._discovered = True

    def fetch_discovery(self) -> Answer:
        """The provider's document."""
        return self.send("GET", self.settings.discovery_url, {"Accept": "application/json"})

    def read_discovery(self, answer: Answer) -> Settings:
        """The settings with the endpoints of the document."""
        return discovered(answer, self.settings)

    def sign_in(self) -> Token:
        """The authorization code grant, from the visit to the token."""
        self.discover()
        login = self.new_login()
        token = self.exchange(login, self.obtain_code(login))
        self.refresh_token = token.refresh
        self.remember()
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
        """Turn the code into a token, once, and make sure who signed in."""
        token = self.obtain(self.code_form(login, code))
        if self.settings.openid:
            self.identity = self.identify(login, token)
        return token

    def code_form(self, login: Login, code: str) -> Params:
        """The token request's own parameters in this grant."""
        form = [("grant_type", "authorization_code"), ("code", code), ("redirect_uri", self.settings.redirect_uri)]
        return [*form, ("code_verifier", login.verifier)] if login.pkce else form

    # Who signed in

    def new_id_tokens(self) -> IdTokens:
        """How ID tokens are checked; the provider's keys are fetched when the first one comes."""
        return IdTokens(self.settings, self.fetch_keys)

    def fetch_keys(self) -> Answer:
        """The provider's published keys."""
        return self.send("GET", self.settings.jwks_url, {"Accept": "application/json"})

    def identify(self, login: Login, token: Token) -> Identity:
        """Whose login it was, by the ID token that must have come of it."""
        if token.identity is None:
            raise Trouble("protocol", "the token endpoint sent no id_token")
        return self.id_tokens.of_login(token.identity, token.value, login.nonce)

    def same_person(self, token: Token) -> None:
        """An ID token that comes with a renewal is about the person who signed in; else nothing is kept."""
        if self.identity is None or token.identity is None:
            return
        try:
            self.id_tokens.of_renewal(token.identity, token.value, self.identity)
        except Trouble as trouble:
            if trouble.outcome == "protocol":
                self.forget()
            else:  # the keys could not be had just now, and the old refresh token may be gone already
                self.keep_refresh_token(token)
                self.remember()
            raise

    # Odds and ends

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

    def _report(self, outcome: str, token: Token | None = None) -> Report:
        report: Report = {"outcome": outcome}
        token = token or self.token
        if token is not None and token.scope is not None:
            report["scope"] = token.scope
        if token is not None and token.expires_at is not None:
            report["expires_at"] = int(token.expires_at)
        return report
