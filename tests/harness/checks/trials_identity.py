"""Hand-made evidence. ID tokens, keys and discovery documents."""

from tests.harness.checks.cases import Case

CASES: list[Case] = []
