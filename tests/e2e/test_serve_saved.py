"""A bug that was captured once happens again in another process: saved by ``serve``, and from HTTP archives."""

# ruff: noqa: D103 - the names are sentences

import json
import subprocess
from pathlib import Path
from typing import Any

import httpx2
import yaml

from tests.e2e.replaying import Info, Replay, replay
from tests.e2e.running import CAREFUL
from tests.e2e.serving import SPARRING, refused, serving

LOST = {
    "id": "second-renewal-lost",
    "match": {
        "provider": "ingest",
        "endpoint": "token",
        "grant": "refresh_token",
        "attempt": 2,
        "per": "grant",
        "when": "after",
    },
    "effect": {"kind": "close"},
    "times": 1,
}
Seen = list[tuple[str, int | None, str, list[str]]]


def session(one: Replay) -> list[str]:
    """A client that renews three times, and keeps what it has where no answer comes: in the end it must sign in."""
    tokens, said = one.log_in("ingest"), []
    for _ in range(3):
        try:
            answer = one.refresh("ingest", tokens["refresh_token"])
        except httpx2.TransportError as error:
            said.append(type(error).__name__)
            continue
        said.append(str(answer.status_code))
        tokens = answer.json() if answer.status_code == 200 else tokens
    return said


def seen(one: Replay) -> Seen:
    """Endpoint, status, rule and faults of every exchange, in order."""
    found: list[Info] = one.control("recording")["exchanges"]
    return [(e["endpoint"], e["status"], e["rule"], e["facts"].get("faults", [])) for e in found]


def test_a_lost_answer_is_lost_again_in_another_process(tmp_path: Path) -> None:
    kept = tmp_path / "lost.yaml"
    with replay(tmp_path / "a", "ingest", "--seed", "3", "--save", str(kept)) as one:
        one.control("faults", LOST)
        before = session(one)
        first = seen(one)
        document = one.control("scenario")
        assert one.server.stop()[0] == 0
        assert f"The recording was saved as {kept}." in one.server.log()
    assert before == ["200", "RemoteProtocolError", "400"]
    assert yaml.safe_load(kept.read_text()) == document
    assert document["faults"] == [LOST]
    with replay(tmp_path / "b", "--scenario", str(kept), frozen=False) as other:
        assert f"scenario {document['id']}: ingest: close" in other.server.log(until="scenario saved-main")
        assert list(other.server.document["providers"]) == ["ingest"]
        assert session(other) == before
        assert seen(other) == first
        assert other.answers == one.answers
        assert other.control("scenario")["recorded"] == document["recorded"]
    secrets = [other.server.provider("ingest")["client_secret"], *(t for t in _tokens(one))]
    assert len(secrets) > 3
    assert not [secret for secret in secrets if secret in kept.read_text()]


def _tokens(one: Replay) -> list[str]:
    bodies: list[dict[str, Any]] = [json.loads(body) for *_, body in one.answers if b'"access_token"' in body]
    return [body[name] for body in bodies for name in ("access_token", "refresh_token")]


def test_the_archive_of_a_run_and_one_from_elsewhere_do_as_well(tmp_path: Path) -> None:
    with replay(tmp_path / "a", "ingest") as one:
        one.control("faults", LOST)
        before = session(one)
        archive = one.control("recording.har")
    ours, theirs = tmp_path / "ours.har", tmp_path / "theirs.har"
    ours.write_text(json.dumps(archive))
    for entry in archive["log"]["entries"]:
        del entry["_sparring"]
    theirs.write_text(json.dumps(archive))
    for path in (ours, theirs):
        folder = tmp_path / path.stem
        with replay(folder, "--scenario", str(path), frozen=False) as other:
            assert session(other) == before, path
            assert [status for _, status, _, _ in seen(other)][-3:] == [200, None, 400]


