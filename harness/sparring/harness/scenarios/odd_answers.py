"""The token endpoint's answer is broken, hostile, or merely unusual."""

from sparring.harness.scenario import Scenario

SCENARIOS: tuple[Scenario, ...] = ()
