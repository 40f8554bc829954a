"""The lists: what there is, as text and as JSON, and why."""

# ruff: noqa: D103 - the names are sentences

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from sparring.contracts.clauses import clause
from sparring.harness import checks
from sparring.harness.cli import main
from sparring.harness.scenarios import ALL
from sparring.harness.worlds.local import NAMES, find_rule


def run(*arguments: str, **env: str) -> Result:
    return CliRunner().invoke(main, arguments, env=env, catch_exceptions=False)


def document(*arguments: str) -> dict[str, Any]:
    """The one JSON document on stdout."""
    result = run(*arguments)
    assert (result.exit_code, result.stderr) == (0, "")
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def test_providers_are_listed_with_what_a_client_needs() -> None:
    found = document("providers", "--json")
    assert list(found) == ["providers"]
    assert [each["name"] for each in found["providers"]] == list(NAMES)
    for each in found["providers"]:
        assert list(each) == [
            *("name", "title", "hosts", "grants", "client_id", "client_secret", "redirect_uris", "variants", "docs")
        ]
        assert all(
            each[name] for name in ("title", "hosts", "grants", "client_id", "client_secret", "variants", "docs")
        )


def test_providers_are_listed_for_people() -> None:
    lines = run("providers").stdout.splitlines()
    assert [line.split()[0] for line in lines] == list(NAMES)


def test_scenarios_are_listed_with_their_checks_and_sources() -> None:
    found = document("scenarios", "--json")
    assert list(found) == ["scenarios", "checks"]
    assert [each["id"] for each in found["scenarios"]] == [scenario.id for scenario in ALL]
    assert [each["id"] for each in found["checks"]] == [check.id for check in checks.ALL]
    for each in found["scenarios"]:
        assert list(each) == [
            *("id", "title", "profile", "providers", "grants", "severity", "checks", "sources"),
            *("needs", "variants", "drivers", "tls", "sets", "faults", "by_hand"),
        ]
        assert list(each["by_hand"]["serve"]) == each["providers"]
        assert set(each["providers"]) <= set(NAMES)
        assert each["checks"]
        assert each["sources"] == sorted(set(each["sources"]))
        for source in each["sources"]:
            clause(source)


@pytest.mark.parametrize("name", ["clickview", "ingest"])
def test_scenarios_are_narrowed_to_a_provider(name: str) -> None:
    found = document("scenarios", name, "--json")["scenarios"]
    assert [each["id"] for each in found] == [scenario.id for scenario in ALL if name in scenario.providers]
    lines = run("scenarios", name).stdout.splitlines()
    assert [line.split()[0] for line in lines] == [each["id"] for each in found]


@pytest.mark.parametrize("scenario", ALL, ids=lambda scenario: scenario.id)
def test_every_scenario_is_explained_with_its_checks(scenario: Any) -> None:
    text = run("explain", scenario.id).stdout
    assert text.startswith(f"{scenario.id}: {scenario.title}")
    for check in scenario.checks:
        assert f"\n{check.id}: {check.title}\n  why: {check.why}\n  mend: {check.mend}\n" in text


@pytest.mark.parametrize("check", checks.ALL, ids=lambda check: check.id)
def test_every_check_is_explained_with_the_words_it_rests_on(check: Any) -> None:
    text = run("explain", check.id).stdout
    assert check.why in text
    assert check.mend in text
    for source in check.sources:
        assert clause(source).text in text


def test_a_scenario_is_explained_with_how_to_play_it_by_hand() -> None:
    text = run("explain", "panopto-offline-access").stdout
    for line in (
        "  providers: panopto",
        "    sparring serve panopto --scenario panopto-offline-access",
        "    1. Tell the client the scope `openid api`.",
        "    2. Have the client get a token, unless it holds a usable one.",
    ):
        assert f"\n{line}\n" in text


def test_a_check_is_explained_with_what_decides_and_where() -> None:
    text = run("explain", "callback-is-taken-once").stdout
    assert "  Pass: its code is exchanged once, and the client goes on as if nothing had happened. Warn: " in text
    assert "\n  decides: callback-replayed\n" in text
    assert "\n  decides: every scenario\n" in run("explain", "bearer-header-only").stdout


def test_checks_are_listed_with_the_words_they_rest_on() -> None:
    found = {each["id"]: each for each in document("scenarios", "rotor", "--json")["checks"]}
    assert "user-token-used-for-orders" in found
    assert "bearer-header-only" in found
    assert "nonce-is-compared" not in found
    for each in found.values():
        assert list(each) == ["id", "title", "why", "mend", "decides", "sources"]
        assert [source["id"] for source in each["sources"]] == list(checks.check(each["id"]).sources)
        assert all(source["document"] and source["text"] for source in each["sources"])


def test_a_rule_is_explained() -> None:
    rule = find_rule("ingest/token/scope-invalid")
    assert rule is not None
    text = run("explain", "ingest/token/scope-invalid").stdout
    assert text.startswith(f"ingest/token/scope-invalid [{rule['mark']}]\n  source: {rule['source']}\n")
    assert rule["mend"] in text


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["scenarios", "ingset"], "Error: unknown provider 'ingset'; did you mean 'ingest'?"),
        (["scenarios", "click"], "Error: unknown provider 'click'; "),
        (["explain", "stat-missing"], "Error: there is no scenario, check or rule 'stat-missing'; did you mean "),
        (["explain", "ingest/token/nothing"], "Error: there is no scenario, check or rule 'ingest/token/nothing'; "),
        (["explain", "nobody/x"], "Error: there is no scenario, check or rule 'nobody/x'; "),
    ],
)  # fmt: skip
def test_what_there_is_not_is_told_in_one_sentence(arguments: list[str], sentence: str) -> None:
    result = run(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(sentence)
    assert len(result.stderr.splitlines()) == 1


def test_the_ca_is_made_once_where_users_keep_their_data(tmp_path: Path) -> None:
    path = tmp_path / "sparring" / "ca.pem"
    assert run("ca", XDG_DATA_HOME=str(tmp_path)).stdout == f"{path}\n"
    made = path.read_bytes()
    assert run("ca", XDG_DATA_HOME=str(tmp_path)).stdout == f"{path}\n"
    assert path.read_bytes() == made
    home = run("ca", XDG_DATA_HOME="", HOME=str(tmp_path))
    assert home.stdout == f"{tmp_path}/.local/share/sparring/ca.pem\n"


def test_a_ca_that_cannot_be_kept_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    result = run("ca", XDG_DATA_HOME=str(tmp_path / "file"))
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == f"Error: cannot keep the local CA in {tmp_path}/file/sparring: Not a directory\n"


def test_a_rule_is_explained_with_its_trials() -> None:
    text = run("explain", "clickview/token/client-unknown").stdout
    for line in (
        "An unknown or disabled client is refused: 400, and no challenge.",
        "  clickview/token/client-unknown#unknown",
        "    given: Nothing has happened yet.",
        "    then: status: 400",
        "    then: json: {error: invalid_client, error_description: Client authentication failed.}",
        "  clickview/token/client-unknown#bare (variant bare)",
    ):
        assert f"\n{line}\n" in text


def test_a_misspelt_rule_is_told_the_nearest_one() -> None:
    result = run("explain", "clickview/token/client-unknwon")
    assert result.exit_code == 2
    assert result.stderr.endswith("did you mean 'clickview/token/client-unknown'?\n")
