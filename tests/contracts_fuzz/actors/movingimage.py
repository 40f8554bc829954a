"""A client of movingimage and people who sign in: the realm's endpoints, and the API that is called with its tokens."""

# ruff: noqa: ARG005, D102 - a way takes a number also where there is but one; as the base class says

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar
from urllib.parse import parse_qsl, urlsplit

from sparring.contracts.place import Call, Reply
from tests.contracts_fuzz.actors.actor import Actor, basic, bearer, one, read, remember
from tests.contracts_fuzz.dressing import Right
from tests.contracts_fuzz.fake import ORIGIN, Browser, Fake

REALM = "/auth/realms/platform"
CONNECT = f"{REALM}/protocol/openid-connect"
AUTHORIZE, TOKEN = f"{CONNECT}/auth", f"{CONNECT}/token"
CLIENT = {"client_id": "example-client", "client_secret": "9a0c2f4b-6a53-4f0e-8f7d-5d1e3b7c9a10"}
CONSENTING = "asks-for-consent"
REDIRECT_URI = "https://redirect.example.com/"
ADA = {"username": "ada", "password": "ada-spars-here"}
PENDING = "new-here"
ASKED = {
    "client_id": CLIENT["client_id"],
    "redirect_uri": REDIRECT_URI,
    "response_mode": "query",
    "response_type": "code",
    "scope": "openid",
}
PASSWORD = {"grant_type": "password", "client_id": "anonymous", "scope": "openid", **ADA}
FREE = frozenset({"state", "nonce", "login_hint", "ui_locales", "kc_idp_hint", "acr_values", "display", "claims"})
AGE = 200
"""Seconds after which tokens are fetched anew: an access token lives for 300."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What one login brought, and when."""

    access: str
    refresh: str
    identity: str
    at: float


