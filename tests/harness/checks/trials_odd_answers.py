"""Hand-made evidence. The token endpoint's answer is broken, hostile, or merely unusual."""

from tests.harness.checks.cases import Case

CASES: list[Case] = []
