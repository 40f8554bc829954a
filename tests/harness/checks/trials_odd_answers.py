"""Hand-made evidence. The token endpoint's answer is broken, hostile, or merely unusual."""

from dataclasses import replace
from typing import Any

from sparring.harness.evidence import Exchange
from sparring.harness.verdict import Verdict
from tests.harness.checks.builder import CODE_2, SCOPE, api, evidence, exchange_code, good, refused, steps, token
from tests.harness.checks.cases import Case

PASS, WARN, FAIL, ALLOWED = Verdict.PASS, Verdict.WARN, Verdict.FAIL, Verdict.ALLOWED
INCONCLUSIVE = Verdict.INCONCLUSIVE
FIRED: dict[str, Any] = {"fired": ("fault",)}
ODD: dict[str, Any] = {"facts": {"faults": ["fault"]}}
INVENTED = "an-invented-token"


def _body(text: bytes, **more: Any) -> Exchange:
    return replace(token(1, **ODD, **more), response_body=text)


def _labelled(label: str) -> Exchange:
    headers = (("content-type", label),) if label else ()
    return token(1, **ODD, response_headers=headers)


def _rejecting(check: str, stimulus: Exchange) -> list[Case]:
    """The rows that every rejection has."""
    return [
        Case(check, "error", evidence(stimulus, steps=steps("protocol")), PASS),
        Case(check, "called", evidence(stimulus, api(2, INVENTED, 401), steps=steps("protocol")), FAIL, "called"),
        Case(check, "call-before", evidence(api(1), replace(stimulus, n=2), steps=steps("ok", "error")), PASS),
        Case(check, "success", evidence(stimulus), FAIL, "reported ok"),
        Case(check, "crash", evidence(stimulus, steps=steps("crash")), WARN, "crashing"),
        Case(check, "timeout", evidence(stimulus, steps=steps("timeout")), FAIL, "in time"),
        Case(check, "not-met", evidence(token(1)), INCONCLUSIVE),
    ]


PAGE = _body(b"<!doctype html>")
SHORT = token(1, **ODD)
BUSY = _body(b"<!doctype html>", status=503)
BROKEN = _body(b"<!doctype html>", status=500)
NAN = _body(b'{"access_token":"an-invented-token","token_type":"Bearer","expires_in":NaN}')
SCOPELESS = {name: value for name, value in good().items() if name != "scope"}
TYPELESS = {name: value for name, value in good().items() if name != "token_type"}
CODE_REFUSED = exchange_code(1, status=400, answer=refused("invalid_grant"))
ERROR = token(1, status=400, answer=refused("invalid_scope"), **ODD)
STRANGE = token(1, status=400, answer={"error": "account_review_pending"}, **ODD)
LINES = token(1, answer=good("token\r\nX-Injected: yes"), **ODD)
LARGE = token(1, answer=good("x" * 8000))
HUGE = token(1, answer=good(), **ODD)
NARROW = token(1, answer=good(scope="read_videos"))
WIDE = token(1, answer=good(scope="profile openid email address"), **ODD)
LIST = token(1, answer=good(scope=["openid", "profile"]), **ODD)
BASIC = (("content-type", "application/x-www-form-urlencoded"), ("authorization", "Basic abc"))


def _typed(scheme: str) -> Exchange:
    return api(2, headers=(("authorization", f"{scheme} {INVENTED}"),))


