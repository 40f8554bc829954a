"""Hand-made evidence. Renewing by refresh token when something is in the way."""

import json
from base64 import urlsafe_b64encode
from dataclasses import replace
from typing import Any

from sparring.harness.evidence import Exchange
from sparring.harness.verdict import Verdict
from tests.harness.checks.builder import (
    CODE_2,
    REFRESH_2,
    REFRESH_3,
    SECOND,
    START,
    api,
    evidence,
    exchange_code,
    good,
    refresh,
    refused,
    steps,
    visit,
)
from tests.harness.checks.cases import Case

PASS, WARN, FAIL, INCONCLUSIVE = Verdict.PASS, Verdict.WARN, Verdict.FAIL, Verdict.INCONCLUSIVE
ODD: dict[str, Any] = {"facts": {"faults": ["fault"]}}
LATER = START + 86401
LOGIN = exchange_code(1)
TWICE = (visit(), visit(CODE_2, step=3))
AT_ONCE = (visit(), visit(CODE_2))
"""A login that came to nothing, and another one before any call."""

USERINFO = api(4, SECOND, endpoint="userinfo", at=LATER)
GONE: dict[str, Any] = {"status": 400, "answer": refused("invalid_grant"), "at": LATER}
RENEWED = refresh(3, answer=good(SECOND, REFRESH_2), at=LATER)
BUSY = refresh(3, status=503, answer={}, at=LATER, **ODD)
CUT = refresh(3, status=None, at=LATER, **ODD)
REFUSED: dict[str, Any] = {"status": 401, "answer": refused("invalid_client")}
TWO = exchange_code(1, answer=good(scope="read_videos,write_all"), **ODD)
NARROW = exchange_code(1, answer=good(scope="read_videos"), **ODD)
THREE, FOUR = steps("ok", "ok", "ok"), steps("ok", "ok", "retry-later", "ok")


def _parallel(name: str, *exchanges: Exchange, verdict: Verdict, says: str = "", **more: Any) -> Case:
    calls = more.pop("calls", ("ok", "ok"))
    third = steps("ok", "ok", next((call for call in calls if call != "ok"), "ok"))
    played = (*third[:2], replace(third[2], calls=calls))
    seen = evidence(LOGIN, api(2), *exchanges, **{"steps": played, **more})
    return Case("parallel-calls-share-one-refresh", name, seen, verdict, says)


def _scoped(n: int, scope: str) -> Exchange:
    return replace(RENEWED, n=n, body=RENEWED.body + f"&scope={scope}".encode())


def _with_id_token(n: int, **more: Any) -> Exchange:
    return refresh(n, answer=good(SECOND, REFRESH_2, id_token="a.b.c"), at=LATER, **more)


STRANGE = _with_id_token(3, **ODD)


def _says(**claims: str) -> str:
    return f"e30.{urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip('=')}.c2ln"


def _renewed_as(**claims: str) -> tuple[Exchange, ...]:
    """A login as Ada, and a renewal whose ID token says that; its access token is used."""
    ada = {"iss": "https://a.example", "sub": "ada", "aud": "client", "nonce": "n-1"}
    login = exchange_code(1, answer=good(id_token=_says(**ada)))
    renewal = refresh(3, answer=good(SECOND, REFRESH_2, id_token=_says(**ada | claims)), at=LATER, **ODD)
    return login, api(2), renewal, api(4, SECOND, at=LATER)


def _again_as(**claims: str) -> tuple[Exchange, ...]:
    """The same, after a second login as Ada."""
    login, _, *renewed = _renewed_as(**claims)
    second = replace(login, n=2, body=exchange_code(2, CODE_2).body)
    return login, second, *renewed


def _distrusting(check: str, used: Verdict) -> list[Case]:
    """The rows that both checks of ID tokens have."""
    stops = steps("ok", "ok", "protocol")
    again = (exchange_code(4, CODE_2, answer=good("third"), at=LATER), api(5, "third", at=LATER))
    return [
        Case(check, "refused", evidence(LOGIN, api(2), STRANGE, steps=stops), PASS, "protocol"),
        Case(check, "used", evidence(LOGIN, api(2), STRANGE, api(4, SECOND, at=LATER), steps=THREE), used, "was used"),
        Case(check, "used-at-userinfo", evidence(LOGIN, STRANGE, USERINFO, steps=THREE), used, "was used"),
        Case(check, "used-and-denied", evidence(LOGIN, STRANGE, api(4, SECOND), steps=stops), used, "was used"),
        Case(check, "success", evidence(LOGIN, api(2), STRANGE, steps=THREE), used, "reported ok"),
        Case(check, "new-login", evidence(LOGIN, STRANGE, *again, steps=THREE, visits=TWICE), PASS, "sign in again"),
        Case(check, "crash", evidence(LOGIN, STRANGE, steps=steps("ok", "ok", "crash")), WARN, "crashing"),
        Case(check, "timeout", evidence(LOGIN, STRANGE, steps=steps("ok", "ok", "timeout")), FAIL, "in time"),
        Case(check, "untouched", evidence(LOGIN, _with_id_token(3), api(4, SECOND), steps=THREE), INCONCLUSIVE),
        Case(check, "no-id-token", evidence(LOGIN, replace(RENEWED, **ODD), steps=THREE), INCONCLUSIVE),
    ]


