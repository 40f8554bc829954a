"""``sparring verify``: our own fake, a live server, a recording; verdicts, reports and exit codes."""

# ruff: noqa: D103, E501 - the names are sentences, the tables wide

import asyncio
import base64
import json
import re
from pathlib import Path
from typing import Any, cast

import pytest
from click.testing import CliRunner, Result
from rich.console import Console

from sparring.contracts.loading import Contract, parse_rules
from sparring.contracts.place import Call, Given
from sparring.contracts.running import Verdict
from sparring.harness.cli import main
from sparring.harness.verifying import Choice, Finding, settings, verify
from sparring.harness.verifying.http import LocalWorld, Stages, live_world
from sparring.harness.verifying.report import print_table
from sparring.harness.verifying.wire import Wire
from sparring.harness.worlds.local import local_world, wall
from tests.mocks.stages import in_loop

OURS = """
provider: ingest
values: {wrong: not-the-secret}
endpoints: {nowhere: /nowhere}
states:
  signed_up: {summary: Another application is registered., clients: [{client_id: Other, secret: shhh, grants: [client_credentials], scopes: [read_videos]}]}
  short: {summary: Tokens are short-lived., stage: {lifetimes: {access_token: 60}}}
rules:
  - &wrong
    id: ingest/token/secret-wrong
    mark: assumed
    source: RFC 6749 section 5.2
    text: A wrong secret is refused.
    steps: [{request: POST token, form: {grant_type: client_credentials, client_id: "${client_id}", client_secret: "${wrong}"}}]
    expect: {status: 401, json_has: {error: invalid_client}}
  - id: ingest/token/application-token
    mark: doc
    source: the guide
    text: An application gets a token.
    cases:
      - {name: plain, steps: [&ask {request: POST token, form: {grant_type: client_credentials, client_id: "${client_id}", client_secret: "${client_secret}", scope: read_videos}}], expect: &good {status: 200, json_has: {expires_in: "86400"}}}
      - {name: short, given: short, steps: [*ask], expect: {status: 200, json_has: {expires_in: "60"}}}
      - {name: other, given: signed_up, steps: [{request: POST token, form: {grant_type: client_credentials, client_id: Other, client_secret: shhh, scope: read_videos}}], expect: *good}
      - {name: alone, alone: true, steps: [*ask], expect: *good}
      - {name: traces, destructive: true, steps: [*ask], expect: *good}
      - {name: later, steps: [{advance: 86400}, *ask], expect: *good}
      - {name: elsewhere, variant: implicit, steps: [*ask], expect: *good}
  - {id: ingest/never, mark: doc, source: the guide, text: Nobody sees it., excluded: It happens at night.}
"""


def contract(source: str = OURS) -> Contract:
    """Our own table of rules about a real fake."""
    return parse_rules(source, "ingest: rules.yaml")


@pytest.fixture
def our_rules(monkeypatch: pytest.MonkeyPatch) -> list[Contract]:
    """What the command takes for the contract of every provider; the test may change it."""
    given = [contract()]
    monkeypatch.setattr(settings, "rules", lambda _: given[0])
    return given


def run(*arguments: str, **env: str) -> Result:
    return CliRunner().invoke(main, ["verify", *arguments], env=env, catch_exceptions=False)


def verdicts(findings: list[Finding]) -> dict[str, str]:
    """The verdict or the reason by name."""
    return {each.name.removeprefix("ingest/"): each.reason or each.verdict.value for each in findings}


EVERYTHING = {
    "token/secret-wrong": "holds",
    "token/application-token#plain": "holds",
    "token/application-token#short": "holds",
    "token/application-token#other": "holds",
    "token/application-token#alone": "holds",
    "token/application-token#traces": "holds",
    "token/application-token#later": "holds",
    "token/application-token#elsewhere": "holds",
    "never": "It happens at night.",
}


@in_loop
async def test_our_own_fake_is_tried_in_every_state_and_variant() -> None:
    told: list[Finding] = []
    async with local_world(tls=False) as world:
        found = await verify(contract(), LocalWorld(cast("Stages", world)), Choice(), told.append)
    assert verdicts(found) == EVERYTHING
    assert list(verdicts(found)) == list(EVERYTHING)
    assert sorted(each.name for each in told) == sorted(each.name for each in found if each.name != "ingest/never")


