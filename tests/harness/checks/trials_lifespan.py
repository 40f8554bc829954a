"""Hand-made evidence. How long tokens are used, by clocks that move, disagree, or start again."""

from tests.harness.checks.cases import Case

CASES: list[Case] = []
