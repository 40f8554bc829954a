"""Hand-made evidence. A token endpoint that cannot be spoken to."""

from typing import Any

from sparring.harness.verdict import Verdict
from tests.harness.checks.builder import evidence, steps, token
from tests.harness.checks.cases import Case

PASS, WARN, FAIL, INCONCLUSIVE = Verdict.PASS, Verdict.WARN, Verdict.FAIL, Verdict.INCONCLUSIVE
UNREAD, UNREACHED = "unread-connection-has-an-end", "unreachable-endpoint-is-told"
CLOSED: dict[str, Any] = {"context": {"token_url": "https://127.0.0.1:1/token", "timeout": 4.0}}
UNNAMED: dict[str, Any] = {"context": {"token_url": "https://nobody.invalid/token", "timeout": 4.0}}


def _rejecting(check: str, told: dict[str, Any], says: str) -> list[Case]:
    return [
        Case(check, "transport", evidence(steps=steps("transport"), **told), PASS, says),
        Case(check, "exit-code", evidence(steps=steps("error"), **told), PASS, says),
        Case(check, "class", evidence(steps=steps("config"), **told), WARN, "`transport`"),
        Case(check, "crash", evidence(steps=steps("crash"), **told), WARN, "crashing"),
        Case(check, "success", evidence(**told), FAIL, "reported ok"),
        Case(check, "elsewhere", evidence(token(1), **told), INCONCLUSIVE, "at another"),
    ]


CASES = [
    *_rejecting(UNREAD, CLOSED, "Nobody read"),
    Case(UNREAD, "timeout", evidence(steps=steps("timeout"), **CLOSED), FAIL, "4 s"),
    Case(UNREAD, "timeout-in-one-run", evidence(steps=steps("timeout"), driver="oneshot", **CLOSED), WARN, "4 s"),
    *_rejecting(UNREACHED, CLOSED, "Nobody listens"),
    Case(UNREACHED, "timeout", evidence(steps=steps("timeout"), **CLOSED), FAIL),
    Case(UNREACHED, "unnamed", evidence(steps=steps("transport"), **UNNAMED), PASS, "has no address"),
    Case(UNREACHED, "slow-names", evidence(steps=steps("timeout"), **UNNAMED), INCONCLUSIVE, "says nothing"),
]
