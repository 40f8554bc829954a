"""Hand-made evidence for the checks of ID tokens that must not be trusted."""

from typing import Any

from sparring.harness.verdict import Verdict
from tests.harness.checks.builder import ACCESS, SECOND, api, evidence, exchange_code, good, steps, visit
from tests.harness.checks.cases import Case

PASS, WARN, FAIL = Verdict.PASS, Verdict.WARN, Verdict.FAIL
INCONCLUSIVE, SKIP, ALLOWED = Verdict.INCONCLUSIVE, Verdict.SKIP, Verdict.ALLOWED
FIRED: dict[str, Any] = {"fired": ("poison",), "visits": (visit(asked={"nonce": "n-1"}),)}
POISONED = exchange_code(1, answer=good(id_token="eyJ.eyJ.x"), facts={"faults": ["poison"]})
UNTOUCHED = exchange_code(1, answer=good(id_token="eyJ.eyJ.x"))
CHECKS = ("nonce-is-compared", "audience-is-checked", "id-token-expiry-is-checked", "signature-is-checked")


def _rows(check: str) -> list[Case]:
    """The rows that each of them has."""
    used = ALLOWED if check == "signature-is-checked" else FAIL
    return [
        Case(check, "refused", evidence(POISONED, steps=steps("protocol", "reauth"), **FIRED), PASS),
        Case(check, "crash", evidence(POISONED, steps=steps("crash"), **FIRED), WARN),
        Case(check, "timeout", evidence(POISONED, steps=steps("timeout"), **FIRED), FAIL),
        Case(check, "used", evidence(POISONED, api(2), **FIRED), used),
        Case(check, "used-over-plain-http", evidence(POISONED, api(2), tls=False, **FIRED), FAIL, "was used"),
        Case(check, "success-without-a-call", evidence(POISONED, tls=False, **FIRED), FAIL, "reported ok"),
        Case(
            check,
            "userinfo",
            evidence(POISONED, api(2, endpoint="userinfo"), tls=False, steps=steps("protocol"), **FIRED),
            FAIL,
            "was used",
        ),
        Case(
            check,
            "another-token",
            evidence(POISONED, api(2, SECOND), steps=steps("protocol"), **FIRED),
            PASS,
        ),
        Case(check, "not-poisoned", evidence(UNTOUCHED, api(2, ACCESS), **FIRED), INCONCLUSIVE),
        Case(check, "not-fired", evidence(POISONED, api(2), visits=FIRED["visits"]), INCONCLUSIVE),
    ]


CASES = [
    *(case for check in CHECKS for case in _rows(check)),
    Case("nonce-is-compared", "none-sent", evidence(POISONED, api(2), visits=(visit(),), fired=("poison",)), SKIP),
    Case(
        "signature-is-checked",
        "used-and-yet-an-error",
        evidence(POISONED, api(2), steps=steps("ok", "transport"), **FIRED),
        FAIL,
    ),
]
