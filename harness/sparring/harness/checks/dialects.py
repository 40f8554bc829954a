"""How each provider wants to be spoken to."""

from sparring.harness.scenario import Check

CHECKS: tuple[Check, ...] = ()
