"""Hand-made evidence. How long tokens are used, by clocks that move, disagree, or start again."""

from dataclasses import replace
from typing import Any

from sparring.harness.evidence import Ending, Step
from sparring.harness.verdict import Verdict
from tests.harness.checks.builder import (
    CODE_2,
    SECOND,
    START,
    api,
    evidence,
    exchange_code,
    good,
    refresh,
    register,
    steps,
    token,
    visit,
)
from tests.harness.checks.cases import Case

PASS, WARN, FAIL, ALLOWED = Verdict.PASS, Verdict.WARN, Verdict.FAIL, Verdict.ALLOWED
SKIP, INCONCLUSIVE = Verdict.SKIP, Verdict.INCONCLUSIVE
CLIENT: dict[str, Any] = {"grant": "client_credentials"}
RENEWS: dict[str, Any] = {"supports": frozenset({"refresh"})}
ODD: dict[str, Any] = {"facts": {"faults": ["fault"]}}
END = START + 86400
THIRD = "eyJhbGciOiJSUzI1NiJ9.canarythird.signature"
LOGIN = exchange_code(1)
FIRST = token(1, answer=good(refresh=None))


def _early(renewed: float, *uses: float, **more: Any) -> Case:
    """A first token used so many seconds before its end, and replaced so long before it."""
    name = more.pop("name")
    verdict, says = more.pop("verdict"), more.pop("says", "")
    n = len(uses) + 2
    calls = [api(i, at=END - left) for i, left in enumerate(uses, start=2)]
    renewal = [refresh(n, answer=good(SECOND), at=END - renewed), api(n + 1, SECOND, at=END - renewed)]
    return Case(
        "token-is-renewed-before-its-end",
        name,
        evidence(LOGIN, *calls, *renewal, **{**RENEWS, **more}),
        verdict,
        says,
    )


def _stated(check: str, name: str, seconds: object, *rest: Any, verdict: Verdict, says: str = "", **more: Any) -> Case:
    """An answer that states that life, and what follows."""
    answer = token(1, answer=good(refresh=None, expires_in=seconds), **ODD)
    return Case(check, name, evidence(answer, *rest, **{"steps": steps("ok", "ok", "ok"), **more}), verdict, says)


def _spent(n: int, access: str) -> Any:
    return token(n, answer=good(access, None, expires_in=0), **ODD)


def _stopping(check: str, seconds: object) -> list[Case]:
    """The rows that both checks of odd lives have."""
    storm = [token(n, answer=good(SECOND, None, expires_in=seconds), **ODD) for n in range(2, 12)]
    return [
        _stated(check, "loop", seconds, *storm, api(12, SECOND), verdict=FAIL, says="11 token requests for 3"),
        _stated(check, "crash", seconds, verdict=WARN, says="crashed", steps=steps("ok", "crash")),
        _stated(check, "timeout", seconds, verdict=FAIL, says="in time", steps=steps("timeout")),
        _stated(check, "refused", seconds, verdict=ALLOWED, says="refused", steps=steps("protocol", "protocol")),
        Case(check, "not-met", evidence(token(1), api(2)), INCONCLUSIVE),
    ]


def _users(*outcomes: str) -> tuple[Step, ...]:
    return (
        Step(id=1, do="authenticate", outcome="ok"),
        *(Step(id=n, do="call_api", outcome=outcome, user=n - 2) for n, outcome in enumerate(outcomes, start=2)),
    )


def _restarted(outcome: str = "ok") -> tuple[Step, ...]:
    before = (
        Step(id=1, do="authenticate", outcome="ok", first=1, last=2),
        Step(id=2, do="call_api", outcome="ok", first=2, last=3),
    )
    return (*before, Step(id=3, do="call_api", outcome=outcome, first=3, last=9))


def _skewed(check: str, calm: Verdict, gives_up: Verdict) -> list[Case]:
    """The rows that both checks of clocks have."""
    return [
        Case(check, "fine", evidence(LOGIN, api(2)), calm, "all went well"),
        Case(check, "gives-up", evidence(LOGIN, steps=steps("protocol")), gives_up),
        Case(check, "crash", evidence(LOGIN, steps=steps("crash")), WARN, "crashed"),
        Case(check, "timeout", evidence(LOGIN, steps=steps("timeout")), FAIL, "in time"),
        Case(check, "not-met", evidence(exchange_code(1, status=400), steps=steps("reauth")), INCONCLUSIVE),
    ]


