"""API clients of a Panopto site, and somebody who signs in there: tokens, the API, an upload."""

# ruff: noqa: ARG005, D102 - a way takes a number also where there is but one; as the base class says

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar
from urllib.parse import parse_qsl, urlsplit

from sparring.contracts.place import Call, Reply
from tests.contracts_fuzz.actors.actor import Actor, basic, bearer, one, read, remember
from tests.contracts_fuzz.dressing import Right
from tests.contracts_fuzz.fake import Browser, Fake

OAUTH2, API, UPLOAD = "/Panopto/oauth2", "/Panopto/api/v1", "/Panopto/PublicAPI/REST/sessionUpload"
AUTHORIZE = f"{OAUTH2}/connect/authorize"
CLIENT = {
    "client_id": "3f1d9a52-7c84-4b06-a2e5-8d90c1b7f64e",
    "client_secret": "c3BhcnJpbmctcGFub3B0by1jbGllbnQtc2VjcmV0ISE=",
}
USER_BASED = {
    "client_id": "a94c7d10-52e3-4f8b-9d67-01b3c8e5f2a6",
    "client_secret": "c3BhcnJpbmctcGFub3B0by11c2VyLWJhc2VkLWtleSE=",
}
REDIRECT_URI = "http://localhost:9127/redirect"
ROOT = "00000000-0000-0000-0000-000000000000"
ADA = {"username": "ada", "password": "ada-spars-here"}
ASKED = {
    "client_id": CLIENT["client_id"],
    "response_type": "code",
    "redirect_uri": REDIRECT_URI,
    "scope": "openid api offline_access",
}
SCRIPT = {
    "client_id": "d0e6b843-1f7a-4c25-8b90-6e2f4a7c3d51",
    "response_type": "id_token token",
    "redirect_uri": "https://localhost/redirect",
    "scope": "openid api",
    "nonce": "n-1",
}
FREE = frozenset({"state", "display", "code_challenge", "code_challenge_method"})
AGE = 200
"""Seconds after which tokens are fetched anew: an ID token lives for 300."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What one login brought, and when."""

    access: str
    refresh: str
    identity: str
    at: float