class MovingimageActor(Actor):
    """Ada is signed in; somebody else has to choose a password first; one client asks for consent."""

    weights: ClassVar[Mapping[str, int]] = {
        "authorize": 12,
        "authorize-post": 8,
        "login-post": 12,
        "token": 28,
        "introspection": 10,
        "userinfo": 6,
        "logout-post": 8,
        "revocation": 3,
        "registration": 2,
        "logout-confirm": 2,
        "api": 8,
    }

    def __init__(self, fake: Fake) -> None:
        super().__init__(fake)
        fake.add_person(PENDING, attributes={"required_action": "UPDATE_PASSWORD"})
        self._ada = Browser(fake)
        self._refresh: list[str] = []
        self._held: list[Held] = []
        self._old: list[str] = []
        self._people = 0
        self.ways = {
            "webfinger": lambda pick: Right(query={"resource": "https://api.video-cdn.net/v1/"}),
            "page-check-session-init": lambda pick: Right(
                query={"client_id": CLIENT["client_id"], "origin": ORIGIN}, keys=frozenset()
            ),
            "authorize": self._authorize,
            "authorize-post": lambda pick: self._authorize(pick, by_form=True),
            "login": lambda pick: self._sign_in(filled=False),
            "login-post": lambda pick: self._sign_in(filled=True),
            "login-restart": lambda pick: self._restart(),
            "login-required-action": lambda pick: self._new_password(filled=False),
            "login-required-action-post": lambda pick: self._new_password(filled=True),
            "consent": self._consent,
            "token": self._token,
            "introspection": lambda pick: _as_client(pick, {"token": self._some(pick)}),
            "userinfo": lambda pick: Right(headers=bearer(self._now().access)),
            "userinfo-post": lambda pick: Right(headers=bearer(self._now().access), form={}),
            "logout": self._leave,
            "logout-post": lambda pick: _as_client(pick, {"refresh_token": self._exchanged(Browser(fake)).refresh}),
            "logout-confirm": lambda pick: Right(form={"session_code": "x", "confirmLogout": "Logout"}),
            "revocation": lambda pick: _as_client(pick, {"token": self._now().refresh}),
            "registration": lambda pick: Right(json={"client_name": "App"}),
            "api": lambda pick: Right(headers=bearer(self._now().access)),
            "old-login": lambda pick: Right(json=ADA),
            "old-login-refresh": lambda pick: self._old_refresh(),
            "user-info": lambda pick: Right(
                headers=bearer(self._now().access), json={"jwt_id_token": self._now().identity}
            ),
        }

    def learn(self, name: str, call: Call, reply: Reply) -> None:
        if name == "token" and reply.status == 200 and b"grant_type=password" not in call.body:
            remember(self._refresh, str(json.loads(reply.body)["refresh_token"]))
        elif name.startswith("old-login") and reply.status == 200:
            remember(self._old, str(json.loads(reply.body)["refreshToken"]))

    def turned_away(self, call: Call, reply: Reply) -> bool:
        words = b"Authentication failed." in reply.body or b'"unauthorized_client"' in reply.body
        return words or super().turned_away(call, reply)

    # The person

    def _code(self, browser: Browser) -> str:
        reply = browser.open(AUTHORIZE, ASKED)
        if browser.form("sign-in") is not None:
            reply = browser.submit("sign-in", **ADA)
        return dict(parse_qsl(urlsplit(reply.header("location") or "").query))["code"]

    def _exchanged(self, browser: Browser) -> Held:
        form = {"grant_type": "authorization_code", "code": self._code(browser), "redirect_uri": REDIRECT_URI}
        made = read(self.fake.ask("POST", TOKEN, form=form | CLIENT))
        return Held(
            access=made["access_token"], refresh=made["refresh_token"], identity=made["id_token"], at=self.fake.now
        )

    def _now(self) -> Held:
        """Tokens of the last few minutes."""
        if not self._held or self.fake.now - self._held[-1].at > AGE:
            remember(self._held, self._exchanged(self._ada))
        return self._held[-1]

    def _some(self, pick: int) -> str:
        held = self._now()
        return held.access if pick % 3 else held.refresh

    def _authorize(self, pick: int, *, by_form: bool = False) -> Right:
        asked = ASKED | {"response_mode": one(("query", "fragment", "form_post"), pick)}
        if pick % 7 == 0:
            asked |= {"client_id": CONSENTING}
        cookies = self._ada.cookies(AUTHORIZE) if pick % 2 else {}
        if by_form:
            return Right(form=asked, cookies=cookies, free=FREE)
        return Right(query=asked, cookies=cookies, free=FREE)

    def _sign_in(self, *, filled: bool) -> Right:
        browser = Browser(self.fake)
        browser.open(AUTHORIZE, ASKED)
        return _filled(browser, "sign-in", **ADA) if filled else _shown(browser, "sign-in")

    def _restart(self) -> Right:
        browser = Browser(self.fake)
        browser.open(AUTHORIZE, ASKED)
        known = _shown(browser, "sign-in")
        wanted = {name: value for name, value in known.query.items() if name in {"client_id", "tab_id"}}
        return Right(query=wanted, cookies=known.cookies)

    def _new_password(self, *, filled: bool) -> Right:
        browser = Browser(self.fake)
        browser.open(AUTHORIZE, ASKED)
        browser.submit("sign-in", username=PENDING, password=f"{PENDING}-spars-here")
        if browser.form("new-password") is None:  # it was chosen in an earlier case
            self.fake.add_person(PENDING, attributes={"required_action": "UPDATE_PASSWORD"})
            return self._new_password(filled=filled)
        chosen = {"password-new": f"{PENDING}-spars-here", "password-confirm": f"{PENDING}-spars-here"}
        return _filled(browser, "new-password", **chosen) if filled else _shown(browser, "new-password")

    def _consent(self, pick: int) -> Right:
        self._people += 1
        username = f"person-{self._people}"
        self.fake.add_person(username)
        browser = Browser(self.fake)
        browser.open(AUTHORIZE, ASKED | {"client_id": CONSENTING})
        browser.submit("sign-in", username=username, password=f"{username}-spars-here")
        return _filled(browser, "consent", decision="approve" if pick % 4 else "deny")

    def _leave(self, pick: int) -> Right:
        browser = Browser(self.fake)
        held = self._exchanged(browser)
        query = {"id_token_hint": held.identity} if pick % 2 else {}
        back = {"post_logout_redirect_uri": REDIRECT_URI} if pick % 3 else {}
        return Right(query=query | back, cookies=browser.cookies(AUTHORIZE), free=frozenset({"state"}))

    # The client

    def _token(self, pick: int) -> Right:
        if pick % 4 == 0:
            return Right(form=PASSWORD)
        if pick % 4 == 1 and self._refresh:
            return _as_client(pick // 4, {"grant_type": "refresh_token", "refresh_token": self._refresh.pop()})
        code = self._code(self._ada)
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": REDIRECT_URI}
        return _as_client(pick // 4, form)

    def _old_refresh(self) -> Right:
        if not self._old:
            body = json.dumps(ADA).encode()
            made = self.fake.post("/v1/vms/auth/login", {"content-type": "application/json"}, body)
            remember(self._old, str(read(made)["refreshToken"]))
        return Right(path={"id": "4711"}, json={"refreshToken": self._old[-1]})


def _as_client(pick: int, form: dict[str, Any]) -> Right:
    if pick % 3 == 0:
        return Right(headers=basic(*CLIENT.values()), form=form)
    return Right(form=form | CLIENT)


def _filled(browser: Browser, name: str, **fill: str) -> Right:
    """The form that is shown, as a request."""
    url, form = browser.filled(name, **fill)
    return Right(query=dict(parse_qsl(urlsplit(url).query)), form=form, cookies=browser.cookies(url), keys=frozenset())


def _shown(browser: Browser, name: str) -> Right:
    """The address that the form leads to, as one goes there by a link."""
    url, _ = browser.filled(name)
    return Right(query=dict(parse_qsl(urlsplit(url).query)), cookies=browser.cookies(url), keys=frozenset())
