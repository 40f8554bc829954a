"""The catalogue of scenarios: complete, readable, and easy to choose from."""

import pytest

from sparring.contracts import facts
from sparring.harness import checks, scenarios
from sparring.harness.scenario import ChangeSecret, Do
from sparring.harness.timing import with_short_life
from sparring.harness.verdict import Verdict
from sparring.mocks.faults.book import FaultBook
from sparring.mocks.providers import NAMES, load
from tests.harness.checks.builder import evidence

IDS = {
    "rotor-happy",
    "rotor-register-idempotent",
    "rotor-partner-vs-user-token",
    "movingimage-happy",
    "panopto-happy",
    "panopto-authorisation-code-misspelling",
    "panopto-offline-access",
    "panopto-no-code-verifier",
    "refresh-happy",
    "refresh-reply-without-refresh-token",
    "no-refresh-token-issued",
    "token-type-lowercase",
    "token-extra-fields",
    "token-missing-access-token",
    "expires-in-missing",
    "api-401-persistent",
    "api-403-no-refresh",
    "state-present-and-unguessable",
    "callback-replayed",
    "code-in-fragment",
    "nonce-mismatch",
    "id-token-wrong-aud",
    "id-token-bad-signature",
    "id-token-expired",
    "pkce-present-s256",
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
        assert {"Pass:", "Allowed:"} & set((check.judge.__doc__ or "").split()), check.id
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
        ("rotor", "client_credentials", "rotor-happy"),
        ("movingimage", "authorization_code", "movingimage-happy"),
        ("panopto", "authorization_code", "panopto-happy"),
    ],
)
def test_the_happy_path_comes_first(provider: str, grant: str, id: str) -> None:  # noqa: A002
    """It calibrates the run."""
    assert scenarios.happy(provider, grant).id == id
    assert scenarios.select(provider, grant)[0].id == id


def test_profiles_and_patterns_choose() -> None:
    """Patterns win over profiles."""
    security = scenarios.select("ingest", "authorization_code", "security")
    assert {"state-mismatch", "callback-replayed", "token-endpoint-redirect-307"} <= {one.id for one in security}
    assert {one.profile for one in security} == {"security"}
    chosen = scenarios.select("ingest", "authorization_code", "core", ["state-*"])
    assert [one.id for one in chosen] == ["state-present-and-unguessable", "state-missing", "state-mismatch"]
    assert scenarios.select("ingest", "authorization_code", "core", [scenarios.ALWAYS_ID]) == ()
    everything = scenarios.select("clickview", "client_credentials", "all")
    assert [one.id for one in everything] == [
        one.id for one in scenarios.ALL if "clickview" in one.providers and "client_credentials" in one.grants
    ]
    assert not any("refresh" in one.needs for one in everything)


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
    assert not scenarios.scenario("rotor-register-idempotent").one_run
    assert scenarios.scenario("pkce-present-s256").one_run


def test_every_fault_is_one_that_a_stage_can_read() -> None:
    """The catalogue writes faults as data; the fakes refuse what they do not know."""
    for one in scenarios.ALL:
        book = FaultBook()
        for fault in one.faults:
            assert book.add(fault).id == fault["id"]


def test_what_a_scenario_owns_is_an_always_on_check() -> None:
    """And it leaves exactly those to itself."""
    always = {check.id for check in checks.ALWAYS}
    for one in scenarios.ALL:
        assert one.owns <= always, one.id
        assert {check.id for check in checks.always(one)} == always - one.owns


@pytest.mark.parametrize("provider", NAMES)
def test_variants_and_grants_are_those_of_the_provider(provider: str) -> None:
    """A scenario names a variant that exists, and a grant that somebody can ask for."""
    known = load(provider)
    for one in scenarios.ALL:
        if provider in one.providers:
            assert one.variants.get(provider, "default") in known.variants, one.id
            assert one.grants & set(known.grants), one.id


def test_a_lifetime_that_a_fault_states_is_the_true_one() -> None:
    """A lie would have a careful client use a dead token; and where tokens are short-lived, so is what is stated."""
    for fault in scenarios.scenario("expires-in-string").faults:
        provider = load(fault["match"]["provider"])
        (op,) = fault["effect"]["ops"]
        assert op["value"] == str(provider.lifetimes["access_token"])
        assert with_short_life(fault)["effect"]["ops"] == [{**op, "value": "3"}]
    other = scenarios.scenario("token-type-mac").faults[0]
    assert with_short_life(other) == other


@pytest.mark.parametrize("provider", NAMES)
def test_every_kind_of_access_token_can_be_made_short_lived(provider: str) -> None:
    """Where a client's clock cannot be moved."""
    assert set(facts(provider).access_tokens) <= set(load(provider).lifetimes)


def test_each_provider_has_a_happy_path_for_each_grant() -> None:
    """It calibrates the run."""
    for provider in NAMES:
        for grant in load(provider).grants:
            assert provider in scenarios.happy(provider, grant).providers