CASES = [
    _early(1, 61, 11, name="in-time", verdict=PASS, says="used 11 s before its end and replaced 1 s before it"),
    _early(-1, 61, 1.5, name="last-seconds", verdict=WARN, says="last two seconds"),
    _early(-1, 61, 2, name="two-seconds", verdict=WARN, says="last two seconds"),
    _early(-1, 61, 0, name="dead", verdict=WARN, says="after its end"),
    _early(80000, 86400, name="at-once", verdict=WARN, says="80000 s of its 86400 s left"),
    _early(43200, 61000, name="half", verdict=PASS),
    _early(-1, 61, name="gave-up", verdict=FAIL, says="reauth", steps=steps("ok", "ok", "reauth")),
    _early(1, 11, name="no-refresh", verdict=SKIP, supports=frozenset()),
    _early(1, 11, name="own-credentials", verdict=PASS, supports=frozenset(), **CLIENT),
    Case(
        "token-is-renewed-before-its-end",
        "user-token",
        evidence(
            token(1, provider="rotor", answer=good(refresh=None, expires_in=10**6)),
            register(2),
            api(3, SECOND, provider="rotor", at=START + 259190),
            register(4, brings=THIRD, at=START + 259195),
            api(5, THIRD, provider="rotor", at=START + 259195),
            provider="rotor",
            **CLIENT,
        ),
        PASS,
        "used 10 s",
    ),
    Case(
        "token-is-renewed-before-its-end",
        "no-life",
        evidence(token(1, answer=good(refresh=None, expires_in=0)), api(2), **CLIENT),
        WARN,
        "after its end",
    ),
    Case("token-is-renewed-before-its-end", "no-time", evidence(LOGIN, api(2), **RENEWS), INCONCLUSIVE, "86400 s left"),
    Case("token-is-renewed-before-its-end", "no-call", evidence(LOGIN, **RENEWS), INCONCLUSIVE),
    Case(
        "first-call-after-idle-renews",
        "renews",
        evidence(LOGIN, api(2), refresh(3, answer=good(SECOND), at=END + 600), api(4, SECOND, at=END + 600), **RENEWS),
        PASS,
    ),
    Case(
        "first-call-after-idle-renews",
        "dead-first",
        evidence(FIRST, api(2), api(3, status=401, at=END + 600), token(4, at=END + 600), **CLIENT),
        WARN,
        "dead token was used first",
    ),
    Case(
        "first-call-after-idle-renews",
        "same-token-again",
        evidence(FIRST, api(2), token(3, answer=good(refresh=None), at=END + 600), api(4, at=END + 600), **CLIENT),
        PASS,
    ),
    Case(
        "first-call-after-idle-renews",
        "gives-up",
        evidence(FIRST, api(2), api(3, status=401, at=END + 600), steps=steps("ok", "config"), **CLIENT),
        FAIL,
        "config",
    ),
    Case("first-call-after-idle-renews", "no-refresh", evidence(LOGIN, api(2, at=END + 1)), SKIP),
    Case("first-call-after-idle-renews", "no-time", evidence(FIRST, api(2), **CLIENT), INCONCLUSIVE),
    *_stopping("spent-lifetime-is-over", 0),
    _stated(
        "spent-lifetime-is-over",
        "renews",
        0,
        _spent(2, SECOND),
        api(3, SECOND),
        _spent(4, THIRD),
        api(5, THIRD),
        verdict=PASS,
        says="lives for 0 seconds",
    ),
    _stated("spent-lifetime-is-over", "once", -5, api(2), _spent(3, SECOND), api(4, SECOND), verdict=PASS, says="-5"),
    _stated("spent-lifetime-is-over", "for-ever", 0, api(2), api(3), verdict=WARN, says="went on using it"),
    _stated("spent-lifetime-is-over", "one-second", 1, api(2), api(3), verdict=INCONCLUSIVE),
    _stated("spent-lifetime-is-over", "a-life", 5, api(2), api(3), verdict=INCONCLUSIVE),
    _stated("spent-lifetime-is-over", "false", False, api(2), api(3), verdict=INCONCLUSIVE),
    *_stopping("odd-lifetime-is-no-trap", "soon"),
    _stated("odd-lifetime-is-no-trap", "used", [], api(2), api(3), verdict=ALLOWED, says="the token was used"),
    _stated(
        "odd-lifetime-is-no-trap",
        "each-new",
        {},
        api(2),
        token(3, answer=good(SECOND)),
        api(4, SECOND),
        verdict=ALLOWED,
        says="each call got a new token",
    ),
    _stated("odd-lifetime-is-no-trap", "no-call", None, verdict=INCONCLUSIVE),
    Case("one-token-for-all-users", "one", evidence(FIRST, api(2), api(3), steps=_users("ok", "ok")), PASS, "2 users"),
    Case(
        "one-token-for-all-users",
        "each-its-own",
        evidence(FIRST, api(2), token(3), api(4), steps=_users("ok", "ok")),
        WARN,
        "2 tokens were issued for 2 users",
    ),
    Case("one-token-for-all-users", "fails", evidence(FIRST, api(2), steps=_users("ok", "config")), FAIL, "config"),
    Case("one-token-for-all-users", "one-user", evidence(FIRST, api(2), steps=_users("ok")), INCONCLUSIVE),
    Case("one-token-for-all-users", "no-call", evidence(FIRST, steps=_users("ok", "ok")), INCONCLUSIVE),
    Case("one-token-for-first-calls", "one", evidence(FIRST, api(2), api(3)), PASS, "2 parallel calls"),
    Case(
        "one-token-for-first-calls",
        "two",
        evidence(FIRST, token(2), api(3), api(4)),
        WARN,
        "2 tokens were issued for 2 parallel calls",
    ),
    Case("one-token-for-first-calls", "fails", evidence(FIRST, api(2), steps=steps("ok", "retry-later")), FAIL),
    Case("one-token-for-first-calls", "one-call", evidence(FIRST, api(2)), INCONCLUSIVE, "1 call(s)"),
    Case(
        "session-survives-a-restart",
        "renews",
        evidence(LOGIN, api(2), refresh(3, answer=good(SECOND)), api(4, SECOND), steps=_restarted()),
        PASS,
        "renewed its token",
    ),
    Case("session-survives-a-restart", "kept", evidence(LOGIN, api(2), api(3), steps=_restarted()), PASS, "had kept"),
    Case(
        "session-survives-a-restart",
        "new-login",
        evidence(
            LOGIN,
            api(2),
            exchange_code(3, CODE_2),
            api(4),
            steps=_restarted(),
            visits=(visit(), replace(visit(CODE_2), step=3)),
        ),
        FAIL,
        "sign in again",
    ),
    Case(
        "session-survives-a-restart",
        "asks-for-login",
        evidence(LOGIN, api(2), steps=_restarted("reauth"), visits=(visit(), replace(visit(CODE_2), step=3))),
        FAIL,
        "sign in again",
    ),
    Case("session-survives-a-restart", "lost", evidence(LOGIN, api(2), steps=_restarted("reauth")), FAIL, "reauth"),
    Case(
        "session-survives-a-restart",
        "stays-away",
        evidence(LOGIN, api(2), steps=steps("ok", "ok"), ending=Ending(problems=("did not say ready.",))),
        FAIL,
        "did not say ready",
    ),
    Case(
        "session-survives-a-restart",
        "stays-away-and-leaves-a-child",
        evidence(
            LOGIN, api(2), steps=steps("ok", "ok"), ending=Ending(problems=("did not say ready.", "left a child."))
        ),
        FAIL,
        "did not say ready. left a child.",
    ),
    Case(
        "session-survives-a-restart",
        "lost-at-the-second-call",
        evidence(
            LOGIN, api(2), api(3), steps=(*_restarted(), Step(id=4, do="call_api", outcome="reauth", first=9, last=9))
        ),
        FAIL,
        "ended with reauth",
    ),
    Case(
        "session-survives-a-restart",
        "no-refresh-token",
        evidence(exchange_code(1, answer=good(refresh=None)), api(2), steps=_restarted("reauth")),
        INCONCLUSIVE,
    ),
    Case("session-survives-a-restart", "never-well", evidence(LOGIN, steps=steps("ok", "config")), INCONCLUSIVE),
    *_skewed("small-skew-is-tolerated", PASS, WARN),
    *_skewed("large-skew-is-no-trap", ALLOWED, ALLOWED),
]