CASES = [
    _parallel("shared", RENEWED, api(4, SECOND, at=LATER), api(5, SECOND, at=LATER), verdict=PASS),
    _parallel(
        "raced",
        RENEWED,
        refresh(4, answer=good("third", REFRESH_3), at=LATER),
        api(5, SECOND, at=LATER),
        verdict=WARN,
        says="2 refreshes for one expiry.",
    ),
    _parallel(
        "lost",
        RENEWED,
        refresh(4, **GONE),
        api(5, SECOND, at=LATER),
        verdict=FAIL,
        says="2 refreshes for one expiry. Parallel calls after the token's end did not all succeed: reauth.",
        calls=("ok", "reauth"),
    ),
    _parallel(
        "lost-in-two-ways",
        RENEWED,
        refresh(4, **GONE),
        api(5, SECOND, at=LATER),
        verdict=FAIL,
        says="did not all succeed: reauth, transport.",
        calls=("ok", "transport", "reauth"),
    ),
    _parallel("hidden", RENEWED, verdict=FAIL, says="succeed: transport", steps=steps("ok", "ok", "transport")),
    _parallel(
        "family-died",
        RENEWED,
        refresh(4, **GONE),
        refresh(5, REFRESH_2, **{**GONE, "at": LATER + 90000}),
        verdict=FAIL,
        says="2 refreshes for one expiry. ",
        steps=(*THREE, *steps("ok", "ok", "ok", "reauth")[3:]),
    ),
    _parallel(
        "new-login",
        exchange_code(3, CODE_2, answer=good(SECOND), at=LATER),
        api(4, SECOND, at=LATER),
        verdict=FAIL,
        says="sign in again",
        visits=TWICE,
    ),
    _parallel("second-login-at-first", RENEWED, api(4, SECOND, at=LATER), verdict=PASS, visits=AT_ONCE),
    _parallel("no-renewal", api(3, at=LATER), verdict=INCONCLUSIVE),
    _parallel("no-time", verdict=INCONCLUSIVE),
    Case(
        "ended-session-leads-to-login",
        "tried-once",
        evidence(LOGIN, api(2), refresh(3, **GONE), steps=steps("ok", "ok", "reauth")),
        PASS,
        "tried once",
    ),
    Case(
        "ended-session-leads-to-login",
        "not-tried",
        evidence(LOGIN, api(2), steps=steps("ok", "ok", "reauth")),
        PASS,
        "not tried",
    ),
    Case(
        "ended-session-leads-to-login",
        "new-login",
        evidence(LOGIN, api(2), refresh(3, **GONE), exchange_code(4, CODE_2), steps=THREE, visits=TWICE),
        PASS,
        "signed in again",
    ),
    Case(
        "ended-session-leads-to-login",
        "riddle",
        evidence(LOGIN, api(2), refresh(3, **GONE), steps=steps("ok", "ok", "protocol")),
        WARN,
        "`reauth`",
    ),
    Case(
        "ended-session-leads-to-login",
        "crash",
        evidence(LOGIN, api(2), refresh(3, **GONE), steps=steps("ok", "ok", "crash")),
        WARN,
        "crashing",
    ),
    Case(
        "ended-session-leads-to-login",
        "twice",
        evidence(LOGIN, api(2), refresh(3, **GONE), refresh(4, **GONE), steps=steps("ok", "ok", "reauth")),
        FAIL,
        "tried 2 times",
    ),
    Case(
        "ended-session-leads-to-login",
        "lie",
        evidence(LOGIN, api(2), refresh(3, **GONE), steps=THREE),
        FAIL,
        "reported ok",
    ),
    Case(
        "ended-session-leads-to-login",
        "still-good",
        evidence(LOGIN, api(2), RENEWED, steps=THREE),
        INCONCLUSIVE,
    ),
    Case("ended-session-leads-to-login", "one-call", evidence(LOGIN, api(2)), INCONCLUSIVE),
    Case(
        "refresh-token-survives-an-outage",
        "recovers",
        evidence(LOGIN, BUSY, refresh(4, at=LATER), steps=FOUR),
        PASS,
        "answered with 503",
    ),
    Case(
        "refresh-token-survives-an-outage",
        "no-answer",
        evidence(LOGIN, CUT, refresh(4, at=LATER), steps=steps("ok", "ok", "transport", "ok")),
        PASS,
        "never answered",
    ),
    Case(
        "refresh-token-survives-an-outage",
        "by-itself",
        evidence(LOGIN, BUSY, refresh(4, at=LATER), steps=THREE),
        PASS,
    ),
    Case(
        "refresh-token-survives-an-outage",
        "another-class",
        evidence(LOGIN, BUSY, refresh(4, at=LATER), steps=steps("ok", "ok", "config", "ok")),
        WARN,
        "config",
    ),
    Case(
        "refresh-token-survives-an-outage",
        "crash",
        evidence(LOGIN, BUSY, steps=steps("ok", "ok", "crash")),
        WARN,
        "crashed",
    ),
    Case(
        "refresh-token-survives-an-outage",
        "never-again",
        evidence(LOGIN, BUSY, steps=steps("ok", "ok", "retry-later", "retry-later")),
        WARN,
        "did not try again",
    ),
    Case(
        "refresh-token-survives-an-outage",
        "sent-away",
        evidence(LOGIN, BUSY, steps=steps("ok", "ok", "reauth", "reauth")),
        FAIL,
        "sign in again",
    ),
    Case(
        "refresh-token-survives-an-outage",
        "new-login",
        evidence(LOGIN, BUSY, exchange_code(4, CODE_2), steps=THREE, visits=TWICE),
        FAIL,
        "sign in again",
    ),
    Case(
        "refresh-token-survives-an-outage",
        "second-login-at-first",
        evidence(LOGIN, BUSY, refresh(4, at=LATER), steps=FOUR, visits=AT_ONCE),
        PASS,
        "a later one",
    ),
    Case(
        "refresh-token-survives-an-outage",
        "stays-broken",
        evidence(LOGIN, BUSY, refresh(4, at=LATER), steps=steps("ok", "ok", "retry-later", "protocol")),
        FAIL,
        "protocol",
    ),
    Case(
        "refresh-token-survives-an-outage",
        "timeout",
        evidence(LOGIN, BUSY, steps=steps("ok", "ok", "timeout")),
        FAIL,
        "in time",
    ),
    Case("refresh-token-survives-an-outage", "not-met", evidence(LOGIN, RENEWED, steps=THREE), INCONCLUSIVE),
    Case(
        "refused-client-is-no-lost-session",
        "config",
        evidence(LOGIN, api(2), refresh(3, **REFUSED), steps=steps("ok", "ok", "config", "config")),
        PASS,
        "invalid_client",
    ),
    Case(
        "refused-client-is-no-lost-session",
        "by-another-word",
        evidence(
            replace(LOGIN, provider="movingimage"),
            refresh(3, provider="movingimage", status=400, answer=refused("unauthorized_client")),
            provider="movingimage",
            steps=steps("ok", "ok", "config"),
        ),
        PASS,
        "refused with unauthorized_client",
    ),
    Case(
        "refused-client-is-no-lost-session",
        "sent-away",
        evidence(LOGIN, api(2), refresh(3, **REFUSED), steps=steps("ok", "ok", "reauth", "reauth")),
        WARN,
        "`config`",
    ),
    Case(
        "refused-client-is-no-lost-session",
        "sent-away-later",
        evidence(LOGIN, api(2), refresh(3, **REFUSED), steps=steps("ok", "ok", "config", "reauth")),
        WARN,
        "cannot help",
    ),
    Case(
        "refused-client-is-no-lost-session",
        "new-login",
        evidence(LOGIN, api(2), refresh(3, **REFUSED), steps=steps("ok", "ok", "config"), visits=TWICE),
        WARN,
        "cannot help",
    ),
    Case(
        "refused-client-is-no-lost-session",
        "second-login-at-first",
        evidence(LOGIN, api(2), refresh(3, **REFUSED), steps=steps("ok", "ok", "config"), visits=AT_ONCE),
        PASS,
        "config",
    ),
    Case(
        "refused-client-is-no-lost-session",
        "crash",
        evidence(LOGIN, api(2), refresh(3, **REFUSED), steps=steps("ok", "ok", "crash")),
        WARN,
        "crashing",
    ),
    Case(
        "refused-client-is-no-lost-session",
        "storm",
        evidence(LOGIN, *(refresh(n, **REFUSED) for n in range(2, 7)), steps=steps("ok", "ok", "config")),
        FAIL,
        "tried 5 times",
    ),
    Case(
        "refused-client-is-no-lost-session",
        "probing",
        evidence(LOGIN, *(refresh(n, **REFUSED) for n in range(2, 6)), steps=steps("ok", "ok", "config")),
        PASS,
    ),
    Case(
        "refused-client-is-no-lost-session",
        "lie",
        evidence(LOGIN, api(2), refresh(3, **REFUSED), steps=THREE),
        FAIL,
        "reported ok",
    ),
    Case("refused-client-is-no-lost-session", "not-met", evidence(LOGIN, refresh(3, **GONE)), INCONCLUSIVE),
    Case("refresh-asks-for-no-more", "silent", evidence(NARROW, api(2), RENEWED), PASS),
    Case("refresh-asks-for-no-more", "as-granted", evidence(NARROW, api(2), _scoped(3, "read_videos")), PASS),
    Case(
        "refresh-asks-for-no-more",
        "as-asked",
        evidence(NARROW, api(2), _scoped(3, "read_videos%2Cwrite_videos")),
        FAIL,
        "`write_videos`",
    ),
    Case(
        "refresh-asks-for-no-more", "by-space", evidence(NARROW, _scoped(3, "read_videos+read_all")), FAIL, "read_all"
    ),
    Case("refresh-asks-for-no-more", "by-comma", evidence(TWO, api(2), _scoped(3, "write_all")), PASS),
    Case("refresh-asks-for-no-more", "no-login", evidence(refresh(1, **ODD), _scoped(3, "all")), INCONCLUSIVE),
    Case("refresh-asks-for-no-more", "login-later", evidence(_scoped(1, "all"), replace(NARROW, n=2)), FAIL, "`all`"),
    Case(
        "refresh-asks-for-no-more",
        "after-a-failed-login",
        evidence(
            NARROW,
            exchange_code(2, CODE_2, status=400, answer=refused("invalid_grant"), **ODD),
            _scoped(3, "read_videos"),
        ),
        PASS,
    ),
    Case(
        "refresh-asks-for-no-more",
        "granted-later",
        evidence(
            NARROW,
            _scoped(3, "read_videos+read_all"),
            exchange_code(4, CODE_2, answer=good(SECOND, scope="read_videos,read_all")),
        ),
        FAIL,
        "read_all",
    ),
    Case("refresh-asks-for-no-more", "stops", evidence(NARROW, steps=steps("config", "reauth")), PASS, "did not go on"),
    Case("refresh-asks-for-no-more", "no-time", evidence(NARROW, api(2)), INCONCLUSIVE),
    Case("refresh-asks-for-no-more", "not-narrowed", evidence(LOGIN, _scoped(3, "all")), INCONCLUSIVE),
    *_distrusting("id-token-of-renewal-is-checked", FAIL),
    Case("id-token-of-renewal-is-checked", "nonce", evidence(*_renewed_as(nonce="n-2"), steps=THREE), WARN, "was used"),
    *(
        Case(
            "id-token-of-renewal-is-checked",
            f"nonce-{name}",
            evidence(*_renewed_as(nonce=nonce), steps=THREE),
            WARN,
            "was used",
        )
        for name, nonce in (("longer-by-one", "n-22"), ("longer-by-two", "n-222"))
    ),
    Case(
        "id-token-of-renewal-is-checked",
        "sub-and-nonce-after-two-logins",
        evidence(*_again_as(nonce="n-2", sub="other"), steps=THREE),
        FAIL,
        "was used",
    ),
    *(
        Case(
            "id-token-of-renewal-is-checked", name, evidence(*_renewed_as(**{name: "other"}), steps=THREE), FAIL, "used"
        )
        for name in ("iss", "sub", "aud")
    ),
    *(
        Case(
            "id-token-of-renewal-is-checked",
            f"{name}-and-nonce",
            evidence(*_renewed_as(**{name: "other"}, nonce="n-2"), steps=THREE),
            FAIL,
            "used",
        )
        for name in ("iss", "sub", "aud")
    ),
    Case("id-token-of-renewal-is-checked", "forged", evidence(*_renewed_as(), steps=THREE), FAIL, "was used"),
    *_distrusting("id-token-of-renewal-is-fresh", WARN),
    Case(
        "legal-renewal-is-accepted",
        "without",
        evidence(LOGIN, api(2), RENEWED, api(4, SECOND, at=LATER), steps=THREE),
        PASS,
        "Without an ID token",
    ),
    Case(
        "legal-renewal-is-accepted",
        "with",
        evidence(LOGIN, api(2), _with_id_token(3), api(4, SECOND, at=LATER), steps=THREE),
        PASS,
        "With an ID token",
    ),
    Case(
        "legal-renewal-is-accepted",
        "refused",
        evidence(LOGIN, api(2), RENEWED, steps=steps("ok", "ok", "protocol")),
        FAIL,
        "protocol",
    ),
    Case(
        "legal-renewal-is-accepted",
        "unused",
        evidence(LOGIN, api(2), RENEWED, api(4, at=LATER), steps=THREE),
        FAIL,
        "not used",
    ),
    Case("legal-renewal-is-accepted", "no-renewal", evidence(LOGIN, api(2), steps=THREE), INCONCLUSIVE),
]
