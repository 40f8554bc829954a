"""Hand-made evidence for the checks of what a good answer of the token endpoint may look like, and what is none."""

from dataclasses import replace
from typing import Any

from sparring.harness.checks.answer_members import EXTRA_MEMBER
from sparring.harness.verdict import Verdict
from tests.harness.checks.builder import (
    ACCESS,
    BASE,
    SECRET,
    api,
    decoy,
    evidence,
    good,
    refused,
    register,
    steps,
    token,
)
from tests.harness.checks.cases import Case

PASS, WARN, FAIL, INCONCLUSIVE = Verdict.PASS, Verdict.WARN, Verdict.FAIL, Verdict.INCONCLUSIVE
FIRED: dict[str, Any] = {"fired": ("fault",)}
LOWER = token(1, answer=good(token_type="bearer"))
EXTRA = token(1, answer={**good(), EXTRA_MEMBER: "x", "deep": {"er": [1]}})
EMPTY = token(1, answer={"token_type": "Bearer", "expires_in": 300})
LIFELESS = good()
LIFELESS.pop("expires_in")
NO_LIFE = token(1, answer=LIFELESS)
MOVED = token(1, status=307)

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
    Case(
        "no-call-after-refused-client",
        "class-and-quits-late",
        evidence(
            token(1, status=401, answer=refused("invalid_client")),
            steps=(
                *steps("reauth", detail="sign in again"),
                replace(steps("timeout", detail="had to be stopped")[0], id=2, do="quit"),
            ),
        ),
        WARN,
        "reported reauth (sign in again), but",
    ),
    Case(
        "unknown-token-type-is-not-used",
        "used-in-the-query",
        evidence(
            token(1, answer=good(token_type="mac")),
            api(2, None, 401, url=f"{BASE}/videos?access_token={ACCESS}"),
            steps=steps("reauth"),
            **FIRED,
        ),
        FAIL,
        "mac",
    ),
    Case(
        "no-post-across-origins",
        "body-that-is-no-text",
        evidence(MOVED, decoy(2, method="POST", body=b"\xff\xfe" + SECRET.encode()), **FIRED),
        FAIL,
        "client_secret",
    ),
    Case(
        "no-post-across-origins",
        "for-good",
        evidence(replace(MOVED, status=308), decoy(2), steps=steps("transport"), **FIRED),
        WARN,
        "without credentials",
    ),
    Case(
        "no-post-across-origins",
        "call-without-a-token",
        evidence(MOVED, decoy(2), api(3, None, 401), steps=steps("protocol"), **FIRED),
        WARN,
        "without credentials",
    ),
]
