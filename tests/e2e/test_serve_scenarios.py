"""``sparring serve`` with scenarios, personas and the linter; and that it repeats itself byte for byte."""

# ruff: noqa: D103 - the names are sentences

import json
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx2

from tests.e2e.replaying import Answered, Replay, replay
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
                bearer = {"Authorization": f"Bearer {answer.json()['access_token']}"}
                one.ask(name, "GET", info["endpoints"]["api"], headers=bearer)
                if strays:
                    one.stray(name)
        if "authorization_code" in info["grants"]:
            tokens = one.log_in(name)
            assert one.refresh(name, tokens["refresh_token"]).json()["access_token"]


def told(folder: Path, seed: int, *, strays: bool, hashes: int = 0) -> list[Answered]:
    with replay(folder, "--seed", str(seed), env={"PYTHONHASHSEED": str(hashes)}) as one:
        story(one, strays=strays)
    return one.answers


def test_the_same_requests_get_the_same_bytes_in_another_process(tmp_path: Path) -> None:
    one = told(tmp_path / "a", 7, strays=False, hashes=1)
    other = told(tmp_path / "b", 7, strays=True, hashes=2)
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