CASES = [
    *_rejecting("unreadable-answer-is-no-token", PAGE),
    Case("unreadable-answer-is-no-token", "short", evidence(SHORT, steps=steps("transport")), PASS, "Content-Length"),
    Case("unreadable-answer-is-no-token", "short-used", evidence(SHORT, api(2)), FAIL, "Content-Length, and the API"),
    *_rejecting("error-page-is-a-refusal", BUSY)[1:],
    Case("error-page-is-a-refusal", "later", evidence(BUSY, steps=steps("retry-later")), PASS),
    Case("error-page-is-a-refusal", "broken", evidence(BROKEN, steps=steps("retry-later")), PASS, "a page with 500"),
    Case("error-page-is-a-refusal", "unknown", evidence(BUSY, steps=steps("error")), PASS, "not visible"),
    Case("error-page-is-a-refusal", "masked", evidence(BUSY, steps=steps("protocol")), WARN, "retry-later"),
    Case("error-page-is-a-refusal", "page-with-200", evidence(PAGE, steps=steps("protocol")), INCONCLUSIVE),
    Case("not-quite-json-is-no-trap", "used", evidence(NAN, api(2, INVENTED, 401), steps=steps("reauth")), ALLOWED),
    Case("not-quite-json-is-no-trap", "refused", evidence(NAN, steps=steps("protocol")), ALLOWED, "refused"),
    Case("not-quite-json-is-no-trap", "crash", evidence(NAN, steps=steps("crash")), WARN),
    Case("not-quite-json-is-no-trap", "timeout", evidence(NAN, steps=steps("timeout")), FAIL),
    Case("not-quite-json-is-no-trap", "not-met", evidence(token(1)), INCONCLUSIVE),
    *_rejecting("errors-are-understood", ERROR)[1:],
    Case("errors-are-understood", "config", evidence(ERROR, steps=steps("config")), PASS),
    Case("errors-are-understood", "class", evidence(ERROR, steps=steps("reauth")), WARN, "config"),
    Case("errors-are-understood", "strange", evidence(STRANGE, steps=steps("protocol")), PASS),
    *_rejecting("refused-code-is-final", CODE_REFUSED),
    Case(
        "refused-code-is-final",
        "again",
        evidence(CODE_REFUSED, replace(CODE_REFUSED, n=2), steps=steps("reauth")),
        FAIL,
        "2 times",
    ),
    Case(
        "refused-code-is-final",
        "probing",
        evidence(CODE_REFUSED, replace(CODE_REFUSED, n=2, headers=BASIC), steps=steps("reauth")),
        WARN,
        "probe",
    ),
    Case(
        "refused-code-is-final",
        "new-login",
        evidence(
            CODE_REFUSED,
            exchange_code(2, CODE_2, status=400, answer=refused("invalid_grant")),
            steps=steps("reauth"),
        ),
        PASS,
    ),
    Case("token-cannot-break-out", "error", evidence(LINES, steps=steps("protocol")), PASS),
    Case(
        "token-cannot-break-out",
        "injected",
        evidence(
            LINES, api(2, headers=(("authorization", "Bearer token"), ("x-injected", "yes"))), steps=steps("error")
        ),
        FAIL,
        "became a header",
    ),
    Case("token-cannot-break-out", "mangled", evidence(LINES, api(2, "token", 401), steps=steps("reauth")), WARN),
    Case("token-cannot-break-out", "success", evidence(LINES, api(2, "token")), FAIL),
    Case("token-cannot-break-out", "crash", evidence(LINES, steps=steps("crash")), WARN),
    Case("token-cannot-break-out", "not-met", evidence(token(1)), INCONCLUSIVE),
    Case("large-tokens-are-used", "used", evidence(LARGE, api(2)), PASS, "8000"),
    Case("large-tokens-are-used", "refused", evidence(LARGE, steps=steps("protocol")), WARN),
    Case("large-tokens-are-used", "just-large", evidence(token(1, answer=good("x" * 4097)), api(2)), PASS, "4097"),
    Case("large-tokens-are-used", "usual", evidence(token(1, answer=good("x" * 4096)), api(2)), INCONCLUSIVE),
    Case("large-tokens-are-used", "not-met", evidence(token(1)), INCONCLUSIVE),
    Case("content-type-is-no-trap", "charset", evidence(_labelled("application/json; charset=utf-8")), PASS),
    Case(
        "content-type-is-no-trap",
        "charset-refused",
        evidence(_labelled("application/json;charset=UTF-8"), steps=steps("protocol")),
        WARN,
    ),
    Case("content-type-is-no-trap", "text", evidence(_labelled("text/plain")), ALLOWED, "accepted"),
    Case("content-type-is-no-trap", "none", evidence(_labelled(""), steps=steps("protocol")), ALLOWED, "Without"),
    Case("content-type-is-no-trap", "crash", evidence(_labelled("text/html"), steps=steps("crash")), WARN),
    Case("content-type-is-no-trap", "timeout", evidence(_labelled("text/html"), steps=steps("timeout")), FAIL),
    Case("content-type-is-no-trap", "not-met", evidence(token(1)), INCONCLUSIVE),
    Case("answers-are-read-within-limits", "refused", evidence(HUGE, steps=steps("protocol")), PASS),
    Case("answers-are-read-within-limits", "read", evidence(HUGE, api(2)), WARN, "to its end"),
    Case("answers-are-read-within-limits", "crash", evidence(HUGE, steps=steps("crash")), WARN),
    Case("answers-are-read-within-limits", "timeout", evidence(HUGE, steps=steps("timeout")), FAIL),
    Case("answers-are-read-within-limits", "not-met", evidence(token(1)), INCONCLUSIVE),
    Case("missing-token-type-is-no-word", "bearer", evidence(token(1, answer=TYPELESS), api(2), **FIRED), ALLOWED),
    Case(
        "missing-token-type-is-no-word",
        "undefined",
        evidence(token(1, answer=TYPELESS), _typed("undefined"), **FIRED),
        FAIL,
        "`undefined`",
    ),
    Case(
        "missing-token-type-is-no-word",
        "refused",
        evidence(token(1, answer=TYPELESS), steps=steps("protocol"), **FIRED),
        PASS,
    ),
    Case(
        "missing-token-type-is-no-word",
        "call-before",
        evidence(replace(_typed("undefined"), n=1), token(2, answer=TYPELESS), api(3), **FIRED),
        ALLOWED,
    ),
    Case("missing-token-type-is-no-word", "success", evidence(token(1, answer=TYPELESS), **FIRED), FAIL, "ok"),
    Case("missing-token-type-is-no-word", "not-met", evidence(token(1), **FIRED), INCONCLUSIVE),
    Case("narrowed-scope-is-noticed", "goes-on", evidence(NARROW, api(2), **FIRED), PASS, "went on"),
    Case("narrowed-scope-is-noticed", "refused", evidence(NARROW, steps=steps("config"), **FIRED), PASS, "before any"),
    Case(
        "narrowed-scope-is-noticed",
        "call-before",
        evidence(api(1), replace(NARROW, n=2), steps=steps("ok", "config"), **FIRED),
        PASS,
        "before any",
    ),
    Case("narrowed-scope-is-noticed", "late", evidence(NARROW, api(2), steps=steps("ok", "config"), **FIRED), WARN),
    Case("narrowed-scope-is-noticed", "crash", evidence(NARROW, steps=steps("crash"), **FIRED), FAIL),
    Case("narrowed-scope-is-noticed", "not-met", evidence(NARROW), INCONCLUSIVE),
    Case("omitted-scope-means-as-asked", "used", evidence(token(1, answer=SCOPELESS), api(2), **FIRED), PASS),
    Case(
        "omitted-scope-means-as-asked",
        "refused",
        evidence(token(1, answer=SCOPELESS), steps=steps("protocol"), **FIRED),
        FAIL,
    ),
    Case("omitted-scope-means-as-asked", "not-met", evidence(token(1), **FIRED), INCONCLUSIVE),
    Case("wider-scope-is-accepted", "used", evidence(WIDE, api(2)), PASS),
    Case("wider-scope-is-accepted", "refused", evidence(WIDE, steps=steps("protocol")), FAIL, "address"),
    Case("wider-scope-is-accepted", "list-refused", evidence(LIST, steps=steps("protocol")), WARN, "list"),
    Case("wider-scope-is-accepted", "list-crash", evidence(LIST, steps=steps("crash")), FAIL),
    Case("wider-scope-is-accepted", "not-met", evidence(token(1, answer=good(scope=SCOPE))), INCONCLUSIVE),
]
