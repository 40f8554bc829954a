"""What a browser and a client say to Ingest."""

import base64
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from sparring.mocks.engine.clients import Client
from sparring.mocks.engine.messages import Answer, Request
from sparring.mocks.stage import Stage
from tests.mocks.stages import ask, request

CLIENT_ID = "IngestNetwork123"
SECRET = "jhjed88ydjKJDFU77y7dk"
REDIRECT_URI = "https://mywebsite.com/oauth/ingest"
MEDIA_TYPE = "application/vnd.ingest.v1+json"
ACCEPT = ("accept", MEDIA_TYPE)
CLIENT = {"client_id": CLIENT_ID, "client_secret": SECRET}
ASKED = {
    "response_type": "code",
    "client_id": CLIENT_ID,
    "scope": "read_videos,write_videos",
    "redirect_uri": REDIRECT_URI,
}
APPLICATION = CLIENT | {"grant_type": "client_credentials", "scope": "read_videos"}
TICKET = re.compile(r'name="ticket" value="([^"]+)"')

Changes = Mapping[str, str | None]


def changed(params: Mapping[str, str], changes: Changes) -> dict[str, str]:
    """The parameters with some of them changed; None leaves one out."""
    return {name: value for name, value in {**params, **changes}.items() if value is not None}


def basic(client_id: str = CLIENT_ID, secret: str = SECRET) -> tuple[str, str]:
    """An Authorization header as the guide has it: nothing is form-encoded."""
    return "authorization", f"Basic {base64.b64encode(f'{client_id}:{secret}'.encode()).decode()}"


def token_request(params: Mapping[str, str], *headers: tuple[str, str], style: str = "query") -> Request:
    """A token request: everything in the query, in the body, or in the body with Basic authentication."""
    if style == "query":
        empty_form = ("content-type", "application/x-www-form-urlencoded")
        return request("POST", f"/token?{urlencode(params)}", empty_form, ACCEPT, *headers)
    if style == "body":
        return request("POST", "/token", *headers, form=params)
    rest = {name: value for name, value in params.items() if name not in {"client_id", "client_secret"}}
    return request("POST", "/token", basic(params["client_id"], params["client_secret"]), *headers, form=rest)


def api_request(token: str, target: str = "/videos", *headers: tuple[str, str]) -> Request:
    """A call with that access token, as the reference has it."""
    return request("GET", target, ACCEPT, ("authorization", f"Bearer {token}"), *headers)


@dataclass(frozen=True)
class Location:
    """Where an answer sends the browser."""

    uri: str
    params: list[tuple[str, str]]

    def __getitem__(self, name: str) -> str:
        """The only parameter of that name."""
        (value,) = [value for key, value in self.params if key == name]
        return value


def location(answer: Answer) -> Location:
    """The redirect's target and its parameters."""
    assert answer.status == 302, answer
    target = answer.header("Location") or ""
    query = urlsplit(target).query
    return Location(
        target.removesuffix(f"?{query}"), parse_qsl(query, keep_blank_values=True, strict_parsing=bool(query))
    )


class Browser:
    """A browser with a cookie jar, and the person before it. Requests differ from ASKED by ``changes``."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.cookie: str | None = None

    async def send(self, method: str, params: Mapping[str, str], form: Mapping[str, str] | None = None) -> Answer:
        """A request to the authorization endpoint with the cookie, if there is one."""
        headers = () if self.cookie is None else (("cookie", self.cookie),)
        answer = await ask(self.stage, request(method, f"/authorize?{urlencode(params)}", *headers, form=form))
        cookie = answer.header("Set-Cookie")
        if cookie is not None:
            self.cookie = cookie.partition(";")[0]
        return answer

    async def open(self, changes: Changes | None = None) -> Answer:
        """Follow the client's link."""
        return await self.send("GET", changed(ASKED, changes or {}))

    async def sign_in(
        self, changes: Changes | None = None, *, login: str = "ada", password: str = "ada-spars-here"
    ) -> Answer:
        """Send the sign-in form."""
        form = {"network": "", "login": login, "password": password}
        return await self.send("POST", changed(ASKED, changes or {}), form)

    async def decide(self, changes: Changes | None, ticket: str, decision: str = "approve") -> Answer:
        """Send the consent form."""
        return await self.send("POST", changed(ASKED, changes or {}), {"ticket": ticket, "decision": decision})

    async def ticket(self, changes: Changes | None = None, *, login: str = "ada") -> str:
        """Sign in where that is still to be done, and read the consent page."""
        if self.cookie is None:
            password = f"{login}-spars-here"
            assert (await self.sign_in(changes, login=login, password=password)).status == 302
        page = await self.open(changes)
        found = TICKET.search(page.body.decode())
        assert found is not None, page
        return found[1]

    async def consent(self, changes: Changes | None = None, *, decision: str = "approve") -> Answer:
        """The whole way to the redirect back."""
        return await self.decide(changes, await self.ticket(changes), decision)

    async def code(self, changes: Changes | None = None) -> str:
        """A new code."""
        return location(await self.consent(changes))["code"]


def exchange(code: str, changes: Changes | None = None) -> dict[str, str]:
    """The parameters of a code exchange that is right for ASKED, with some of them changed."""
    good = CLIENT | {"grant_type": "authorization_code", "code": code, "redirect_uri": REDIRECT_URI}
    return changed(good, changes or {})


def refresh(token: str, changes: Changes | None = None) -> dict[str, str]:
    """The parameters of a refresh, with some of them changed."""
    return changed(CLIENT | {"grant_type": "refresh_token", "refresh_token": token}, changes or {})


async def tokens(stage: Stage, changes: Changes | None = None) -> dict[str, Any]:
    """What a whole login brings, as the JSON document."""
    return read(await ask(stage, token_request(exchange(await Browser(stage).code(changes)))))


def read(answer: Answer) -> dict[str, Any]:
    """The JSON object of a successful answer."""
    assert answer.status == 200, answer
    document: dict[str, Any] = json.loads(answer.body)
    return document


async def register(stage: Stage, client_id: str, **members: object) -> Client:
    """One more application at Ingest, with the secret ``another``."""
    given = {"name": client_id, "secret": "another", "redirect_uris": ("https://rival.example/cb",)}
    client = Client(**({"client_id": client_id} | given | members))  # type: ignore[arg-type]
    await stage.houses["ingest"].desk.store.put(client_id, client)
    return client
