"""Frozen sets: lists of scenarios that stay as they were released, whatever the catalogue gains later.

A build that names ``security-1`` instead of ``security`` does not turn red because a scenario was added. What is new
goes into ``security-2``. ``python -m sparring.harness.publishing sets`` writes today's lists, as the file has them.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from sparring.contracts.yamls import read_yaml
from sparring.harness.scenario import Scenario

PROVIDERS = ("rotor", "clickview", "movingimage", "panopto", "ingest")
PROFILES = ("core", "security", "resilience", "oidc", "robustness")
NAMES = tuple(f"{name}-1" for name in (*PROFILES, *PROVIDERS))
"""The sets that there are, each a word that ``--profile`` takes."""


@cache
def frozen() -> Mapping[str, tuple[str, ...]]:
    """The ids of the scenarios of each set, in the order of the catalogue of its day."""
    text = (files("sparring.harness.scenarios") / "sets.yaml").read_text(encoding="utf-8")
    return MappingProxyType({name: tuple(ids) for name, ids in read_yaml(text).items()})


def today(catalogue: Iterable[Scenario]) -> dict[str, tuple[str, ...]]:
    """The sets as that catalogue would fill them: one for each profile, and one for what is a provider's own."""
    ones = tuple(catalogue)
    by_profile = {f"{name}-1": tuple(one.id for one in ones if one.profile == name) for name in PROFILES}
    return by_profile | {f"{name}-1": tuple(one.id for one in ones if _own(one, name)) for name in PROVIDERS}


def _own(one: Scenario, provider: str) -> bool:
    return one.providers == {provider} and (one.profile == "provider" or one.id.startswith(f"{provider}-"))


def written(sets: Mapping[str, Iterable[str]]) -> str:
    """The sets as the file has them."""
    lines = ["# Frozen sets. A released list never changes: what is new goes into a set with the next number.\n"]
    for name, ids in sets.items():
        lines += [f"{name}:\n", *(f"  - {one}\n" for one in ids)]
    return "".join(lines)
