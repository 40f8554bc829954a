"""Hand-made evidence. What happens below OAuth: slow, cut and missing answers, redirects, certificates, overload."""

from collections.abc import Mapping
from dataclasses import replace
from email.utils import formatdate
from typing import Any

from sparring.harness.evidence import Evidence, Exchange
from sparring.harness.verdict import Verdict
from tests.harness.checks.builder import (
    BASE,
    CODE_2,
    SECOND,
    SECRET,
    START,
    api,
    decoy,
    evidence,
    exchange_code,
    refused,
    register,
    steps,
    token,
)
from tests.harness.checks.cases import Case

PASS, WARN, FAIL, ALLOWED = Verdict.PASS, Verdict.WARN, Verdict.FAIL, Verdict.ALLOWED
INCONCLUSIVE = Verdict.INCONCLUSIVE
ODD: dict[str, Any] = {"facts": {"faults": ["fault"]}}
TOLD: Mapping[str, Any] = {"timeout": 4.0, "client_secret": SECRET}


def _rejecting(check: str, *met: Exchange, named: str = "transport", **more: Any) -> list[Case]:
    """The rows that every rejection has."""
    return [
        Case(check, "error", evidence(*met, steps=steps(named), **more), PASS),
        Case(check, "exit-code", evidence(*met, steps=steps("error"), **more), PASS),
        Case(check, "success", evidence(*met, **more), FAIL, "reported ok"),
        Case(check, "crash", evidence(*met, steps=steps("crash"), **more), WARN, "crashing"),
        Case(check, "timeout", evidence(*met, steps=steps("timeout"), **more), FAIL),
        Case(check, "not-met", evidence(token(1), api(2)), INCONCLUSIVE),
    ]


HELD = token(1, status=None, **ODD)
DRIPPING = token(1, **ODD)
CODE_LOST = exchange_code(1, status=None, **ODD)
CODE_REFUSED = exchange_code(2, status=400, answer=refused("invalid_grant"))
MOVED = token(1, status=302, **ODD)
MOVED_AT_HOME = token(1, status=307, **ODD)
API_MOVED = api(2, status=307, **ODD)
STRANGER = decoy(2, response_body=b'{"access_token":"stranger"}')
SHOWN: dict[str, Any] = {"fired": ("certificate-expired",)}
AT_THE_DOOR = token(1, facts={"certificate": "expired"})
IN_THE_CLEAR: dict[str, Any] = {"facts": {"certificate": "none"}}


def _slow(driver: str, stimulus: Exchange) -> Evidence:
    return evidence(stimulus, steps=steps("timeout"), driver=driver, context=TOLD)


def _told(retry_after: str | None, status: int = 429, n: int = 1) -> Exchange:
    headers = () if retry_after is None else (("retry-after", retry_after),)
    return token(n, status=status, response_headers=headers, **ODD)


def _later(seconds: float, status: int = 200) -> Exchange:
    return token(2, status=status, at=START + seconds)


EARLY = api(2, status=429, response_headers=(("retry-after", "1"),), **ODD)
IN_THE_SECOND = tuple(
    replace(step, first=first, last=last) for step, first, last in zip(steps("ok", "ok"), (1, 2), (2, 4), strict=True)
)
DATE = formatdate(START + 3, usegmt=True)
BROKEN = api(2, status=500, **ODD)

_SILENCE = [
    *_rejecting("silence-has-an-end", HELD),
    Case("silence-has-an-end", "class", evidence(HELD, steps=steps("protocol")), WARN, "transport"),
    Case("silence-has-an-end", "session", _slow("session", HELD), FAIL, "4 s"),
    Case("silence-has-an-end", "short-lived", _slow("oneshot", HELD), WARN, "SPARRING_TIMEOUT"),
    Case("silence-has-an-end", "dripping", _slow("session", DRIPPING), WARN, "byte by byte"),
    Case("slow-answers-are-awaited", "awaited", evidence(DRIPPING), PASS),
    Case("slow-answers-are-awaited", "gave-up", evidence(DRIPPING, steps=steps("transport")), WARN, "two seconds"),
    Case("slow-answers-are-awaited", "timeout", evidence(DRIPPING, steps=steps("timeout")), FAIL),
    Case("slow-answers-are-awaited", "not-met", evidence(token(1)), INCONCLUSIVE),
]

