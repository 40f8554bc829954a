"""Hand-made evidence. How each provider wants to be spoken to."""

from tests.harness.checks.cases import Case

CASES: list[Case] = []
