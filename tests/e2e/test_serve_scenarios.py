"""``sparring serve`` with scenarios, personas and the linter; and that it repeats itself byte for byte."""

# ruff: noqa: D103 - the names are sentences

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import httpx2

from sparring.harness.agent.pages import read_page
from tests.e2e.serving import Served, refused, serving


def form_of(info: dict[str, Any], client_id: str | None = None) -> dict[str, str]:
    client = next(one for one in info["clients"] if client_id in {None, one["client_id"]})
    return {
        "grant_type": "client_credentials",
        "client_id": client["client_id"],
        "client_secret": client["client_secret"],
    } | ({"scope": info["scope"]} if info["scope"] else {})


def token(info: dict[str, Any], client_id: str | None = None, **changes: str) -> httpx2.Response:
    return httpx2.post(info["endpoints"]["token"], data=form_of(info, client_id) | changes, trust_env=False)


def test_scenarios_go_on_stage_and_are_told(tmp_path: Path) -> None:
    names = ("token-type-mac", "refresh-rotation", "ingest-happy-code", "token-type-mac")
    options = [word for name in names for word in ("--scenario", name)]
    with serving(tmp_path, "ingest", "movingimage", *options) as server:
        assert token(server.provider("ingest")).json()["token_type"] == "mac"
        assert token(server.provider("ingest")).json()["expires_in"] == "30"
        assert server.provider("movingimage")["variant"] == "rotating"
        faults = httpx2.get(server.document["control_url"] + "/stages/main/faults", trust_env=False).json()["faults"]
        assert [(fault["id"], fault["fired"]) for fault in faults] == [("token-type-mac", 2)]
        log = server.log(until="scenario ingest-happy-code")
        assert log.count("scenario token-type-mac: The token is of a type that the client cannot know.\n") == 1
        sentence = "scenario ingest-happy-code: nothing is made to go wrong in it, so nothing was put on stage.\n"
        assert sentence in log


def test_a_replaced_secret_leaves_the_old_one_in_the_table(tmp_path: Path) -> None:
    with serving(tmp_path, "clickview", "--scenario", "token-error-invalid-client") as server:
        assert token(server.provider("clickview")).json()["error"] == "invalid_client"
        assert "The secret in the table is the old one." in server.log(until="scenario token-error-invalid-client")


def test_an_unknown_scenario_names_the_nearest() -> None:
    sentence = "Error: no scenario has the id `state-mising`; did you mean `state-missing`?"
    assert refused("--port", "0", "--scenario", "state-mising") == sentence


