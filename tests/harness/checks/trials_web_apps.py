"""Hand-made evidence. Several browsers: whose callback, whose code, and where a person is sent."""

from dataclasses import replace
from typing import Any

from sparring.harness.verdict import Verdict
from tests.harness.checks.builder import SECOND, api, decoy, evidence, exchange_code, good, steps, visit
from tests.harness.checks.cases import Case

PASS, WARN, FAIL, SKIP, INCONCLUSIVE = (
    Verdict.PASS, Verdict.WARN, Verdict.FAIL, Verdict.SKIP, Verdict.INCONCLUSIVE,
)  # fmt: skip
FIRED: dict[str, Any] = {"fired": ("fault",)}
PROVED = visit(asked={"code_challenge": "c", "nonce": "n"})
UNPROVED = visit()
REDEEMED = exchange_code(1, answer=good(SECOND))
OWN, STRANGER, INJECTED = (
    "callback-belongs-to-its-browser",
    "nobody-is-sent-to-strangers",
    "injected-code-is-refused",
)
REFUSED = exchange_code(1, status=400, answer={"error": "invalid_grant"})

NAMED = visit(answer={"code": "canary-code-1", "iss": "https://idp.example"})
ISSUER, MIXED = "right-issuer-is-no-obstacle", "code-stays-with-its-issuer"
ATTACKER = exchange_code(1, status=400, provider="panopto", answer={"error": "invalid_grant"})

CASES = [
    Case(ISSUER, "taken", evidence(exchange_code(1), visits=(NAMED,)), PASS),
    Case(ISSUER, "refused", evidence(visits=(NAMED,), steps=steps("protocol")), FAIL, "right issuer"),
    Case(ISSUER, "unnamed", evidence(visits=(visit(),)), INCONCLUSIVE),
    Case(MIXED, "refused", evidence(visits=(NAMED,), steps=steps("protocol"), **FIRED), PASS),
    Case(MIXED, "leaked", evidence(ATTACKER, visits=(NAMED,), steps=steps("reauth"), **FIRED), FAIL, "of another"),
    Case(MIXED, "success", evidence(visits=(NAMED,), **FIRED), FAIL, "reported ok"),
    Case(MIXED, "crash", evidence(visits=(NAMED,), steps=steps("crash"), **FIRED), WARN),
    Case(MIXED, "not-fired", evidence(visits=(NAMED,)), INCONCLUSIVE),
    Case(OWN, "refused", evidence(visits=(visit(),), steps=steps("error", "error"), **FIRED), PASS),
    Case(OWN, "exchanged", evidence(exchange_code(1), visits=(visit(),), **FIRED), FAIL, "exchanged"),
    Case(OWN, "acts", evidence(visits=(visit(),), steps=steps("error", "ok"), **FIRED), FAIL, "acts as"),
    Case(OWN, "own-login", evidence(visits=(visit(), visit()), steps=steps("error", "ok"), **FIRED), PASS),
    Case(OWN, "never-delivered", evidence(visits=(replace(visit(), callback_status=None),), **FIRED), INCONCLUSIVE),
    Case(OWN, "not-fired", evidence(visits=(visit(),)), INCONCLUSIVE),
    Case(STRANGER, "stays", evidence(exchange_code(1), visits=(visit(),)), PASS),
    Case(
        STRANGER,
        "goes",
        evidence(exchange_code(1), decoy(2, url="https://127.0.0.1:9/a-page-of-a-stranger"), visits=(visit(),)),
        FAIL,
        "stranger's",
    ),
    Case(STRANGER, "no-login", evidence(), INCONCLUSIVE),
    Case(INJECTED, "refused", evidence(REFUSED, visits=(PROVED,), steps=steps("reauth"), **FIRED), PASS),
    Case(INJECTED, "discarded", evidence(REDEEMED, visits=(PROVED,), steps=steps("protocol"), **FIRED), PASS),
    Case(INJECTED, "used", evidence(REDEEMED, api(2, SECOND), visits=(PROVED,), **FIRED), FAIL, "was used"),
    Case(INJECTED, "success", evidence(REDEEMED, visits=(PROVED,), **FIRED), FAIL, "reported ok"),
    Case(INJECTED, "crash", evidence(REFUSED, visits=(PROVED,), steps=steps("crash"), **FIRED), WARN),
    Case(INJECTED, "unproved", evidence(REDEEMED, visits=(UNPROVED,), **FIRED), SKIP),
    Case(INJECTED, "not-fired", evidence(REDEEMED, visits=(PROVED,)), INCONCLUSIVE),
]