@in_loop
async def test_a_live_server_is_tried_as_far_as_it_can_be() -> None:
    async with local_world(tls=False) as world:
        stages = cast("Stages", world)
        told = (await stages.open_stage({"providers": ["ingest"]}))["providers"]["ingest"]
        there = await live_world(f"{told['base_url']}/", told, {}, wall)
        found = await verify(contract(), there, Choice(live=True, variant="default"))
        assert verdicts(found) == EVERYTHING | {
            "token/application-token#short": "it needs a server that was set up for it (lifetimes)",
            "token/application-token#other": "change client: this server's state cannot be controlled",
            "token/application-token#alone": "it shows only at a server that nobody else has asked",
            "token/application-token#traces": "it leaves traces at the server; --destructive tries it",
            "token/application-token#later": "advance: this server's state cannot be controlled",
            "token/application-token#elsewhere": "it belongs to the variant implicit",
        }
        found = await verify(contract(), there, Choice(live=True, destructive=True, globs=["*/application-*"]))
        assert verdicts(found)["token/application-token#traces"] == "holds"
        assert "token/secret-wrong" not in verdicts(found)
        there = await live_world(told["base_url"], told, {"client_id": "IngestNetwork123"}, wall)
        found = await verify(contract(), there, Choice(live=True))
        assert verdicts(found)["token/application-token#plain"] == "there is no client_secret to try it with"
        place = await there.open(Given(provider="ingest"))
        assert (place.values["base"], place.exact, await place.rule()) == (told["base_url"], False, None)
        assert abs(await place.now() - wall()) < 60


@in_loop
async def test_a_live_server_names_its_issuer() -> None:
    async with local_world(tls=False) as world:
        told = (await cast("Stages", world).open_stage({"providers": ["clickview"]}))["providers"]["clickview"]
        elsewhere = {**told, "base_url": "https://fake.example", "issuer": "https://fake.example"}
        elsewhere["endpoints"] = {
            name: url.replace(told["base_url"], "https://fake.example") for name, url in told["endpoints"].items()
        }
        place = await (await live_world(told["base_url"], elsewhere, {}, wall)).open(Given(provider="clickview"))
        assert place.values["issuer"] == told["base_url"]
        assert place.endpoints == told["endpoints"]


@in_loop
async def test_nobody_who_answers_is_told() -> None:
    with pytest.raises(ConnectionError, match=r"127\.0\.0\.1:1: "):
        await Wire().send(Call(method="GET", url="http://127.0.0.1:1/"))


def test_the_report_names_every_difference(our_rules: list[Contract], tmp_path: Path) -> None:
    our_rules[0] = contract(OURS.replace("status: 401", "status: 400"))
    file = tmp_path / "report.json"
    result = run("ingest", "--json", str(file))
    report: dict[str, Any] = json.loads(file.read_text())
    assert result.exit_code == 1
    assert list(report) == ["schema", "provider", "target", "variant", "results", "summary"]
    assert (report["schema"], report["provider"], report["target"], report["variant"]) == (
        1,
        "ingest",
        "fake",
        "default",
    )
    assert report["summary"] == {"holds": 7, "differs": 1, "not applicable": 1}
    assert report["results"][0] == {
        "id": "ingest/token/secret-wrong", "case": "", "verdict": "differs", "mark": "assumed",
        "sources": ["RFC 6749 section 5.2"], "differences": [{"path": "status", "expected": "400", "got": "401"}],
    }  # fmt: skip
    assert report["results"][-1]["reason"] == "It happens at night."
    assert "status: expected 400, got 401" in result.stderr
    assert "ingest  holds 7  differs 1  not applicable 1" in result.stderr
    quiet = run("ingest", "--quiet").stderr.splitlines()
    assert [line.split()[0] for line in quiet] == ["differs", "ingest"]


def test_no_report_shows_a_secret(our_rules: list[Contract]) -> None:
    our_rules[0] = contract(
        OURS.replace("{status: 401, json_has: {error: invalid_client}}", '{status: 200, headers: {}, body: "${client_secret}"}')
        .replace('&good {status: 200, json_has: {expires_in: "86400"}}', '&good {status: 200, json: {access_token: "<<uuid>>"}}')
    )  # fmt: skip
    result = run("ingest", "--json", "-")
    assert result.exit_code == 1
    (wrong,) = (each for each in json.loads(result.stdout)["results"] if each["id"] == "ingest/token/secret-wrong")
    (body,) = (each["expected"] for each in wrong["differences"] if each["path"] == "body")
    (token,) = (
        each["got"]
        for found in json.loads(result.stdout)["results"]
        for each in found.get("differences", [])
        if found["case"] == "plain" and each["path"] == "json /access_token"
    )
    assert re.fullmatch(r'"access_token:[0-9a-f]{8}"', token)
    for said in (result.stdout, result.stderr):
        assert "eyJ" not in said
        assert "not-the-secret" not in said
    assert re.fullmatch(r'"client_secret:[0-9a-f]{8}"', body)


