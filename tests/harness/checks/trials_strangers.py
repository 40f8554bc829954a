"""The check of who else is called, on hand-made evidence."""

from sparring.harness.evidence import Stranger
from sparring.harness.verdict import Verdict
from tests.harness.checks.builder import evidence
from tests.harness.checks.cases import Case

METRICS = Stranger("metrics.elsewhere.example", 443, "name")
LITERAL = Stranger("2001:db8::7", 8443, "address")
LOOKED_UP = Stranger("only.looked.up.example", 0, "name")
MANY = tuple(Stranger(f"h{number}.example", 443, "name") for number in range(10))

ALWAYS = [
    Case("reaches-no-other-host", "nobody", evidence(strangers=()), Verdict.PASS),
    Case(
        "reaches-no-other-host",
        "by-name",
        evidence(strangers=(METRICS,)),
        Verdict.WARN,
        "metrics.elsewhere.example:443",
    ),
    Case(
        "reaches-no-other-host",
        "by-address",
        evidence(strangers=(METRICS, LITERAL)),
        Verdict.WARN,
        "[2001:db8::7]:8443",
    ),
    Case("reaches-no-other-host", "looked-up", evidence(strangers=(LOOKED_UP,)), Verdict.WARN, "(looked up)"),
    Case("reaches-no-other-host", "many", evidence(strangers=MANY), Verdict.WARN, "h7.example:443 and 2 more"),
    Case("reaches-no-other-host", "eight", evidence(strangers=MANY[:8]), Verdict.WARN, "h7.example:443; nothing"),
    Case("reaches-no-other-host", "nobody-looked", evidence(), Verdict.SKIP, "--intercept"),
]
