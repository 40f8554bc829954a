"""A person and a client at `sparring serve`, whose every answer is kept: the same story, told to several servers."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import httpx2

from sparring.contracts.pages import read_page
from tests.e2e.serving import Served, serving

Info = dict[str, Any]
MOMENT = 1_800_000_000
Answered = tuple[str, int, list[tuple[bytes, bytes]], bytes]
"""Provider, status, headers and body."""


class Replay:
    """One server, asked by real host names so that nothing depends on its ports; every answer is kept."""

    def __init__(self, server: Served, *, frozen: bool = True) -> None:
        self.server = server
        self.answers: list[Answered] = []
        self._http = httpx2.Client(trust_env=False)
        if frozen:
            self.control("clock/freeze", {})
            self.control("clock/set", {"seconds": MOMENT})

    def close(self) -> None:
        """Ask no more."""
        self._http.close()

    def stray(self, provider: str) -> None:
        """Requests that nobody waited for."""
        info = self.server.provider(provider)
        for name in ("jwks", "discovery"):
            if name in info["endpoints"]:
                self._http.get(info["endpoints"][name])
        self._http.get(info["base_url"] + "/nowhere")
        self._http.post(info["endpoints"]["token"], data={"grant_type": "client_credentials", "client_id": "nobody"})

    def ask(self, provider: str, method: str, url: str, **more: Any) -> httpx2.Response:
        """The answer to a request at that provider, whatever host its URL names."""
        info, parts = self.server.provider(provider), urlsplit(url)
        target = f"{info['base_url']}{parts.path}" + (f"?{parts.query}" if parts.query else "")
        headers = {"Host": info["hosts"][0], **more.pop("headers", {})}
        answer = self._http.request(method, target, headers=headers, follow_redirects=False, **more)
        self.answers.append((provider, answer.status_code, answer.headers.raw, answer.content))
        return answer

    def log_in(self, provider: str) -> Info:
        """A person signs in and consents, and the code becomes tokens."""
        info = self.server.provider(provider)
        uri, person = info["redirect_uris"][0], info["users"][0]
        asked = {"response_type": "code", "client_id": info["client_id"], "redirect_uri": uri, "scope": info["scope"]}
        answer = self.ask(
            provider, "GET", f"{info['endpoints']['authorize']}?{urlencode(asked | {'state': 's', 'nonce': 'n'})}"
        )
        for _ in range(8):
            if answer.status_code in {302, 303}:
                goal = answer.headers["location"]
                if goal.startswith(uri):
                    break
                answer = self.ask(provider, "GET", goal)
                continue
            form = read_page(answer.text).forms[0]
            fill = {"username": person["username"], "current-password": person["password"]}
            pressed = form.button("decision", "approve") or form.button("button", "yes")
            pressed = pressed or (form.buttons[0] if form.buttons else None)
            action = form.action or str(answer.request.url)
            answer = self.ask(provider, "POST", action, data=dict(form.filled(fill, pressed)))
        code = httpx2.URL(answer.headers["location"]).params["code"]
        exchange = {"grant_type": "authorization_code", "code": code, "redirect_uri": uri}
        tokens: Info = self.ask_token(provider, exchange).json()
        return tokens

    def ask_token(self, provider: str, form: Mapping[str, str]) -> httpx2.Response:
        """The answer of the token endpoint; the client's credentials are added to the form."""
        info = self.server.provider(provider)
        client = {"client_id": info["client_id"], "client_secret": info["client_secret"]}
        return self.ask(provider, "POST", info["endpoints"]["token"], data=client | dict(form))

    def refresh(self, provider: str, refresh_token: str) -> httpx2.Response:
        """The answer to a renewal."""
        return self.ask_token(provider, {"grant_type": "refresh_token", "refresh_token": refresh_token})

    def control(self, path: str, body: Info | None = None) -> Info:
        """Ask the control port about the stage: POST where there is a body."""
        url = f"{self.server.document['control_url']}/stages/main/{path}"
        answer = self._http.get(url) if body is None else self._http.post(url, json=body)
        found: Info = answer.raise_for_status().json() if answer.content else {}
        return found


@contextmanager
def replay(folder: Path, *arguments: str, frozen: bool = True, env: dict[str, str] | None = None) -> Iterator[Replay]:
    """A server of its own, in that folder, and somebody to ask it."""
    folder.mkdir(exist_ok=True)
    with serving(folder, *arguments, env=env) as server:
        made = Replay(server, frozen=frozen)
        try:
            yield made
        finally:
            made.close()
