"""What a browser and a client say to Panopto, and what is expected in return."""

import base64
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from sparring.contracts.pages import Form, read_page
from sparring.mocks.engine.clients import Client
from sparring.mocks.engine.messages import Answer, Request
from sparring.mocks.stage import Stage
from tests.mocks import stages
from tests.mocks.stages import open_stage, request

Headers = tuple[tuple[str, str], ...]
Changes = Mapping[str, str | None]

ORIGIN = "http://127.0.0.1:9401"
OAUTH2 = "/Panopto/oauth2"
AUTHORIZE, CONSENT, TOKEN = f"{OAUTH2}/connect/authorize", f"{OAUTH2}/connect/consent", f"{OAUTH2}/connect/token"
ROOT = "/Panopto/api/v1/folders/00000000-0000-0000-0000-000000000000/children"
CLIENT_ID = "3f1d9a52-7c84-4b06-a2e5-8d90c1b7f64e"
SECRET = "c3BhcnJpbmctcGFub3B0by1jbGllbnQtc2VjcmV0ISE="
REDIRECT_URI = "http://localhost:9127/redirect"
SUBJECT = "b7e23ec2-9af2-4c17-8d54-1f6a0e3c5d90"
CLIENT = {"client_id": CLIENT_ID, "client_secret": SECRET}
RIVAL = {"client_id": "rival", "client_secret": "another"}
ASKED = {
    "client_id": CLIENT_ID,
    "response_type": "code",
    "redirect_uri": REDIRECT_URI,
    "scope": "openid api offline_access",
    "state": "xyz",
    "nonce": "12345",
}


def changed(params: Mapping[str, str], changes: Changes | None) -> dict[str, str]:
    """The parameters with some of them changed; None leaves one out."""
    return {name: value for name, value in {**params, **(changes or {})}.items() if value is not None}


async def panopto(**wishes: Any) -> Stage:
    """A stage with Panopto alone, at ORIGIN, its clock frozen."""
    stage = await open_stage("panopto", **wishes)
    stage.clock.freeze()
    return stage


async def ask(stage: Stage, message: Request) -> Answer:
    """The answer to a request."""
    return await stages.ask(stage, message, "panopto")


async def register(stage: Stage, client_id: str = "rival", **members: object) -> None:
    """One more API client, with the secret ``another``."""
    given: dict[str, Any] = {
        "client_id": client_id,
        "secret": "another",
        "name": client_id,
        "redirect_uris": (REDIRECT_URI,),
        "scopes": ("openid", "api", "offline_access"),
        "grants": frozenset({"authorization_code", "refresh_token"}),
    }
    client = Client(**(given | members))
    await stage.houses["panopto"].desk.store.put(client.client_id, client)


def bearer(token: str) -> tuple[str, str]:
    """A header with that token."""
    return "authorization", f"Bearer {token}"


def basic(client_id: str = CLIENT_ID, secret: str = SECRET) -> tuple[str, str]:
    """A Basic header; nothing is form-encoded."""
    return "authorization", f"Basic {base64.b64encode(f'{client_id}:{secret}'.encode()).decode()}"


def exchange(code: str, changes: Changes | None = None) -> dict[str, str]:
    """The parameters of a code exchange that is right for ASKED, with some of them changed."""
    good = CLIENT | {"grant_type": "authorization_code", "code": code, "redirect_uri": REDIRECT_URI}
    return changed(good, changes)


def refresh(token: str, changes: Changes | None = None) -> dict[str, str]:
    """The parameters of a refresh, with some of them changed."""
    return changed(CLIENT | {"grant_type": "refresh_token", "refresh_token": token}, changes)


async def post(stage: Stage, form: Mapping[str, str], path: str = TOKEN, *headers: tuple[str, str]) -> Answer:
    """The answer to that form."""
    return await ask(stage, request("POST", path, *headers, form=form))


def read(answer: Answer) -> dict[str, Any]:
    """The JSON object of a successful answer."""
    assert answer.status == 200, answer
    document: dict[str, Any] = json.loads(answer.body)
    return document


async def tokens(stage: Stage, changes: Changes | None = None) -> dict[str, Any]:
    """What a whole login brings."""
    return read(await post(stage, exchange(await Browser(stage).code(changes))))


def back(answer: Answer) -> list[tuple[str, str]]:
    """The parameters of a redirect to the client."""
    location = answer.header("Location") or ""
    assert answer.status == 302, answer
    assert location.startswith(f"{REDIRECT_URI}?"), location
    return parse_qsl(urlsplit(location).query, keep_blank_values=True, strict_parsing=True)


class Browser:
    """A browser with a cookie jar and the person before it. Requests differ from ASKED by ``changes``."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.jar: dict[str, str] = {}

    async def send(self, method: str, target: str, form: list[tuple[str, str]] | None = None) -> Answer:
        """One request with the cookies, whose answer may set more of them."""
        cookies = "; ".join(f"{name}={value}" for name, value in self.jar.items())
        headers = (("cookie", cookies),) if cookies else ()
        answer = await ask(self.stage, request(method, target.removeprefix(ORIGIN), *headers, form=form))
        for name, value in answer.headers:
            if name == "Set-Cookie":
                label, _, content = value.partition(";")[0].partition("=")
                self.jar[label] = content
                if "expires=Thu, 01-Jan-1970" in value:
                    del self.jar[label]
        return answer

    async def open(self, changes: Changes | None = None) -> Answer:
        """Follow the client's link; what comes first."""
        return await self.send("GET", f"{AUTHORIZE}?{urlencode(changed(ASKED, changes))}")

    async def login_page(self, changes: Changes | None = None) -> Answer:
        """Follow the client's link to the sign-in form."""
        return await self.send("GET", (await self.open(changes)).header("Location") or "")

    async def fill(
        self, page: Answer, username: str = "ada", password: str = "ada-spars-here", without: str = ""
    ) -> Answer:
        """Send the sign-in form."""
        form = form_of(page, "sign-in")
        fields = form.filled({"username": username, "current-password": password}, form.buttons[0])
        return await self.send("POST", form.action, [field for field in fields if field[0] != without])

    async def consent_page(self, changes: Changes | None = None) -> Answer:
        """Sign in, and follow the way back."""
        signed_in = await self.fill(await self.login_page(changes))
        return await self.send("GET", signed_in.header("Location") or "")

    async def decide(self, page: Answer, decision: str = "approve", without: tuple[str, ...] = ()) -> Answer:
        """Press a button of the consent form, with some boxes or fields left out."""
        form = form_of(page, "consent")
        fields = form.filled({}, form.button("decision", decision))
        kept = [field for field in fields if not {*field} & {*without}]
        return await self.send("POST", form.action, kept)

    async def approve(self, changes: Changes | None = None) -> Answer:
        """The whole way to the redirect back."""
        return await self.decide(await self.consent_page(changes))

    async def code(self, changes: Changes | None = None) -> str:
        """A new code."""
        return dict(back(await self.approve(changes)))["code"]


def form_of(page: Answer, kind: str) -> Form:
    """The page's form with that mark."""
    form = read_page(page.body.decode()).form(kind)
    assert form is not None, page
    return form
