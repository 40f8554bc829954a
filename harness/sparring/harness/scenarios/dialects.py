"""How each provider wants to be spoken to."""

from sparring.harness.scenario import Scenario

SCENARIOS: tuple[Scenario, ...] = ()
