"""The catalogue of scenarios: complete, readable, and easy to choose from."""

import pytest

from sparring.harness import checks, scenarios
from sparring.harness.scenario import ChangeSecret, Do
from sparring.harness.verdict import Verdict
from tests.harness.checks.builder import evidence

IDS = {
    "ingest-happy-code",
    "ingest-happy-client-credentials",
    "clickview-happy",
    "token-error-invalid-client",
    "token-error-with-200",
    "token-type-mac",
    "expires-in-string",
    "ingest-scope-commas",
    "cache-until-expiry",
    "refresh-rotation",
    "refresh-expired-reauth",
    "api-401-refresh-once",
    "state-missing",
    "state-mismatch",
    "authz-error-access-denied",
    "token-endpoint-redirect-307",
}


def test_ids_are_unique_and_promised() -> None:
    """Renaming one breaks somebody's baseline."""
    ids = [one.id for one in scenarios.ALL]
    assert len(ids) == len(set(ids))
    assert set(ids) >= IDS
    assert scenarios.ALWAYS_ID not in ids


def test_every_check_belongs_somewhere_and_once() -> None:
    """A scenario's check, or always on, never both; and a broken client is caught by one of them alone."""
    at_stake = {check.id for one in scenarios.ALL for check in one.checks}
    always = {check.id for check in checks.ALWAYS}
    assert at_stake | always == {check.id for check in checks.ALL}
    assert not at_stake & always
    assert len({check.id for check in checks.ALL}) == len(checks.ALL)


def test_every_check_is_documented() -> None:
    """Its docstring is published, its words are for the user."""
    for check in checks.ALL:
        assert "Pass:" in (check.judge.__doc__ or ""), check.id
        assert check.title, check.id
        assert check.why.endswith("."), check.id
        assert check.mend.endswith("."), check.id


def test_faults_are_data_with_ids() -> None:
    """One schema, one id space."""
    faults = [fault for one in scenarios.ALL for fault in one.faults]
    assert len({fault["id"] for fault in faults}) == len(faults)
    for fault in faults:
        assert set(fault) == {"id", "match", "effect", "times"}
        assert fault["effect"]["kind"]


def test_a_scenario_without_evidence_is_never_green() -> None:
    """Nothing seen, nothing proved."""
    for one in scenarios.ALL:
        for check in one.checks:
            if check.id == "scope-accepted":
                continue
            assert check.judge(evidence(steps=())).verdict is not Verdict.PASS, check.id


def test_every_scenario_can_be_run_by_somebody() -> None:
    """Each fits at least one provider's happy path."""
    for one in scenarios.ALL:
        pairs = {(p, g) for p in one.providers for g in one.grants}
        assert any(one in scenarios.select(p, g, "all") for p, g in pairs)
        assert any(isinstance(move, Do) for move in one.plan)


@pytest.mark.parametrize(
    ("provider", "grant", "id"),
    [
        ("ingest", "authorization_code", "ingest-happy-code"),
        ("ingest", "client_credentials", "ingest-happy-client-credentials"),
        ("clickview", "client_credentials", "clickview-happy"),
    ],
)
def test_the_happy_path_comes_first(provider: str, grant: str, id: str) -> None:  # noqa: A002
    """It calibrates the run."""
    assert scenarios.happy(provider, grant).id == id
    assert scenarios.select(provider, grant)[0].id == id


def test_profiles_and_patterns_choose() -> None:
    """Patterns win over profiles."""
    security = {one.id for one in scenarios.select("ingest", "authorization_code", "security")}
    assert security == {"state-missing", "state-mismatch", "token-type-mac", "token-endpoint-redirect-307"}
    chosen = scenarios.select("ingest", "authorization_code", "core", ["state-*"])
    assert [one.id for one in chosen] == ["state-missing", "state-mismatch"]
    assert scenarios.select("ingest", "authorization_code", "core", [scenarios.ALWAYS_ID]) == ()
    everything = scenarios.select("clickview", "client_credentials", "all")
    assert [one.id for one in everything] == [
        "clickview-happy",
        "token-error-invalid-client",
        "token-error-with-200",
        "token-type-mac",
        "cache-until-expiry",
        "expires-in-string",
        "token-endpoint-redirect-307",
    ]


def test_an_unknown_scenario_names_the_nearest_one() -> None:
    """A typing error is an error, with help."""
    with pytest.raises(scenarios.UnknownScenarioError, match="did you mean `state-mismatch`"):
        scenarios.scenario("state-missmatch")
    with pytest.raises(scenarios.UnknownScenarioError, match="did you mean `state-missing`"):
        scenarios.select("ingest", "authorization_code", "core", ["state-mising"])
    with pytest.raises(scenarios.UnknownScenarioError, match="no happy path"):
        scenarios.happy("clickview", "authorization_code")


def test_a_command_that_runs_once_can_play_what_needs_one_run() -> None:
    """The secret may have changed before it starts."""
    assert scenarios.scenario("token-error-invalid-client").one_run
    assert isinstance(scenarios.scenario("token-error-invalid-client").plan[0], ChangeSecret)
    assert not scenarios.scenario("cache-until-expiry").one_run
    assert not scenarios.scenario("refresh-rotation").one_run
