"""ID tokens, keys and discovery documents."""

from sparring.harness.scenario import Scenario

SCENARIOS: tuple[Scenario, ...] = ()
