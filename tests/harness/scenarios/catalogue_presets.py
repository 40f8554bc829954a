"""The presets that follow from the catalogue alone: `python -m tests.harness.scenarios.catalogue_presets` writes them.

The fakes may not import the harness, so what a scenario puts on stage lies beside them as data. Scenarios whose preset
says more (a hint, a shorter life) have one written by hand.
"""

import json
from pathlib import Path
from typing import Any

from sparring.harness import scenarios
from sparring.harness.scenario import ChangeSecret, PassLifetime, Scenario
from sparring.mocks.presets import HAND_WRITTEN

FILE = Path(__file__).resolve().parents[3] / "mocks/sparring/mocks/presets/catalogue.json"
SHORT_LIFE = 30
EVERYBODY = 5


def _outlives_tokens(one: Scenario) -> bool:
    return any(isinstance(move, PassLifetime) for move in one.plan)


def preset_of(one: Scenario) -> dict[str, Any]:
    """One scenario's preset, as JSON."""
    document: dict[str, Any] = {"id": one.id, "title": one.title}
    if len(one.providers) < EVERYBODY:
        document["providers"] = sorted(one.providers)
    if one.variants:
        document["variants"] = dict(one.variants)
    if _outlives_tokens(one):
        document["lifetimes"] = {"access_token": SHORT_LIFE}
    if isinstance(one.plan[0], ChangeSecret):
        document["new_secret"] = True
    return document | {"faults": [{**fault, "times": None} for fault in one.faults]}


def written() -> str:
    """The whole file."""
    something = [one for one in scenarios.ALL if one.faults or _outlives_tokens(one)]
    rest = [one for one in something if one.id not in HAND_WRITTEN]
    return json.dumps([preset_of(one) for one in rest], indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    FILE.write_text(written(), encoding="utf-8")
