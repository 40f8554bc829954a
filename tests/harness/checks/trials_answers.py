"""Hand-made evidence for the checks of what a good answer of the token endpoint may look like."""

from dataclasses import replace
from typing import Any

from sparring.harness.checks.answer_members import EXTRA_MEMBER
from sparring.harness.verdict import Verdict
from tests.harness.checks.builder import api, evidence, good, register, steps, token
from tests.harness.checks.cases import Case

PASS, WARN, FAIL, INCONCLUSIVE = Verdict.PASS, Verdict.WARN, Verdict.FAIL, Verdict.INCONCLUSIVE
FIRED: dict[str, Any] = {"fired": ("fault",)}
LOWER = token(1, answer=good(token_type="bearer"))
EXTRA = token(1, answer={**good(), EXTRA_MEMBER: "x", "deep": {"er": [1]}})
EMPTY = token(1, answer={"token_type": "Bearer", "expires_in": 300})
LIFELESS = good()
LIFELESS.pop("expires_in")
NO_LIFE = token(1, answer=LIFELESS)

CASES = [
    Case("token-type-in-any-case", "used", evidence(LOWER, api(2), **FIRED), PASS),
    Case("token-type-in-any-case", "refused", evidence(LOWER, steps=steps("protocol"), **FIRED), FAIL, "protocol"),
    Case("token-type-in-any-case", "not-fired", evidence(LOWER, api(2)), INCONCLUSIVE),
    Case("token-type-in-any-case", "not-seen", evidence(token(1), **FIRED), INCONCLUSIVE),
    Case("extra-members-are-ignored", "used", evidence(EXTRA, api(2), **FIRED), PASS),
    Case("extra-members-are-ignored", "refused", evidence(EXTRA, steps=steps("protocol"), **FIRED), FAIL, "protocol"),
    Case("extra-members-are-ignored", "not-seen", evidence(token(1), **FIRED), INCONCLUSIVE),
    Case("no-call-without-a-token", "error", evidence(EMPTY, steps=steps("protocol"), **FIRED), PASS),
    Case("no-call-without-a-token", "call", evidence(EMPTY, api(2, "None", 401), **FIRED), FAIL, "called"),
    Case(
        "no-call-without-a-token",
        "registration",
        evidence(
            token(1, provider="rotor", answer={"token_type": "Bearer"}),
            register(2, with_token="None", brings=None, status=401),
            provider="rotor",
            **FIRED,
        ),
        FAIL,
        "called",
    ),
    Case(
        "no-call-without-a-token",
        "call-before",
        evidence(api(1), replace(EMPTY, n=2), steps=steps("ok", "protocol"), **FIRED),
        PASS,
    ),
    Case("no-call-without-a-token", "success", evidence(EMPTY, **FIRED), FAIL, "reported ok"),
    Case("no-call-without-a-token", "crash", evidence(EMPTY, steps=steps("crash"), **FIRED), WARN),
    Case("no-call-without-a-token", "not-seen", evidence(token(1), **FIRED), INCONCLUSIVE),
    Case("missing-lifetime-is-accepted", "used", evidence(NO_LIFE, api(2), **FIRED), PASS),
    Case(
        "missing-lifetime-is-accepted",
        "renewed-at-once",
        evidence(NO_LIFE, token(2, answer=LIFELESS), api(3), **FIRED),
        PASS,
        "2 token(s)",
    ),
    Case("missing-lifetime-is-accepted", "refused", evidence(NO_LIFE, steps=steps("protocol"), **FIRED), FAIL),
    Case("missing-lifetime-is-accepted", "not-seen", evidence(token(1), **FIRED), INCONCLUSIVE),
]
