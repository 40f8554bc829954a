"""What happens below OAuth and around it: slow, cut and missing answers, redirects, certificates, overload."""

from sparring.harness.scenario import Check

CHECKS: tuple[Check, ...] = ()