class PanoptoActor(Actor):
    """Signs in whenever a code is needed; uploads a file before one is asked after."""

    weights: ClassVar[Mapping[str, int]] = {
        "authorize": 12,
        "consent": 10,
        "login": 10,
        "token": 28,
        "userinfo": 6,
        "api": 6,
        "upload": 6,
    }

    def __init__(self, fake: Fake) -> None:
        super().__init__(fake)
        self._ada = Browser(fake)
        self._held: list[Held] = []
        self._refresh: list[str] = []
        self._uploads: list[tuple[str, str]] = []
        self._folders = [ROOT, *self._ids(f"{API}/folders/{ROOT}/children")]
        self._sessions = self._ids(f"{API}/sessions/search?searchQuery=")
        self._subject = str(read(self._get(f"{OAUTH2}/connect/userinfo"))["sub"])
        self.ways = {
            "authorize": self._authorize,
            "switch": self._authorize,
            "consent": self._consent,
            "page": lambda pick: self._sign_in_page(),
            "login": lambda pick: self._sign_in(),
            "token": self._token,
            "userinfo": self._call,
            "userinfo-post": lambda pick: Right(form={"access_token": self._now().access}),
            "revocation": self._revocation,
            "introspection": lambda pick: Right(form={"token": self._now().access}),
            "access-token-validation": lambda pick: Right(query=self._access(pick)),
            "access-token-validation-post": lambda pick: Right(form=self._access(pick)),
            "identity-token-validation": lambda pick: Right(query=self._identity()),
            "identity-token-validation-post": lambda pick: Right(form=self._identity()),
            "end-session": lambda pick: Right(query=self._leaving(pick), cookies=self._ada.cookies(AUTHORIZE)),
            "end-session-post": lambda pick: Right(form=self._leaving(pick), cookies=self._ada.cookies(AUTHORIZE)),
            "end-session-callback": lambda pick: self._callback(),
            "logout": lambda pick: Right(cookies=self._ada.cookies(AUTHORIZE)),
            "logout-post": lambda pick: self._log_out(),
            "csp-report": lambda pick: Right(),
            "api": lambda pick: self._call(pick, id=ROOT),
            "folder-sessions": lambda pick: self._call(pick, id=one(self._folders, pick)),
            "folder-search": self._call,
            "folder": lambda pick: self._call(pick, id=one(self._folders[1:], pick)),
            "session-search": self._call,
            "session": lambda pick: self._call(pick, id=one(self._sessions, pick)),
            "user": lambda pick: self._call(pick, id=self._subject),
            "legacy-login": self._call,
            "upload": lambda pick: self._call(pick, {"FolderId": one(self._folders[1:], pick)}),
            "upload-state": lambda pick: self._call(pick, id=self._upload(pick)[0]),
            "upload-state-put": lambda pick: self._call(pick, {"State": 1}, id=self._upload(pick)[0]),
            "storage": self._store,
            "storage-put": self._store_part,
        }

    def learn(self, name: str, call: Call, reply: Reply) -> None:
        if name == "token" and reply.status == 200 and "refresh_token" in (made := json.loads(reply.body)):
            remember(self._refresh, str(made["refresh_token"]))

    def turned_away(self, call: Call, reply: Reply) -> bool:
        return super().turned_away(call, reply) or ("/sessionUpload" in call.url and reply.status == 403)

    # The person

    def _code(self) -> str:
        self._ask()
        reply = self._ada.submit("consent", decision="approve")
        return dict(parse_qsl(urlsplit(reply.header("location") or "").query))["code"]

    def _ask(self) -> None:
        """Show the person the question for consent."""
        self._ada.open(AUTHORIZE, ASKED)
        if self._ada.form("sign-in") is not None:
            self._ada.submit("sign-in", **ADA)

    def _now(self) -> Held:
        """Tokens of the last few minutes."""
        if not self._held or self.fake.now - self._held[-1].at > AGE:
            form = {"grant_type": "authorization_code", "code": self._code(), "redirect_uri": REDIRECT_URI, **CLIENT}
            made = read(self.fake.ask("POST", f"{OAUTH2}/connect/token", form=form))
            held = Held(
                access=made["access_token"],
                refresh=made["refresh_token"],
                identity=made["id_token"],
                at=self.fake.now,
            )
            remember(self._held, held)
        return self._held[-1]

    def _get(self, path: str) -> Reply:
        return self.fake.ask("GET", path, *bearer(self._now().access).items())

    def _ids(self, path: str) -> list[str]:
        return [str(each["Id"]) for each in read(self._get(path))["Results"]]

    def _authorize(self, pick: int) -> Right:
        asked = SCRIPT if pick % 5 == 0 else ASKED
        return Right(query=asked, cookies=self._ada.cookies(AUTHORIZE) if pick % 3 else {}, free=FREE)

    def _sign_in_page(self) -> Right:
        browser = Browser(self.fake)
        browser.open(AUTHORIZE, ASKED)
        assert browser.shown is not None
        url = browser.shown[0].url
        return Right(query=dict(parse_qsl(urlsplit(url).query)), cookies=browser.cookies(url))

    def _sign_in(self) -> Right:
        browser = Browser(self.fake)
        browser.open(AUTHORIZE, ASKED)
        return _filled(browser, "sign-in", **ADA)

    def _consent(self, pick: int) -> Right:
        self._ask()
        return _filled(self._ada, "consent", decision="approve" if pick % 4 else "deny")

    # The client

    def _token(self, pick: int) -> Right:
        if pick % 4 == 0:
            return Right(form={"grant_type": "password", **ADA, "scope": "openid api", **USER_BASED})
        if pick % 4 == 1 and self._refresh:
            return _as_client(pick // 4, {"grant_type": "refresh_token", "refresh_token": self._refresh.pop()})
        form = {"grant_type": "authorization_code", "code": self._code(), "redirect_uri": REDIRECT_URI}
        return _as_client(pick // 4, form)

    def _revocation(self, pick: int) -> Right:
        token = one(self._refresh, pick) if self._refresh else self._now().access
        return _as_client(pick, {"token": token})

    def _access(self, pick: int) -> dict[str, str]:
        token = {"token": self._now().access}
        return token | {"expectedScope": "api"} if pick % 2 else token

    def _identity(self) -> dict[str, str]:
        return {"token": self._now().identity, "client_id": CLIENT["client_id"]}

    def _leaving(self, pick: int) -> dict[str, str]:
        return {"id_token_hint": self._now().identity} if pick % 2 else {}

    def _callback(self) -> Right:
        cookies = self._ada.cookies(AUTHORIZE)
        return Right(query={"sid": cookies["idsvr.session"]}, cookies=cookies)

    def _log_out(self) -> Right:
        cookies = self._ada.cookies(AUTHORIZE)
        return Right(form={"idsrv.xsrf": cookies.get("idsrv.xsrf", "")}, cookies=cookies)

    def _call(self, pick: int, document: Any = None, **path: str) -> Right:
        free = frozenset({"sortField", "sortOrder", "searchQuery"})
        return Right(headers=bearer(self._now().access), path=path, json=document, free=free)

    def _upload(self, pick: int) -> tuple[str, str]:
        """An upload, and the id of a file on its way there."""
        if not self._uploads or pick % 4 == 0:
            headers = {**bearer(self._now().access), "content-type": "application/json"}
            body = json.dumps({"FolderId": self._folders[1]}).encode()
            upload = str(read(self.fake.post(UPLOAD, headers, body))["ID"])
            begun = self.fake.post(f"/Panopto/Upload/{upload}/a.mp4?uploads", {"content-type": "application/xml"}, b"")
            transfer = re.search(r"<UploadId>(\w+)</UploadId>", begun.text)
            assert transfer is not None, begun
            remember(self._uploads, (upload, transfer[1]))
        return one(self._uploads, pick)

    def _store(self, pick: int) -> Right:
        upload, transfer = self._upload(pick)
        if pick % 3 == 0:
            self._uploads.remove((upload, transfer))
        return Right(
            path={"id": upload, "file": "a.mp4"}, query={"uploadId": transfer} if pick % 3 == 0 else {"uploads": ""}
        )

    def _store_part(self, pick: int) -> Right:
        upload, transfer = self._upload(pick)
        return Right(path={"id": upload, "file": "a.mp4"}, query={"partNumber": "1", "uploadId": transfer})


def _as_client(pick: int, form: dict[str, str]) -> Right:
    if pick % 3 == 0:
        return Right(headers=basic(*CLIENT.values()), form=form)
    return Right(form=form | CLIENT)


def _filled(browser: Browser, name: str, **fill: str) -> Right:
    """The form that is shown, as a request."""
    url, form = browser.filled(name, **fill)
    return Right(query=dict(parse_qsl(urlsplit(url).query)), form=form, cookies=browser.cookies(url))
