"""Hand-made evidence. What comes back from the authorization endpoint, and what a client must make of it."""

from tests.harness.checks.cases import Case

CASES: list[Case] = []