_LOST = [
    *_rejecting("lost-connections-are-not-hammered", HELD),
    Case("lost-connections-are-not-hammered", "class", evidence(HELD, steps=steps("protocol")), WARN, "transport"),
    *(
        Case(
            "lost-connections-are-not-hammered",
            f"{tries}-tries",
            evidence(*(token(n + 1, status=None, **ODD) for n in range(tries)), steps=steps("transport")),
            verdict,
        )
        for tries, verdict in ((3, PASS), (4, WARN))
    ),
    *_rejecting("code-is-not-sent-after-a-reset", CODE_LOST, named="reauth"),
    Case(
        "code-is-not-sent-after-a-reset",
        "again",
        evidence(CODE_LOST, CODE_REFUSED, steps=steps("reauth")),
        WARN,
        "used it up",
    ),
    Case(
        "code-is-not-sent-after-a-reset",
        "again-and-again",
        evidence(CODE_LOST, CODE_REFUSED, exchange_code(3, status=400), steps=steps("reauth")),
        FAIL,
        "2 more times",
    ),
    Case("code-is-not-sent-after-a-reset", "new-login", evidence(CODE_LOST, exchange_code(2, CODE_2)), PASS, "another"),
    Case(
        "code-is-not-sent-after-a-reset",
        "lives-on-an-earlier-login",
        evidence(exchange_code(1, CODE_2), replace(CODE_LOST, n=2)),
        FAIL,
        "reported ok",
    ),
    Case("code-is-not-sent-after-a-reset", "lie", evidence(CODE_LOST, CODE_REFUSED), FAIL, "reported ok"),
]

_REDIRECTS = [
    *_rejecting("strangers-token-is-refused", MOVED, named="protocol"),
    Case("strangers-token-is-refused", "followed", evidence(MOVED, STRANGER, steps=steps("protocol")), PASS, "refused"),
    Case("strangers-token-is-refused", "used", evidence(MOVED, STRANGER, api(3, "stranger", 401)), FAIL, "handed out"),
    Case(
        "strangers-token-is-refused",
        "posted",
        evidence(MOVED, decoy(2, body=SECRET.encode()), steps=steps("protocol")),
        FAIL,
        "client_secret",
    ),
    Case(
        "strangers-token-is-refused",
        "posted-in-latin-1",
        evidence(
            MOVED, decoy(2, body=f"name=Jos\xe9&client_secret={SECRET}".encode("latin-1")), steps=steps("protocol")
        ),
        FAIL,
        "client_secret",
    ),
    Case(
        "strangers-token-is-refused",
        "no-token-of-anybodys",
        evidence(MOVED, decoy(2), api(3, None, 401), steps=steps("protocol")),
        PASS,
        "refused",
    ),
    Case(
        "strangers-token-is-refused",
        "multiple-choices",
        evidence(replace(MOVED, status=300), STRANGER, steps=steps("protocol")),
        PASS,
        "refused",
    ),
    *_rejecting("moved-endpoint-is-noticed", MOVED_AT_HOME, named="protocol"),
    *(
        Case(
            "moved-endpoint-is-noticed",
            name,
            evidence(
                MOVED_AT_HOME,
                Exchange(
                    n=2,
                    provider="ingest",
                    endpoint="unknown",
                    method="POST",
                    url=f"{BASE}/moved/token{query}",
                    headers=(),
                    status=404,
                ),
                steps=steps("protocol"),
            ),
            WARN,
            "followed",
        )
        for name, query in (("followed", ""), ("followed-with-a-query", "?x=1"))
    ),
    Case("token-stays-with-the-api", "stayed", evidence(API_MOVED, steps=steps("ok", "protocol")), PASS),
    Case("token-stays-with-the-api", "success", evidence(API_MOVED), WARN, "success"),
    Case("token-stays-with-the-api", "without", evidence(API_MOVED, decoy(3)), ALLOWED),
    Case("token-stays-with-the-api", "crash", evidence(API_MOVED, decoy(3), steps=steps("ok", "crash")), WARN),
    Case("token-stays-with-the-api", "timeout", evidence(API_MOVED, steps=steps("ok", "timeout")), FAIL),
    Case(
        "token-stays-with-the-api",
        "along",
        evidence(API_MOVED, decoy(3, headers=(("authorization", "Bearer x"),)), steps=steps("ok", "protocol")),
        FAIL,
        "Authorization",
    ),
    Case(
        "token-stays-with-the-api",
        "in-the-clear",
        evidence(API_MOVED, api(3, status=404, **IN_THE_CLEAR), steps=steps("ok", "protocol")),
        FAIL,
        "Authorization",
    ),
    Case("token-stays-with-the-api", "not-met", evidence(token(1), api(2)), INCONCLUSIVE),
]