def test_personas_are_printed_and_play_their_parts(tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        table = server.log(until="Ctrl-C ends it.")
        for name in ("rotor", "clickview", "ingest"):
            info = server.provider(name)
            assert token(info, "suspended").json()["error"] == "invalid_client"
            assert int(token(info, "short-lived-tokens").json()["expires_in"]) == 60
        for info in server.document["providers"].values():
            for client in info["clients"]:
                assert f"{client['client_id']} / {client['client_secret'] or '(no secret: public)'}" in table
        assert "several-networks / several-networks-spars-here" in table


def lint_lines(server: Served, *, until: str) -> list[str]:
    return [line for line in server.log(until=until).splitlines() if line.startswith("lint: ")]


def test_a_violation_is_named_as_it_happens_and_once(tmp_path: Path) -> None:
    with serving(tmp_path, "ingest", "clickview", "--lint") as server:
        ingest, clickview = server.provider("ingest"), server.provider("clickview")
        assert token(clickview).status_code == 200
        url = f"{ingest['endpoints']['token']}?{urlencode(form_of(ingest))}"
        for _ in range(2):
            assert httpx2.post(url, trust_env=False).status_code == 200
        lines = lint_lines(server, until="lint: FAIL secret-never-in-url")
        assert len(lines) == 1
        assert "(ingest IngestNetwork123; exchange 2: POST token /token)" in lines[0]
        assert ingest["client_secret"] not in lines[0]
        access = token(ingest).json()["access_token"]
        httpx2.get(f"{ingest['endpoints']['api']}?access_token={access}", trust_env=False)
        lines = lint_lines(server, until="lint: FAIL bearer-header-only")
        assert access not in server.log()
        assert {line.split()[2] for line in lines} >= {"secret-never-in-url:", "bearer-header-only:"}
        assert not [line for line in lines if "clickview" in line]


def test_nothing_is_said_of_a_careful_client(tmp_path: Path) -> None:
    with serving(tmp_path, "ingest", "--lint") as server:
        info = server.provider("ingest")
        for _ in range(30):
            access = token(info).json()["access_token"]
            headers = {"Accept": "application/vnd.ingest.v1+json", "Authorization": f"Bearer {access}"}
            assert httpx2.get(info["endpoints"]["api"], headers=headers, trust_env=False).status_code == 200
        httpx2.get(info["endpoints"]["token"], trust_env=False)
        assert len(lint_lines(server, until="lint: FAIL token-request-is-post")) == 1
        assert server.stop()[0] == 0


def test_nothing_is_said_of_logins_that_go_well(tmp_path: Path) -> None:
    with serving(tmp_path, "--lint") as server:
        one = Replay(server)
        story(one, strays=False)
        one.close()
        httpx2.get(server.provider("ingest")["endpoints"]["token"], trust_env=False)
        lines = lint_lines(server, until="lint: FAIL token-request-is-post")
    assert len(lines) == 1, lines


def test_a_file_has_the_options_and_the_command_line_wins(tmp_path: Path) -> None:
    config = tmp_path / "own.toml"
    config.write_text(
        '[client]\nprovider = "ingest"\n\n[serve]\nproviders = ["ingest"]\nseed = 3\nexplain = true\n'
        'scenario = "token-type-mac"\nredirect-uri = ["http://127.0.0.1:8123/a", "http://127.0.0.1:8123/b"]\n'
    )
    with serving(tmp_path, "--config", str(config), "--seed", "4") as server:
        info = server.provider("ingest")
        assert set(server.document["providers"]) == {"ingest"}
        assert info["redirect_uris"][-2:] == ["http://127.0.0.1:8123/a", "http://127.0.0.1:8123/b"]
        answer = token(info)
        assert answer.json()["token_type"] == "mac"
        assert "sparring-rule" in answer.headers
        (stage,) = httpx2.get(server.document["control_url"] + "/stages", trust_env=False).json()["stages"]
        assert stage["seed"] == 4


def test_a_file_that_cannot_be_used_is_told_in_one_sentence(tmp_path: Path) -> None:
    config = tmp_path / "own.toml"
    config.write_text("[serve]\nexplian = true\n")
    sentence = "Error: unknown key 'explian' in [serve] of own.toml; did you mean 'explain'?"
    assert refused("--port", "0", "--config", str(config)) == sentence
    config.write_text("serve = 3\n")
    assert refused("--port", "0", "--config", str(config)) == "Error: own.toml: [serve] is a table"
    config.write_text("[serve\n")
    assert refused("--port", "0", "--config", str(config)).startswith("Error: own.toml cannot be read: ")
    missing = str(tmp_path / "none.toml")
    assert refused("--port", "0", "--config", missing).startswith("Error: none.toml cannot be read: ")


MOMENT = 1_800_000_000
Answered = tuple[str, int, list[tuple[bytes, bytes]], bytes]
"""Provider, status, headers and body."""


class Replay:
    """One server, asked by real host names so that nothing depends on its ports; every answer is kept."""

    def __init__(self, server: Served) -> None:
        self.server = server
        self.answers: list[Answered] = []
        self._http = httpx2.Client(trust_env=False)
        control = server.document["control_url"] + "/stages/main/clock"
        self._http.post(f"{control}/freeze", json={}).raise_for_status()
        self._http.post(f"{control}/set", json={"seconds": MOMENT}).raise_for_status()

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

    def log_in(self, provider: str) -> None:
        """A person signs in and consents; the code becomes tokens, and the refresh token others."""
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
        client = {"client_id": info["client_id"], "client_secret": info["client_secret"]}
        exchange = client | {"grant_type": "authorization_code", "code": code, "redirect_uri": uri}
        tokens = self.ask(provider, "POST", info["endpoints"]["token"], data=exchange).json()
        refresh = client | {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"]}
        assert self.ask(provider, "POST", info["endpoints"]["token"], data=refresh).json()["access_token"]


@contextmanager
def replay(folder: Path, seed: int) -> Iterator[Replay]:
    folder.mkdir()
    with serving(folder, "--seed", str(seed)) as server:
        made = Replay(server)
        try:
            yield made
        finally:
            made.close()


def story(one: Replay, *, strays: bool) -> None:
    for name, info in one.server.document["providers"].items():
        if strays:
            one.stray(name)
        for endpoint in ("discovery", "jwks"):
            if endpoint in info["endpoints"]:
                one.ask(name, "GET", info["endpoints"][endpoint])
        if "client_credentials" in info["grants"]:
            for _ in range(2):
                answer = one.ask(name, "POST", info["endpoints"]["token"], data=form_of(info))
                assert answer.json()["access_token"]
                if strays:
                    one.stray(name)
        if "authorization_code" in info["grants"]:
            one.log_in(name)


def told(folder: Path, seed: int, *, strays: bool) -> list[Answered]:
    with replay(folder, seed) as one:
        story(one, strays=strays)
    return one.answers


def test_the_same_requests_get_the_same_bytes_in_another_process(tmp_path: Path) -> None:
    one, other = told(tmp_path / "a", 7, strays=False), told(tmp_path / "b", 7, strays=True)
    for first, second in zip(one, other, strict=True):
        assert first == second
    good = [provider for provider, status, _, body in one if status == 200 and b'"access_token"' in body]
    assert {name: good.count(name) for name in good} == {
        "rotor": 2,
        "clickview": 2,
        "movingimage": 2,
        "panopto": 2,
        "ingest": 4,
    }


def test_another_seed_makes_other_tokens(tmp_path: Path) -> None:
    both = (told(tmp_path / "a", 7, strays=False), told(tmp_path / "b", 8, strays=False))
    issued = [{json.loads(body)["access_token"] for *_, body in one if b'"access_token"' in body} for one in both]
    assert len(issued[0]) == len(issued[1]) == 12
    assert not issued[0] & issued[1]
