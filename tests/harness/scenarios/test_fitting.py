"""Which scenarios a provider gets that is not built-in."""

import pytest

from sparring.contracts import ProviderFacts, facts
from sparring.harness.scenarios import (
    ALL,
    UnknownScenarioError,
    catalogue,
    fitting,
    happy,
    scenario,
    select,
    sets,
)


@pytest.fixture
def like(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Whom the provider ``ours`` says that it is like, under ``ours``."""
    told: dict[str, str] = {}
    monkeypatch.setattr(fitting, "facts", lambda name: ProviderFacts(like=told[name]) if name in told else facts(name))
    return told


def test_happy_paths_are_its_own() -> None:
    """One for each grant, found by its id, and without the checks of somebody's dialect."""
    code, client = happy("ours", "authorization_code"), happy("ours", "client_credentials")
    assert (code.id, client.id) == ("ours-happy-code", "ours-happy-client-credentials")
    assert code.providers == {"ours"}
    assert scenario("ours-happy-code").checks == happy("panopto", "authorization_code").checks
    assert select("ours", "authorization_code")[0] == code
    assert select("ours", "authorization_code", globs=("ours-*",)) == (code,)


def test_a_built_in_one_has_no_further_happy_path() -> None:
    """The catalogue is what it was."""
    with pytest.raises(UnknownScenarioError, match="no scenario has the id `ingest-happy-codes`"):
        scenario("ingest-happy-codes")
    assert [one.id for one in catalogue("ingest")] == [one.id for one in ALL if "ingest" in one.providers]


@pytest.mark.parametrize("grant", ["authorization_code", "client_credentials"])
def test_what_it_gets_is_shared_and_names_nobody(grant: str) -> None:
    """No scenario of a single provider's, no fault or move that another one is named in."""
    by_id = {one.id: one for one in ALL}
    chosen = [one for one in catalogue("ours") if grant in one.grants][1:]
    assert len(chosen) > 80
    for one in chosen:
        assert len(by_id[one.id].providers) > 1
        assert not any("provider" in fault.get("match", {}) for fault in one.faults)
        assert one.providers == {"ours"}
        assert bool(one.faults) == bool(by_id[one.id].faults)
    left_out = {one.id for one in ALL if fitting.LIKE[grant] in one.providers and grant in one.grants}
    left_out -= {one.id for one in chosen}
    assert "expires-in-string" in left_out
    assert ("tokens-unusual-size-8kB" in left_out) == (grant == "client_credentials")
    assert not left_out & {"state-mismatch", "cache-until-expiry", "authz-error-access-denied", "token-hang"}


def test_like_brings_the_scenarios_of_id_tokens(like: dict[str, str]) -> None:
    """Those of Panopto that it shares with movingimage, and only for people."""
    before = {one.id for one in fitting.fitting("ours", ALL)}
    like["ours"] = "panopto"
    found = {one.id: one for one in fitting.fitting("ours", ALL)}
    assert {"refresh-id-token-checked-sub"} <= set(found) - before
    assert found["refresh-id-token-checked-sub"].grants == {"authorization_code"}
    assert found["cache-until-expiry"].grants == {"client_credentials"}
    assert fitting.likeness("ours", "client_credentials") == "clickview"


def test_a_scenario_of_anothers_variant_is_left_out(like: dict[str, str]) -> None:
    """A variant belongs to the provider that has it."""
    like["ours"] = "movingimage"
    found = {one.id for one in fitting.fitting("ours", ALL)}
    wanted = {one.id for one in ALL if "movingimage" in one.variants}
    assert wanted
    assert not found & wanted


def test_every_built_in_provider_is_one_that_another_can_be_like() -> None:
    """The names of the frozen sets are those of the contracts."""
    assert {name for name in sets.PROVIDERS if facts(name).grants} == set(sets.PROVIDERS)
