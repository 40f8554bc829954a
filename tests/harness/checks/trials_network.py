"""Hand-made evidence. What happens below OAuth: slow, cut and missing answers, redirects, certificates, overload."""

from tests.harness.checks.cases import Case

CASES: list[Case] = []