def test_time_that_passed_passes_again(tmp_path: Path) -> None:
    def story(one: Replay, seconds: int) -> list[int]:
        tokens = one.log_in("movingimage")
        info = one.server.provider("movingimage")
        if seconds:
            one.control("clock/advance", {"seconds": seconds})
        bearer = {"Authorization": f"Bearer {tokens['access_token']}"}
        called = one.ask("movingimage", "GET", info["endpoints"]["api"], headers=bearer)
        return [called.status_code, one.refresh("movingimage", tokens["refresh_token"]).status_code]

    kept = tmp_path / "late.json"
    with replay(tmp_path / "a", "movingimage") as one:
        assert story(one, 301) == [401, 200]
        first = seen(one)
        kept.write_text(json.dumps(one.control("scenario")))
    with replay(tmp_path / "b", "--scenario", str(kept), frozen=False) as other:
        assert story(other, 0) == [401, 200]
        assert [line[:3] for line in seen(other)] == [line[:3] for line in first]


def test_another_client_is_put_to_the_same_test(tmp_path: Path) -> None:
    kept, report = tmp_path / "lost.yaml", tmp_path / "report.json"
    with replay(tmp_path, "ingest") as one:
        one.control("faults", LOST)
        session(one)
        kept.write_text(yaml.safe_dump(one.control("scenario")))
    asked = [
        SPARRING,
        "check",
        "ingest",
        "--grant",
        "authorization_code",
        "--driver",
        "session",
        "--supports",
        "refresh",
    ]
    ended = subprocess.run(
        [*asked, "--scenario", str(kept), "--json", str(report), "--quiet", "--", *CAREFUL],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    results = {result["scenario"]: result for result in json.loads(report.read_text())["results"]}
    assert list(results) == ["ingest-happy-code", "saved-main", "always"]
    (check,) = results["saved-main"]["checks"]
    assert (check["id"], check["verdict"]) == ("captured-run-is-survived", "PASS")
    assert [step["do"] for step in results["saved-main"]["steps"]] == ["authenticate"] + ["call_api"] * 3
    struck = [e for e in results["saved-main"]["exchanges"] if e["status"] is None]
    assert [exchange["endpoint"] for exchange in struck] == ["token"]
    wrong = subprocess.run(
        [SPARRING, "check", "rotor", "--scenario", str(kept), "--", "true"], capture_output=True, text=True, check=False
    )
    assert (wrong.returncode, wrong.stderr) == (2, f"Error: {kept} says nothing of rotor; it is about: ingest\n")


def test_what_cannot_be_a_scenario_file_is_told_in_one_sentence(tmp_path: Path) -> None:
    bad = tmp_path / "bad.yaml"
    bad.write_text("schema: 1\nid: x\nfualts: []\n")
    sentence = f"Error: {bad}: unknown member 'fualts' in a saved scenario; did you mean 'faults'?"
    assert refused("--port", "0", "--scenario", str(bad)) == sentence
    bad.write_text("a: [\n")
    assert refused("--port", "0", "--scenario", str(bad)).startswith(f"Error: {bad} cannot be read: ")
    missing = tmp_path / "none.har"
    assert refused("--port", "0", "--scenario", str(missing)).startswith(f"Error: {missing} cannot be read: ")
    missing.write_text("{}")
    assert refused("--port", "0", "--scenario", str(missing)).startswith(f"Error: {missing}: this is no HTTP archive")
    two = refused("--port", "0", "--scenario", "a.yaml", "--scenario", "b.json")
    assert two == "Error: one saved scenario at a time, not a.yaml and b.json"
    folder = tmp_path / "nowhere"
    said = refused("--port", "0", "--save", str(folder / "x.yaml"))
    assert said == f"Error: there is no folder {folder} to write x.yaml into"


def test_the_command_line_counts_more_than_the_file(tmp_path: Path) -> None:
    kept = tmp_path / "kept.yaml"
    stage = {"providers": ["ingest", "clickview"], "seed": 3, "lifetimes": {"ingest": {"access_token": 77}}}
    kept.write_text(yaml.safe_dump({"schema": 1, "id": "kept", "stage": stage}))
    with serving(tmp_path, "ingest", "--seed", "4", "--scenario", str(kept)) as server:
        url = server.document["control_url"] + "/stages"
        (opened,) = httpx2.get(url, trust_env=False).json()["stages"]
        assert (list(opened["providers"]), opened["seed"]) == (["ingest"], 4)
        assert opened["providers"]["ingest"]["lifetimes"]["access_token"] == 77
