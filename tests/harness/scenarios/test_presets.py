"""What ``serve --scenario`` puts on stage is what the scenario of that id is judged by."""

import pytest

from sparring.harness import scenarios
from sparring.harness.scenario import ChangeSecret, PassLifetime, Scenario
from sparring.mocks.presets import PRESETS
from sparring.mocks.presets.preset import ALWAYS
from tests.harness.scenarios.catalogue_presets import FILE, written


def test_every_preset_belongs_to_a_scenario() -> None:
    """One id space."""
    assert set(PRESETS) <= {one.id for one in scenarios.ALL}


@pytest.mark.parametrize("one", [one for one in scenarios.ALL if one.faults], ids=lambda one: one.id)
def test_a_preset_has_the_faults_of_its_scenario(one: Scenario) -> None:
    """The same ones; on a stage without an end they happen again and again.

    Whoever changes the catalogue writes them anew: ``python -m tests.harness.scenarios.catalogue_presets``.
    """
    assert one.id in PRESETS, f"{one.id} has no preset"
    assert [dict(fault) for fault in PRESETS[one.id].faults] == [{**fault, "times": ALWAYS} for fault in one.faults]


def test_the_file_is_up_to_date() -> None:
    """Nothing in it is written by hand."""
    assert FILE.read_text(encoding="utf-8") == written()


def test_a_preset_has_what_else_its_scenario_has_on_stage() -> None:
    """Providers, variants, a secret that was replaced before anything else."""
    for preset in PRESETS.values():
        one = scenarios.scenario(preset.id)
        assert all(preset.concerns(name) for name in one.providers), one.id
        assert preset.providers in {None, one.providers}, one.id
        assert preset.variants == one.variants, one.id
        assert preset.new_secret == isinstance(one.plan[0], ChangeSecret), one.id


def test_where_time_must_pass_tokens_are_short_lived_or_somebody_is_told() -> None:
    """A developer does not wait a day."""
    for one in scenarios.ALL:
        if any(isinstance(move, PassLifetime) for move in one.plan):
            preset = PRESETS[one.id]
            assert preset.lifetimes or "clock" in preset.hint, one.id
