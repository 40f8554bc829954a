"""Several browsers and several providers: what only a web application can get wrong."""

from sparring.harness.scenario import Scenario

SCENARIOS: tuple[Scenario, ...] = ()
