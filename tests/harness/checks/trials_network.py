"""Hand-made evidence. What happens below OAuth and around it: slow, cut and missing answers, redirects, certificates, overload."""

from tests.harness.checks.cases import Case

CASES: list[Case] = []
