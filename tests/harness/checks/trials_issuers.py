"""Hand-made evidence. The issuer in a callback: nearly the right one, or none where one was promised."""

import json
from typing import Any

from sparring.harness.evidence import Exchange
from sparring.harness.verdict import Verdict
from tests.harness.checks.builder import BASE, CODE, evidence, exchange_code, steps, visit
from tests.harness.checks.cases import Case

PASS, WARN, FAIL, INCONCLUSIVE = Verdict.PASS, Verdict.WARN, Verdict.FAIL, Verdict.INCONCLUSIVE
OWN = "https://idp.example/realms/platform"
LETTER, PROMISED = "issuer-is-compared-by-letter", "promised-issuer-is-missed"
MET: dict[str, Any] = {"fired": ("fault",), "context": {"issuer": OWN}}
SLASH = visit(answer={"code": CODE, "iss": f"{OWN}/"})
CAPITALS = visit(answer={"code": CODE, "iss": OWN.replace("idp.example", "IDP.EXAMPLE")})


def _document(promise: object = True, *, status: int = 200) -> Exchange:
    body = json.dumps({"issuer": OWN, "authorization_response_iss_parameter_supported": promise}).encode()
    return Exchange(
        n=1,
        provider="ingest",
        endpoint="discovery",
        method="GET",
        url=f"{BASE}/discovery",
        headers=(),
        status=status,
        response_body=body,
    )


CASES = [
    Case(LETTER, "slash-refused", evidence(visits=(SLASH,), steps=steps("protocol"), **MET), PASS),
    Case(LETTER, "capitals-refused", evidence(visits=(CAPITALS,), steps=steps("error"), **MET), PASS),
    Case(LETTER, "slash-taken", evidence(exchange_code(2), visits=(SLASH,), **MET), WARN, f"`{OWN}/`"),
    Case(LETTER, "capitals-taken", evidence(exchange_code(2), visits=(CAPITALS,), **MET), WARN, "IDP.EXAMPLE"),
    Case(LETTER, "crash", evidence(visits=(SLASH,), steps=steps("crash"), **MET), WARN),
    Case(LETTER, "timeout", evidence(visits=(SLASH,), steps=steps("timeout"), **MET), FAIL),
    Case(LETTER, "success", evidence(visits=(SLASH,), **MET), FAIL, "reported ok"),
    Case(LETTER, "right", evidence(visits=(visit(answer={"code": CODE, "iss": OWN}),), **MET), INCONCLUSIVE),
    Case(LETTER, "longer", evidence(visits=(visit(answer={"code": CODE, "iss": f"{OWN}X"}),), **MET), INCONCLUSIVE),
    Case(LETTER, "another", evidence(visits=(visit(answer={"code": CODE, "iss": "https://x"}),), **MET), INCONCLUSIVE),
    Case(LETTER, "not-fired", evidence(visits=(SLASH,), context={"issuer": OWN}), INCONCLUSIVE),
    Case(PROMISED, "refused", evidence(_document(), visits=(visit(),), steps=steps("protocol"), **MET), PASS),
    Case(PROMISED, "taken", evidence(_document(), exchange_code(2), visits=(visit(),), **MET), WARN, "promises"),
    Case(PROMISED, "crash", evidence(_document(), visits=(visit(),), steps=steps("crash"), **MET), WARN),
    Case(PROMISED, "timeout", evidence(_document(), visits=(visit(),), steps=steps("timeout"), **MET), FAIL),
    Case(PROMISED, "success", evidence(_document(), visits=(visit(),), **MET), FAIL, "reported ok"),
    Case(PROMISED, "named", evidence(_document(), visits=(SLASH,), **MET), INCONCLUSIVE),
    Case(PROMISED, "unread", evidence(visits=(visit(),), steps=steps("protocol"), **MET), INCONCLUSIVE, "promise"),
    Case(PROMISED, "no-promise", evidence(_document(None), visits=(visit(),), **MET), INCONCLUSIVE, "promise"),
    Case(PROMISED, "no-answer", evidence(_document(status=503), visits=(visit(),), **MET), INCONCLUSIVE, "promise"),
    Case(PROMISED, "not-fired", evidence(_document(), visits=(visit(),), context={}), INCONCLUSIVE),
]
