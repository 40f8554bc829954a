"""Hand-made evidence for the checks of what a client does when the API refuses for good."""

from dataclasses import replace
from typing import Any

from sparring.harness.evidence import Exchange
from sparring.harness.verdict import Verdict
from tests.harness.checks.builder import ACCESS, BASE, SECOND, api, evidence, good, refresh, register, steps, token
from tests.harness.checks.cases import Case

PASS, WARN, FAIL, INCONCLUSIVE = Verdict.PASS, Verdict.WARN, Verdict.FAIL, Verdict.INCONCLUSIVE
FIRED: dict[str, Any] = {"fired": ("fault",)}
ROTOR: dict[str, Any] = {"provider": "rotor", "grant": "client_credentials", "fired": ("fault",)}


def again(first: int, times: int, status: int, **more: Any) -> tuple[Exchange, ...]:
    """So many renewals, each with a call that is refused."""
    made = []
    for n in range(first, first + 2 * times, 2):
        access = f"eyJhbGciOiJSUzI1NiJ9.canary{n}.signature"
        made += [token(n, answer=good(access), **more), api(n + 1, access, status, **more)]
    return tuple(made)


CASES = [
    Case(
        "persistent-401-ends",
        "at-once",
        evidence(token(1), api(2, status=401), steps=steps("ok", "reauth"), **FIRED),
        PASS,
    ),
    Case(
        "persistent-401-ends",
        "once",
        evidence(token(1), api(2, status=401), *again(3, 1, 401), steps=steps("ok", "reauth"), **FIRED),
        PASS,
    ),
    Case(
        "persistent-401-ends",
        "four-times",
        evidence(token(1), api(2, status=401), *again(3, 4, 401), steps=steps("ok", "config"), **FIRED),
        FAIL,
        "5 calls",
    ),
    Case(
        "persistent-401-ends",
        "renewals-without-calls",
        evidence(token(1), api(2, status=401), refresh(3), refresh(4), steps=steps("ok", "config"), **FIRED),
        FAIL,
        "2 renewals",
    ),
    Case(
        "persistent-401-ends",
        "one-registration",
        evidence(
            token(1, provider="rotor"),
            register(2),
            api(3, SECOND, 401, provider="rotor"),
            register(4, brings="another-user-token"),
            api(5, "another-user-token", 401, provider="rotor"),
            steps=steps("ok", "config"),
            **ROTOR,
        ),
        PASS,
    ),
    Case(
        "persistent-401-ends",
        "twice-with-the-rejected-token",
        evidence(token(1), *(api(n, status=401) for n in (2, 3, 4)), steps=steps("ok", "reauth"), **FIRED),
        PASS,
    ),
    Case(
        "persistent-401-ends",
        "loop-with-the-rejected-token",
        evidence(token(1), *(api(n, status=401) for n in range(2, 7)), steps=steps("ok", "reauth"), **FIRED),
        FAIL,
        "5 calls",
    ),
    Case("persistent-401-ends", "lie", evidence(token(1), api(2, status=401), **FIRED), FAIL, "reported ok"),
    Case("persistent-401-ends", "crash", evidence(api(2, status=401), steps=steps("ok", "crash"), **FIRED), WARN),
    Case("persistent-401-ends", "timeout", evidence(api(2, status=401), steps=steps("ok", "timeout"), **FIRED), FAIL),
    Case("persistent-401-ends", "never", evidence(token(1), api(2), **FIRED), INCONCLUSIVE),
    Case(
        "no-renewal-after-403",
        "error",
        evidence(token(1), api(2, status=403), steps=steps("ok", "config"), **FIRED),
        PASS,
    ),
    Case(
        "no-renewal-after-403",
        "renewed",
        evidence(token(1), api(2, status=403), *again(3, 1, 403), steps=steps("ok", "config"), **FIRED),
        WARN,
        "renewed its token",
    ),
    Case(
        "no-renewal-after-403",
        "repeated",
        evidence(token(1), api(2, status=403), api(3, status=403), steps=steps("ok", "config"), **FIRED),
        WARN,
        "with the same token",
    ),
    Case(
        "no-renewal-after-403",
        "loop",
        evidence(token(1), api(2, status=403), *again(3, 2, 403), steps=steps("ok", "config"), **FIRED),
        FAIL,
        "2 renewal(s) and 2 repeat(s)",
    ),
    Case("no-renewal-after-403", "lie", evidence(token(1), api(2, status=403), **FIRED), FAIL, "reported ok"),
    Case("no-renewal-after-403", "never", evidence(token(1), api(2), **FIRED), INCONCLUSIVE),
    Case(
        "one-renewal-after-401",
        "partner-token-was-withdrawn-too",
        evidence(
            token(1, provider="rotor", answer=good(refresh=None)),
            register(2),
            api(3, SECOND, provider="rotor"),
            api(4, SECOND, 401, provider="rotor"),
            register(5, brings=None, status=401),
            token(6, provider="rotor", answer=good("a-new-partner-token", None)),
            register(7, brings="a-new-user-token", with_token="a-new-partner-token"),
            api(8, "a-new-user-token", provider="rotor"),
            **ROTOR,
        ),
        PASS,
    ),
    Case(
        "one-renewal-after-401",
        "left-by-itself",
        evidence(
            token(1),
            api(2),
            token(3, answer=good(SECOND)),
            api(4, SECOND),
            steps=(*steps("ok", "ok"), replace(steps("ok", "ok")[1], first=3, last=5)),
        ),
        PASS,
        "before the withdrawn one",
    ),
    Case(
        "one-renewal-after-401",
        "left-by-itself-at-the-third-call",
        evidence(
            token(1),
            api(2),
            api(3),
            token(4, answer=good(SECOND)),
            api(5, SECOND),
            steps=(
                replace(steps("ok")[0], first=1, last=2),
                *(
                    replace(steps("ok", "ok")[1], id=n, first=first, last=last)
                    for n, first, last in ((2, 2, 3), (3, 3, 4), (4, 4, 6))
                ),
            ),
        ),
        PASS,
        "before the withdrawn one",
    ),
    Case(
        "one-renewal-after-401",
        "registered-twice",
        evidence(
            token(1, provider="rotor", answer=good(refresh=None)),
            register(2),
            api(3, SECOND, provider="rotor"),
            api(4, SECOND, 401, provider="rotor"),
            register(5, brings="a-new-user-token"),
            register(6, brings="a-newer-user-token"),
            api(7, "a-newer-user-token", provider="rotor"),
            **ROTOR,
        ),
        FAIL,
        "2 registrations",
    ),
    Case(
        "one-renewal-after-401",
        "renewal-refused",
        evidence(
            token(1),
            api(2, ACCESS),
            api(3, status=401),
            refresh(4, status=400, answer={"error": "invalid_grant"}),
            steps=steps("ok", "ok", "reauth"),
        ),
        WARN,
        "the renewal was refused",
    ),
    Case(
        "bearer-header-only",
        "first-without-a-token-then-in-the-query",
        evidence(api(1, None, 401), token(2), api(3, url=f"{BASE}/videos?access_token={ACCESS}")),
        FAIL,
        "query",
    ),
    Case(
        "bearer-header-only",
        "two-blanks",
        evidence(api(1, headers=(("authorization", f"Bearer  {ACCESS}"),))),
        PASS,
    ),
]
