"""Hand-made evidence. Several browsers and several providers: what only a web application can get wrong."""

from tests.harness.checks.cases import Case

CASES: list[Case] = []
