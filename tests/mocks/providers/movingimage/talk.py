"""What a browser and a client say to movingimage."""

import html
import json
import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import jwt

from sparring.mocks.engine.messages import Answer, Request
from sparring.mocks.engine.users import User
from sparring.mocks.stage import Stage
from tests.mocks import stages

BASE = "http://127.0.0.1:9401"
REALM = "/auth/realms/platform"
CONNECT = f"{REALM}/protocol/openid-connect"
CLIENT_ID = "example-client"
SECRET = "9a0c2f4b-6a53-4f0e-8f7d-5d1e3b7c9a10"
REDIRECT_URI = "https://redirect.example.com/"
CLIENT = {"client_id": CLIENT_ID, "client_secret": SECRET}
ASKED = {  # the guide's own example
    "client_id": CLIENT_ID,
    "redirect_uri": REDIRECT_URI,
    "response_mode": "query",
    "response_type": "code",
    "scope": "openid",
    "state": "7f4jK098p0",
}
ADA = "6f0f3a0e-9d1c-4b55-8c52-0a1f0c7d2e33"
_VARYING = (
    (re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"), "<uuid>"),
    (re.compile(r"eyJ[\w-]+\.eyJ[\w-]+\.[\w-]+"), "<jwt>"),
)
ACTION = re.compile(r'<form id="kc-form-login" action="([^"]+)" method="post" data-sparring="sign-in">')

Changes = Mapping[str, str | None]


async def movingimage(**wishes: Any) -> Stage:
    """A stage with movingimage alone."""
    return await stages.open_stage("movingimage", **wishes)


async def ask(stage: Stage, message: Request) -> Answer:
    """The stage's answer."""
    return await stages.ask(stage, message, "movingimage")


def changed(params: Mapping[str, str], changes: Changes | None) -> dict[str, str]:
    """The parameters with some of them changed; None leaves one out."""
    return {name: value for name, value in {**params, **(changes or {})}.items() if value is not None}


def params_of(location: str) -> list[tuple[str, str]]:
    """The query of a URL."""
    return parse_qsl(urlsplit(location).query, keep_blank_values=True)


def location(answer: Answer) -> str:
    """Where the answer sends the browser."""
    assert answer.status == 302, answer
    target = answer.header("Location")
    assert target is not None
    return target


def masked(text: str) -> str:
    """The text with what varies from login to login replaced by its kind."""
    for pattern, kind in _VARYING:
        text = pattern.sub(kind, text)
    return text


class Browser:
    """A browser with a cookie jar, and the person before it. Requests differ from the guide's by ``changes``."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.cookies: dict[str, str] = {}
        self.action = ""

    async def send(
        self, method: str, target: str, form: Mapping[str, str] | Sequence[tuple[str, str]] | None = None
    ) -> Answer:
        """A request with the cookies there are; the target may be an address of the provider's own."""
        target = target.removeprefix(BASE)
        jar = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers = (("cookie", jar),) if jar else ()
        answer = await ask(self.stage, stages.request(method, target, *headers, form=form))
        for name, value in answer.headers:
            if name == "Set-Cookie":
                label, _, content = value.partition(";")[0].partition("=")
                if "Max-Age=0" in value:
                    self.cookies.pop(label, None)
                else:
                    self.cookies[label] = content
        found = ACTION.search(answer.body.decode())
        if found is not None:
            parts = urlsplit(html.unescape(found[1]))
            self.action = f"{parts.path}?{parts.query}"
        return answer

    async def open(self, changes: Changes | None = None) -> Answer:
        """Follow the client's link."""
        return await self.send("GET", f"{CONNECT}/auth?{urlencode(changed(ASKED, changes))}")

    async def sign_in(self, *, username: str = "ada", password: str = "ada-spars-here") -> Answer:
        """Send the form that was shown last."""
        return await self.send("POST", self.action, {"username": username, "password": password, "login": "Log In"})

    async def come_back(self, changes: Changes | None = None) -> Answer:
        """The whole way to the redirect back, signing in where that is asked."""
        answer = await self.open(changes)
        return await self.sign_in() if ACTION.search(answer.body.decode()) else answer

    async def code(self, changes: Changes | None = None) -> str:
        """A new code."""
        return dict(params_of(location(await self.come_back(changes))))["code"]


def token_request(params: Mapping[str, str] | Sequence[tuple[str, str]], *headers: tuple[str, str]) -> Request:
    """A token request with everything in the form."""
    return stages.request("POST", f"{CONNECT}/token", *headers, form=params)


def exchange(code: str, changes: Changes | None = None) -> dict[str, str]:
    """A code exchange as the guide has it, with some parameters changed."""
    good = {"grant_type": "authorization_code", **CLIENT, "code": code, "redirect_uri": REDIRECT_URI}
    return changed(good, changes)


def refreshing(token: str, changes: Changes | None = None) -> dict[str, str]:
    """A refresh as the guide's sample has it, parameters without a use included."""
    good = {"grant_type": "refresh_token", "response_type": "token", **CLIENT, "refresh_token": token}
    return changed(good | {"scope": "openid"}, changes)


def password(changes: Changes | None = None) -> dict[str, str]:
    """A request of the client that has no secret."""
    good = {"client_id": "anonymous", "grant_type": "password", "response_type": "token", "scope": "openid"}
    return changed(good | {"username": "ada", "password": "ada-spars-here"}, changes)


def calling(token: str, target: str = "/v1/vms", method: str = "GET") -> Request:
    """A call with that access token, as the guide has it."""
    return stages.request(method, target, ("authorization", f"Bearer {token}"))


async def signed_in(stage: Stage, changes: Changes | None = None) -> dict[str, Any]:
    """What a whole login brings, as the JSON document."""
    return read(await ask(stage, token_request(exchange(await Browser(stage).code(changes)))))


def read(answer: Answer) -> dict[str, Any]:
    """The JSON object of a successful answer."""
    assert answer.status == 200, answer
    document: dict[str, Any] = json.loads(answer.body)
    return document


def claims_of(token: str) -> dict[str, Any]:
    """What a token says, unchecked, members in their order."""
    claims: dict[str, Any] = jwt.decode(token, options={"verify_signature": False})
    return claims


def forged(stage: Stage, claims: Mapping[str, Any], *, key: int = 0, **header: object) -> str:
    """A token signed with one of the realm's keys."""
    signing = stage.houses["movingimage"].desk.keys[key]
    return signing.sign({"alg": "RS256", "typ": "JWT", "kid": signing.kid} | header, claims)


async def add_person(stage: Stage, username: str) -> None:
    """One more account."""
    desk = stage.houses["movingimage"].desk
    subject = desk.entropy.uuid("test", username)
    person = User(
        subject=subject, username=username, password="pass", name=username.title(), email=f"{username}@network.example"
    )
    await desk.store.put(username, person)