_CERTIFICATES = [
    *_rejecting("certificate-is-checked", **SHOWN),
    Case("certificate-is-checked", "class", evidence(steps=steps("config"), **SHOWN), WARN, "expired"),
    Case(
        "certificate-is-checked",
        "of-another-kind",
        evidence(steps=steps("transport"), fired=("certificate-odd",)),
        PASS,
        "a certificate that is not in order",
    ),
    Case("certificate-is-checked", "asked", evidence(AT_THE_DOOR, **SHOWN), FAIL, "client_secret"),
    Case(
        "certificate-is-checked",
        "asked-for-nothing-secret",
        evidence(api(1, None, facts={"certificate": "expired"}), **SHOWN, steps=steps("protocol")),
        FAIL,
        "a request",
    ),
    *_rejecting("plaintext-endpoint-is-refused", MOVED, named="protocol"),
    Case(
        "plaintext-endpoint-is-refused",
        "sent",
        evidence(MOVED, token(2, status=404, **IN_THE_CLEAR), steps=steps("protocol")),
        FAIL,
        "client_secret",
    ),
    Case(
        "plaintext-endpoint-is-refused",
        "asked",
        evidence(MOVED, api(2, None, 404, **IN_THE_CLEAR), steps=steps("protocol")),
        WARN,
        "without credentials",
    ),
]

_OVERLOAD = [
    *_rejecting("retry-after-is-honoured", _told("1"), named="retry-later"),
    Case("retry-after-is-honoured", "class", evidence(_told("1"), steps=steps("protocol")), WARN, "retry-later"),
    Case("retry-after-is-honoured", "waited", evidence(_told("1"), _later(1.0)), PASS, "in time"),
    Case("retry-after-is-honoured", "too-early", evidence(_told("1"), _later(0.9)), WARN, "0.9 s later"),
    Case("retry-after-is-honoured", "an-hour", evidence(_told("3600"), _later(5)), WARN, "3600"),
    Case("retry-after-is-honoured", "date", evidence(_told(DATE), _later(2.5)), PASS),
    Case("retry-after-is-honoured", "before-the-date", evidence(_told(DATE), _later(1.5)), WARN, "GMT"),
    *(
        Case("retry-after-is-honoured", f"{value}", evidence(_told(value), _later(0.2)), PASS)
        for value in ("soon", "-30", "0.5", None)
    ),
    Case(
        "retry-after-is-honoured",
        "too-early-at-the-api",
        evidence(token(1), EARLY, api(3, at=START + 0.2), steps=IN_THE_SECOND),
        WARN,
        "0.2 s later",
    ),
    *(
        Case("retry-after-is-honoured", f"before-the-date-{zone}", evidence(_told(date), _later(1.5)), WARN, zone)
        for zone, date in (("+0100", f"{formatdate(START + 3603)[:-5]}+0100"), ("-0000", formatdate(START + 3)))
    ),
    Case("retry-after-is-honoured", "unavailable", evidence(_told("1", 503), _later(0.2)), WARN, "503"),
    Case(
        "retry-after-is-honoured",
        "early-in-vain",
        evidence(_told("1"), _later(0.2, 429), steps=steps("retry-later")),
        WARN,
        "0.2 s later",
    ),
    *_rejecting("server-errors-leave-the-token", BROKEN, named="retry-later"),
    Case("server-errors-leave-the-token", "repeated", evidence(BROKEN, api(3, at=START + 1)), PASS),
    Case("server-errors-leave-the-token", "at-once", evidence(BROKEN, api(3, at=START + 0.01)), WARN, "at once"),
    Case(
        "server-errors-leave-the-token",
        "renewed",
        evidence(BROKEN, token(3), api(4, SECOND, at=START + 1)),
        WARN,
        "another token",
    ),
    Case(
        "server-errors-leave-the-token",
        "registered",
        evidence(
            replace(BROKEN, provider="rotor"),
            register(3),
            api(4, SECOND, at=START + 1, provider="rotor"),
            provider="rotor",
        ),
        WARN,
        "another token",
    ),
    Case(
        "server-errors-leave-the-token",
        "many",
        evidence(BROKEN, *(api(n, status=500, at=START + n) for n in range(3, 8)), steps=steps("ok", "retry-later")),
        WARN,
        "6 times",
    ),
]

CASES: list[Case] = [*_SILENCE, *_LOST, *_REDIRECTS, *_CERTIFICATES, *_OVERLOAD]
