"""How long tokens are used, by clocks that move, disagree, or start again."""

from sparring.harness.scenario import Check

CHECKS: tuple[Check, ...] = ()
