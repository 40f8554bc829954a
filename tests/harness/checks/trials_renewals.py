"""Hand-made evidence. Renewing under stress: at once, in vain, narrowed, or for another person."""

from tests.harness.checks.cases import Case

CASES: list[Case] = []
