"""ID tokens, keys and discovery documents."""

from sparring.harness.scenario import Check

CHECKS: tuple[Check, ...] = ()
