"""What comes back from the authorization endpoint, and what a client must make of it."""

from sparring.harness.scenario import Check

CHECKS: tuple[Check, ...] = ()
