"""An application at Ingest and the people who use it: login, tokens, and every call of the API."""

# ruff: noqa: ARG005, D102 - a way takes a number also where there is but one; as the base class says

import json
from collections.abc import Mapping
from typing import Any, ClassVar
from urllib.parse import parse_qsl, urlsplit

from sparring.contracts.place import Call, Reply
from tests.contracts_fuzz.actors.actor import Actor, basic, bearer, one, read, remember
from tests.contracts_fuzz.dressing import Right
from tests.contracts_fuzz.fake import Browser, Fake

CLIENT = {"client_id": "IngestNetwork123", "client_secret": "jhjed88ydjKJDFU77y7dk"}
REDIRECT_URI = "https://mywebsite.com/oauth/ingest"
MEDIA_TYPE = "application/vnd.ingest.v1+json"
SCOPES = ("all", "read_videos,write_videos", "all,personal")
NETWORK = "9d1e0c44-1f7e-4f7a-8c55-7b7a2f0e6c10"
KEYS = frozenset({"Authorization", "Accept"})
ADA, LEAVING = "ada", "several-networks"


def _asked(scope: str = "all") -> dict[str, str]:
    return {"response_type": "code", "client_id": CLIENT["client_id"], "scope": scope, "redirect_uri": REDIRECT_URI}


class IngestActor(Actor):
    """Two people: the tokens of one are used, those of the other revoked."""

    weights: ClassVar[Mapping[str, int]] = {
        "authorize": 14,
        "authorize-post": 16,
        "token": 30,
        "personal-token": 8,
        "api": 8,
        "api-live": 6,
    }

    def __init__(self, fake: Fake) -> None:
        super().__init__(fake)
        self._ada = Browser(fake)
        self._sign_in(self._ada, ADA)
        self._codes: list[str] = []
        self._refresh: list[str] = []
        self._access: list[str] = []
        self._deciding: Browser | None = None
        self._exchange()
        self._videos = [str(video["id"]) for video in read(self._get("/videos"))]
        self._me = str(read(self._get("/users/me"))["id"])
        self._other = self._subject_of(LEAVING)
        self.ways = {
            "authorize": self._authorize,
            "authorize-post": self._post_authorize,
            "token": self._token,
            "personal-token": self._personal,
            "api-video": lambda pick: self._call(pick, id=one(self._videos, pick)),
            "api-users-me-revoke": lambda pick: Right(headers=_api(self._token_of(LEAVING)), keys=KEYS),
            "api-users-revoke": lambda pick: self._call(pick, id=self._other),
            "api-users-transfer": lambda pick: self._call(pick, id=self._other, heir=self._me),
            "api-users-roles": lambda pick: self._call(pick, _ROLES, id=self._other),
            "api-network-invite": lambda pick: self._call(pick, _GUEST, id=NETWORK),
            "api-live": lambda pick: self._call(pick, {"title": "Live"}),
        }
        for name in ("api", "api-head", "api-users-me", "api-networks", "api-networks-head"):
            self.ways[name] = self._call
        for part in ("", "-keys", "-keys-head", "-invoices", "-invoices-head", "-customers", "-customers-head"):
            self.ways[f"api-network{part}"] = lambda pick: self._call(pick, id=NETWORK)

    def learn(self, name: str, call: Call, reply: Reply) -> None:
        if name == "token" and reply.status == 200:
            made = json.loads(reply.body)
            if "refresh_token" in made:
                remember(self._refresh, str(made["refresh_token"]))
                if made["scope"].startswith("all"):
                    remember(self._access, str(made["access_token"]))
        elif name == "authorize-post" and (code := _code(reply)):
            remember(self._codes, code)

    def _get(self, path: str) -> Reply:
        return self.fake.ask("GET", path, *_api(self._access[-1]).items())

    def _sign_in(self, browser: Browser, login: str) -> None:
        browser.open("/authorize", _asked())
        browser.submit("sign-in", network="", login=login, password=f"{login}-spars-here")

    def _new_code(self, browser: Browser, scope: str = "all") -> str:
        browser.open("/authorize", _asked(scope))
        if browser.form("chooser") is not None:
            browser.submit("chooser")
        code = _code(browser.submit("consent", decision="approve"))
        assert code is not None, browser.shown
        return code

    def _exchange(self) -> None:
        made = read(self.fake.ask("POST", "/token", form=_exchange(self._new_code(self._ada))))
        remember(self._access, str(made["access_token"]))
        remember(self._refresh, str(made["refresh_token"]))

    def _token_of(self, login: str) -> str:
        browser = Browser(self.fake)
        self._sign_in(browser, login)
        return str(read(self.fake.ask("POST", "/token", form=_exchange(self._new_code(browser))))["access_token"])

    def _subject_of(self, login: str) -> str:
        return str(read(self.fake.ask("GET", "/users/me", *_api(self._token_of(login)).items()))["id"])

    def _authorize(self, pick: int) -> Right:
        cookies = self._ada.cookies("/authorize") if pick % 3 else {}
        return Right(query=_asked(one(SCOPES, pick)), cookies=cookies, free=frozenset({"state"}))

    def _post_authorize(self, pick: int) -> Right:
        """A form of one of the pages, or the request itself in a form."""
        if pick % 4 == 0:
            return Right(form=_asked(one(SCOPES, pick)))
        if pick % 4 == 1:
            person = {"network": "", "login": ADA, "password": f"{ADA}-spars-here"}
            return Right(query=_asked(), form=person)
        self._ada.open("/authorize", _asked())
        _, form = self._ada.filled("consent", decision="approve" if pick % 5 else "reject")
        return Right(query=_asked(), form=form, cookies=self._ada.cookies("/authorize"))

    def _token(self, pick: int) -> Right:
        if pick % 3 == 0:
            params = {"grant_type": "client_credentials", "scope": "read_videos"}
        elif pick % 3 == 1 and self._refresh:
            params = {"grant_type": "refresh_token", "refresh_token": self._refresh.pop()}
        else:
            code = self._codes.pop() if self._codes else self._new_code(self._ada)
            params = {"grant_type": "authorization_code", "code": code, "redirect_uri": REDIRECT_URI}
        if pick % 4 == 0:
            return Right(headers=basic(*CLIENT.values()), form=params)
        return Right(form=params | CLIENT) if pick % 4 == 1 else Right(query=params | CLIENT, form={})

    def _personal(self, pick: int) -> Right:
        wish: Any = {"client_secret": CLIENT["client_secret"], "scopes": ["read_videos"]}
        path = {"client_id": CLIENT["client_id"]}
        return Right(headers=bearer(one(self._access, pick)), path=path, json=wish)

    def _call(self, pick: int, document: Any = None, **path: str) -> Right:
        return Right(headers=_api(one(self._access, pick)), path=path, json=document, keys=KEYS)


def _api(token: str) -> dict[str, str]:
    return {**bearer(token), "Accept": MEDIA_TYPE}


def _exchange(code: str) -> dict[str, str]:
    return {"grant_type": "authorization_code", "code": code, "redirect_uri": REDIRECT_URI, **CLIENT}


def _code(reply: Reply) -> str | None:
    return dict(parse_qsl(urlsplit(reply.header("location") or "").query)).get("code")


_ROLES = {"role_ids": ["admin"]}
_GUEST = {"name": "Ben", "email": "ben@network.example"}
