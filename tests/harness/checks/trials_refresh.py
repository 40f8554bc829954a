"""Hand-made evidence for the checks of refresh tokens: how often, how long, and where there is none."""

from typing import Any

from sparring.harness.verdict import Verdict
from tests.harness.checks.builder import (
    CODE_2,
    REFRESH_2,
    SECOND,
    START,
    api,
    evidence,
    exchange_code,
    good,
    refresh,
    refused,
    register,
    steps,
    token,
    visit,
)
from tests.harness.checks.cases import Case

PASS, WARN, FAIL, INCONCLUSIVE = Verdict.PASS, Verdict.WARN, Verdict.FAIL, Verdict.INCONCLUSIVE
FIRED: dict[str, Any] = {"fired": ("fault",)}
DAY = 86400.0
LATER, MUCH_LATER = START + DAY + 1, START + 2 * DAY + 2
LOGIN = exchange_code(1)
BARE_LOGIN = exchange_code(1, answer=good(refresh=None))
APPLICATION = token(1, answer=good(refresh=None))
SILENT = refresh(3, answer=good(SECOND, None), at=LATER)
THIRD = "eyJhbGciOiJSUzI1NiJ9.canarythird.signature"

CASES = [
    Case(
        "one-refresh-per-expiry",
        "once",
        evidence(LOGIN, api(2), refresh(3, answer=good(SECOND), at=LATER), api(4, SECOND, at=LATER)),
        PASS,
    ),
    Case(
        "one-refresh-per-expiry",
        "twice",
        evidence(
            LOGIN,
            api(2),
            refresh(3, answer=good(SECOND, REFRESH_2), at=LATER),
            refresh(4, REFRESH_2, answer=good(THIRD), at=LATER),
            api(5, THIRD, at=LATER),
        ),
        FAIL,
        "2 refreshes for one expiry.",
    ),
    Case(
        "one-refresh-per-expiry",
        "within-the-margin",
        evidence(
            exchange_code(1, answer=good(expires_in=3)),
            api(2),
            refresh(3, answer=good(SECOND, REFRESH_2, expires_in=3), at=START + 5),
            refresh(4, REFRESH_2, answer=good(THIRD, expires_in=3), at=START + 5),
            api(5, THIRD, at=START + 5),
        ),
        Verdict.ALLOWED,
        "so short a life",
    ),
    Case(
        "one-refresh-per-expiry",
        "no-life-stated",
        evidence(
            exchange_code(1, answer=good(expires_in=3)),
            api(2),
            refresh(3, answer=good(SECOND, REFRESH_2, expires_in=None), at=START + 5),
            refresh(4, REFRESH_2, answer=good(THIRD, expires_in=None), at=START + 5),
            api(5, THIRD, at=START + 5),
        ),
        FAIL,
        "2 refreshes for one expiry.",
    ),
    Case(
        "one-refresh-per-expiry",
        "new-login",
        evidence(
            LOGIN,
            api(2),
            exchange_code(3, CODE_2, answer=good(SECOND), at=LATER),
            api(4, SECOND, at=LATER),
            visits=(visit(), visit(CODE_2)),
        ),
        FAIL,
        "sign in again",
    ),
    Case(
        "one-refresh-per-expiry",
        "gives-up",
        evidence(LOGIN, api(2), api(3, status=401, at=LATER), steps=steps("ok", "ok", "reauth")),
        FAIL,
        "did not survive",
    ),
    Case("one-refresh-per-expiry", "unused", evidence(LOGIN, api(2), api(3, at=LATER)), FAIL, "was not used"),
    Case("one-refresh-per-expiry", "none-issued", evidence(BARE_LOGIN, api(2, at=LATER)), INCONCLUSIVE),
    Case("one-refresh-per-expiry", "no-time", evidence(LOGIN, api(2)), INCONCLUSIVE),
    Case(
        "old-refresh-token-is-kept",
        "kept",
        evidence(LOGIN, api(2), SILENT, refresh(4, answer=good(THIRD, None), at=MUCH_LATER), **FIRED),
        PASS,
    ),
    Case(
        "old-refresh-token-is-kept",
        "another-one",
        evidence(LOGIN, api(2), SILENT, refresh(4, "None", status=400, answer=refused("invalid_grant")), **FIRED),
        FAIL,
        "still good",
    ),
    Case(
        "old-refresh-token-is-kept",
        "gives-up",
        evidence(LOGIN, api(2), SILENT, steps=steps("ok", "ok", "reauth"), **FIRED),
        FAIL,
        "reauth",
    ),
    Case(
        "old-refresh-token-is-kept",
        "new-login",
        evidence(LOGIN, api(2), SILENT, exchange_code(4, CODE_2, at=MUCH_LATER), **FIRED),
        FAIL,
        "sign in again",
    ),
    Case("old-refresh-token-is-kept", "one-renewal", evidence(LOGIN, api(2), SILENT, **FIRED), INCONCLUSIVE),
    Case("old-refresh-token-is-kept", "not-seen", evidence(LOGIN, refresh(2), refresh(3), **FIRED), INCONCLUSIVE),
    Case(
        "no-refresh-without-a-token",
        "by-credentials",
        evidence(APPLICATION, api(2), token(3, answer=good(SECOND, None), at=LATER), api(4, SECOND, at=LATER)),
        PASS,
    ),
    Case(
        "no-refresh-without-a-token",
        "registered-anew",
        evidence(
            token(1, provider="rotor", answer=good(refresh=None)),
            register(2),
            token(3, provider="rotor", answer=good(THIRD, None), at=LATER),
            register(4, with_token=THIRD, at=LATER),
            provider="rotor",
        ),
        PASS,
    ),
    Case(
        "no-refresh-without-a-token",
        "empty",
        evidence(APPLICATION, api(2), refresh(3, "", status=400, at=LATER), token(4, answer=good(SECOND, None))),
        FAIL,
        "an empty one",
    ),
    Case(
        "no-refresh-without-a-token",
        "invented",
        evidence(APPLICATION, refresh(2, "made-up-out-of-nothing", status=400)),
        FAIL,
        "an invented one",
    ),
    Case(
        "no-refresh-without-a-token",
        "gives-up",
        evidence(APPLICATION, api(2), api(3, status=401, at=LATER), steps=steps("ok", "ok", "config")),
        FAIL,
        "config",
    ),
    Case("no-refresh-without-a-token", "issued", evidence(token(1), api(2, at=LATER)), INCONCLUSIVE),
    Case("no-refresh-without-a-token", "no-time", evidence(APPLICATION, api(2)), INCONCLUSIVE),
    Case("no-empty-refresh-token", "reauth", evidence(BARE_LOGIN, api(2), steps=steps("ok", "ok", "reauth")), PASS),
    Case(
        "no-empty-refresh-token",
        "new-login",
        evidence(BARE_LOGIN, exchange_code(2, CODE_2, answer=good(SECOND, None)), steps=steps("ok", "ok", "ok")),
        PASS,
        "sign in again",
    ),
    Case(
        "no-empty-refresh-token",
        "none",
        evidence(BARE_LOGIN, refresh(2, "None", status=400), steps=steps("ok", "ok", "reauth")),
        FAIL,
        "`None`",
    ),
    Case(
        "no-empty-refresh-token", "class", evidence(BARE_LOGIN, steps=steps("ok", "ok", "protocol")), WARN, "`reauth`"
    ),
    Case(
        "no-empty-refresh-token",
        "lie",
        evidence(BARE_LOGIN, api(2), api(3, status=401), steps=steps("ok", "ok", "ok")),
        FAIL,
        "reported ok",
    ),
    Case(
        "no-empty-refresh-token",
        "no-time",
        evidence(BARE_LOGIN, api(2), api(3), steps=steps("ok", "ok", "ok")),
        INCONCLUSIVE,
    ),
    Case("no-empty-refresh-token", "issued", evidence(LOGIN, steps=steps("ok", "ok", "reauth")), INCONCLUSIVE),
    Case("no-empty-refresh-token", "called-once", evidence(BARE_LOGIN, api(2)), INCONCLUSIVE),
]