def test_all_that_holds_is_a_success(our_rules: list[Contract]) -> None:
    result = run("ingest", "--rule", "ingest/token/*", "--variant", "implicit", "--json", "-")
    assert result.exit_code == 0
    report = json.loads(result.stdout)
    assert report["variant"] == "implicit"
    assert report["summary"] == {"holds": 1, "differs": 0, "not applicable": 7}


def test_a_real_contract_holds_over_sockets() -> None:
    result = run("ingest", "--rule", "ingest/token/*", "--quiet")
    assert (result.exit_code, result.stderr.split()[:2]) == (0, ["ingest", "holds"])


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["ingset"], "unknown provider 'ingset'; did you mean 'ingest'?"),
        (["ingest", "--variant", "implcit"], "unknown variant 'implcit' of ingest; did you mean 'implicit'?"),
        (["ingest", "--rule", "ingest/never-*"], "no rule fits 'ingest/never-*'; did you mean 'ingest/never'?"),
        (["ingest", "--target", "login.ingest.io"], "name one provider and a URL with http or https, not "),
        (["all", "--target", "http://127.0.0.1:1"], "name one provider and a URL with http or https, not "),
        (["ingest", "--target", "http://127.0.0.1:1"], "127.0.0.1:1: "),
        (["ingest", "--target", "http://127.0.0.1:1", "--har", "x"], "--target and --har exclude each other"),
        (["ingest", "--har", "/nowhere.har"], "/nowhere.har is no HTTP archive (No such file or directory)"),
        (["ingest", "--har", __file__], f"{__file__} is no HTTP archive (JSONDecodeError: "),
        (["ingest", "--json", "/nowhere/x.json"], "there is no folder /nowhere to write x.json into"),
    ],
)  # fmt: skip
def test_what_cannot_be_done_is_told_in_one_sentence(
    our_rules: list[Contract], arguments: list[str], sentence: str
) -> None:
    result = run(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(f"Error: {sentence}")
    assert len(result.stderr.splitlines()) == 1


def test_a_servers_words_do_not_steer_the_terminal() -> None:
    console = Console(width=200, record=True)
    finding = Finding(id="a/b", case="", verdict=Verdict.NOT_APPLICABLE, mark="doc", source="x", reason="\x1b[2Jgone\n")
    print_table(console, "a", [finding], quiet=False)
    assert "\x1b[2J" not in console.export_text(styles=False)


async def recorded(tmp_path: Path) -> tuple[Path, dict[str, Any]]:
    """An archive of a refused and a granted token, and of an address that nobody serves."""
    async with local_world(tls=False) as world:
        control: Any = world
        told = await control.open_stage({"providers": ["ingest"], "id": "s"})
        await verify(contract(), LocalWorld(control), Choice())
        base = told["providers"]["ingest"]["base_url"]
        form = (("Content-Type", "application/x-www-form-urlencoded"),)
        for secret in ("wrong", told["providers"]["ingest"]["client_secret"]):
            body = f"grant_type=client_credentials&client_id=IngestNetwork123&client_secret={secret}&scope=all".encode()
            await Wire().send(Call(method="POST", url=f"{base}/token", headers=form, body=body))
        await Wire().send(Call(method="GET", url=f"{base}/token"))
        query = "response_type=code&client_id=IngestNetwork123&scope=nothing&state=s"
        await Wire().send(Call(method="GET", url=f"{base}/authorize?{query}"))
        archive: dict[str, Any] = await control.har("s")
    file = tmp_path / "ours.har"
    file.write_text(json.dumps(archive))
    return file, archive


def of_har(file: Path) -> tuple[int, dict[str, Any]]:
    """Exit code, and verdict or differences by name, of the real contract."""
    result = run("ingest", "--har", str(file), "--json", "-")
    found = json.loads(result.stdout)["results"]
    seen = [each for each in found if each["verdict"] != "not applicable"]
    return result.exit_code, {f"{each['id']}#{each['case']}": each.get("differences", "holds") for each in seen}


@in_loop
async def test_a_recording_of_ours_is_held_against_the_rules_it_names(tmp_path: Path) -> None:
    file, archive = await recorded(tmp_path)
    names = [entry["_sparring"]["rule"] for entry in archive["log"]["entries"]]
    code, found = await asyncio.to_thread(of_har, file)
    assert code == 0, found
    assert set(found) >= {f"{name}#" for name in names}
    assert {"ingest/openapi#token 401", "ingest/openapi#token 200"} <= set(found)
    archive["log"]["entries"][0]["response"]["status"] = 403
    archive["log"]["entries"][1]["response"]["content"]["text"] = '{"token_type":"Bearer"}'
    location = next(row for row in archive["log"]["entries"][3]["response"]["headers"] if row["name"] == "location")
    location["value"] = location["value"].replace("error=invalid_scope", "error=server_error")
    archive["log"]["entries"][2]["response"]["headers"] = []
    file.write_text(json.dumps(archive))
    code, found = await asyncio.to_thread(of_har, file)
    assert code == 1
    assert found[f"{names[3]}#"] == [
        {"path": "location query error", "expected": "invalid_scope", "got": "server_error"}
    ]
    assert {"path": "header Allow", "expected": "to be there", "got": "nothing"} in found[f"{names[2]}#"]
    assert found[f"{names[0]}#"][0] == {"path": "status", "expected": "401", "got": "403"}
    assert {"path": "json /access_token", "expected": '"<<json>>"', "got": "nothing"} in found[f"{names[1]}#"]
    assert found["ingest/openapi#token 403"][0]["got"].startswith("POST /token -> 403: status 403 is not documented")


@in_loop
async def test_a_recording_of_others_is_held_against_the_document(tmp_path: Path) -> None:
    file, archive = await recorded(tmp_path)
    for entry in archive["log"]["entries"]:
        del entry["_sparring"]
        content = entry["response"]["content"]
        content["text"] = base64.b64encode(content["text"].encode()).decode()
        content["encoding"] = "base64"
        entry["response"]["headers"].append({"name": "Via", "value": "somebody"})
        entry["request"]["url"] = entry["request"]["url"].replace("http://127.0.0.1", "https://login.ingest.io")
    file.write_text(json.dumps(archive))
    code, found = await asyncio.to_thread(of_har, file)
    assert (code, found) == (0, {
        "ingest/openapi#token 401": "holds", "ingest/openapi#token 200": "holds", "ingest/openapi#authorize 302": "holds",
    })  # fmt: skip
    for entry in archive["log"]["entries"]:
        entry["request"]["url"] = "https://else.example/"
    file.write_text(json.dumps(archive))
    result = await asyncio.to_thread(run, "ingest", "--har", str(file))
    assert (result.exit_code, result.stderr) == (2, f"Error: no exchange in {file} is one with ingest\n")


@in_loop
async def test_a_target_is_tried_with_the_credentials_of_the_environment(
    our_rules: list[Contract], tmp_path: Path
) -> None:
    async with local_world(tls=False) as world:
        stages = cast("Stages", world)
        told = await stages.open_stage({"providers": ["ingest"]})
        given = {"secret": "an-own-secret", "grants": ["client_credentials"], "scopes": ["read_videos"]}
        await stages.change_client(told["id"], "ingest", "own", given)
        base = told["providers"]["ingest"]["base_url"]
        file = tmp_path / "report.json"
        own = {"SPARRING_TARGET_CLIENT_ID": "own", "SPARRING_TARGET_CLIENT_SECRET": "an-own-secret"}
        arguments = ("ingest", "--target", base, "--rule", "ingest/token/*", "--quiet", "--json", str(file))
        result = await asyncio.to_thread(run, *arguments, **own)
        assert (result.exit_code, json.loads(file.read_text())["target"]) == (0, base)
        assert json.loads(file.read_text())["summary"] == {"holds": 2, "differs": 0, "not applicable": 6}
        own["SPARRING_TARGET_CLIENT_SECRET"] = "not-its-secret"
        result = await asyncio.to_thread(run, *arguments, **own)
        assert result.exit_code == 1
        assert "ingest/token/application-token#plain" in result.stderr
        recorded = await stages.recording(told["id"])
        assert "client_id=own" in recorded[-1]["body"]
        assert ["user-agent", "sparring-verify"] in recorded[-1]["headers"]
