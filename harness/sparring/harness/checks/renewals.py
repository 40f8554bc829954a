"""Renewing under stress: at once, in vain, narrowed, or for another person."""

from sparring.harness.scenario import Check

CHECKS: tuple[Check, ...] = ()
