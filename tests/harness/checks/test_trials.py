"""The checks of single scenarios, on hand-made evidence."""

from dataclasses import replace

import pytest

from sparring.harness import checks
from sparring.harness.verdict import Verdict
from tests.harness.checks import (
    trials_answers,
    trials_api,
    trials_dialects,
    trials_id_tokens,
    trials_identity,
    trials_issuers,
    trials_lifespan,
    trials_logins,
    trials_network,
    trials_odd_answers,
    trials_partners,
    trials_refresh,
    trials_renewals,
    trials_responses,
    trials_unreachable,
    trials_web_apps,
)
from tests.harness.checks.builder import (
    ACCESS,
    CODE,
    CODE_2,
    REFRESH,
    REFRESH_2,
    REFRESH_3,
    SCOPE,
    SECOND,
    SECRET,
    START,
    api,
    decoy,
    evidence,
    exchange_code,
    good,
    log,
    refresh,
    refused,
    steps,
    token,
    visit,
)
from tests.harness.checks.cases import Case, holds

PASS, WARN, FAIL, INCONCLUSIVE = Verdict.PASS, Verdict.WARN, Verdict.FAIL, Verdict.INCONCLUSIVE
INVALID_CLIENT = token(1, status=401, answer=refused("invalid_client"))
ERROR_200 = token(1, answer=refused("server_error"))
MAC = token(1, answer=good(token_type="mac"))
MOVED = token(1, status=307)
DENIED = visit(answer={"error": "access_denied"})
AT_LOGIN = replace(token(2, method="GET"), endpoint="authorize", url=DENIED.url)
DAY = 86400.0
TWO_SCOPES = {"grant_type": "client_credentials", "scope": "read_videos write_videos"}
FIRED = {"fired": ("fault",)}


def _rejecting(check: str, *stimulus: object, **more: object) -> list[Case]:
    """The rows that every rejection has: by outcome, after nothing forbidden followed."""

    def case(name: str, verdict: Verdict, *outcomes: str) -> Case:
        return Case(check, name, evidence(*stimulus, steps=steps(*outcomes), **more), verdict)  # type: ignore[arg-type]

    return [
        case("ok", FAIL, "protocol", "ok"),
        case("timeout", FAIL, "timeout"),
        case("crash", WARN, "crash"),
        case("exit-code", PASS, "error"),
        case("traffic-only", PASS, "unknown"),
    ]


CASES = [
    *_rejecting("no-call-after-refused-client", INVALID_CLIENT),
    *_rejecting("error-object-is-no-token", ERROR_200, **FIRED),
    *_rejecting("unknown-token-type-is-not-used", MAC, **FIRED),
    *_rejecting("no-post-across-origins", MOVED, **FIRED),
    *_rejecting("no-token-request-without-state", visits=(visit(back=None),), **FIRED),
    *_rejecting("no-token-request-after-forged-state", visits=(visit(back="forged"),), **FIRED),
    *_rejecting("denial-is-final", visits=(DENIED,), **FIRED),
    Case("no-call-after-refused-client", "config", evidence(INVALID_CLIENT, steps=steps("config")), PASS),
    Case("no-call-after-refused-client", "class", evidence(INVALID_CLIENT, steps=steps("reauth")), WARN, "config"),
    Case("no-call-after-refused-client", "never", evidence(token(1)), INCONCLUSIVE),
    Case("no-call-after-refused-client", "call", evidence(INVALID_CLIENT, api(2, "None", 401)), FAIL, "called"),
    Case(
        "no-call-after-refused-client",
        "again",
        evidence(INVALID_CLIENT, token(2, status=401, answer=refused("invalid_client")), steps=steps("config")),
        WARN,
        "2 times",
    ),
    Case(
        "no-call-after-refused-client",
        "again-under-another-name",
        evidence(
            token(1, status=401, answer=refused("invalid_client"), provider="movingimage"),
            token(2, status=401, answer=refused("unauthorized_client"), provider="movingimage"),
            provider="movingimage",
            steps=steps("config"),
        ),
        WARN,
        "After invalid_client the same",
    ),
    Case(
        "no-call-after-refused-client",
        "quits-late",
        evidence(INVALID_CLIENT, steps=(*steps("config"), replace(steps("timeout")[0], id=2, do="quit"))),
        PASS,
    ),
    Case(
        "no-call-after-refused-client",
        "another-login-is-another-request",
        evidence(
            exchange_code(1, status=401, answer=refused("invalid_client")),
            exchange_code(2, CODE_2, status=401, answer=refused("invalid_client")),
            steps=steps("config"),
        ),
        PASS,
    ),
    Case("error-object-is-no-token", "call", evidence(ERROR_200, api(2, "None", 401), **FIRED), FAIL, "called"),
    Case(
        "error-object-is-no-token",
        "call-before",
        evidence(api(1), replace(ERROR_200, n=2), steps=steps("ok", "protocol"), **FIRED),
        PASS,
    ),
    Case(
        "error-object-is-no-token",
        "with-a-token",
        evidence(token(1, answer=good(error="invalid_grant")), steps=steps("protocol"), **FIRED),
        INCONCLUSIVE,
    ),
    Case("error-object-is-no-token", "not-fired", evidence(ERROR_200, steps=steps("protocol")), INCONCLUSIVE),
    Case("error-object-is-no-token", "not-seen", evidence(token(1), **FIRED), INCONCLUSIVE),
    Case("unknown-token-type-is-not-used", "used", evidence(MAC, api(2), **FIRED), FAIL, "mac"),
    Case("unknown-token-type-is-not-used", "not-seen", evidence(token(1), **FIRED), INCONCLUSIVE),
    Case(
        "no-post-across-origins",
        "body",
        evidence(MOVED, decoy(2, body=SECRET.encode()), **FIRED),
        FAIL,
        "client_secret",
    ),
    Case(
        "no-post-across-origins",
        "header",
        evidence(MOVED, decoy(2, headers=(("authorization", "Basic eDp5"),)), **FIRED),
        FAIL,
        "Authorization",
    ),
    Case(
        "no-post-across-origins",
        "foreign-token",
        evidence(MOVED, decoy(2, response_body=b'{"access_token":"stranger"}'), api(3, "stranger"), **FIRED),
        FAIL,
        "handed out",
    ),
    Case("no-post-across-origins", "plain", evidence(MOVED, decoy(2), steps=steps("transport"), **FIRED), WARN),
    Case("no-post-across-origins", "not-seen", evidence(token(1), **FIRED), INCONCLUSIVE),
    Case(
        "no-token-request-without-state",
        "exchanged",
        evidence(exchange_code(1), visits=(visit(back=None),), **FIRED),
        FAIL,
        "exchanged",
    ),
    Case("no-token-request-without-state", "none-sent", evidence(visits=(visit(state=""),), **FIRED), FAIL, "no state"),
    Case("no-token-request-without-state", "not-seen", evidence(visits=(visit(),), **FIRED), INCONCLUSIVE),
    Case("no-token-request-without-state", "not-fired", evidence(visits=(visit(back=None),)), INCONCLUSIVE),
    Case(
        "no-token-request-without-state",
        "another-login",
        evidence(exchange_code(1, CODE_2), visits=(visit(back=None), visit(CODE_2)), **FIRED),
        WARN,
        "another login",
    ),
    Case(
        "no-token-request-after-forged-state",
        "exchanged",
        evidence(exchange_code(1), visits=(visit(back="forged"),), **FIRED),
        FAIL,
        "exchanged",
    ),
    Case("no-token-request-after-forged-state", "none-sent", evidence(visits=(visit(state=""),)), FAIL, "no state"),
    Case("no-token-request-after-forged-state", "not-seen", evidence(visits=(visit(),), **FIRED), INCONCLUSIVE),
    Case("denial-is-final", "denied", evidence(visits=(DENIED,), steps=steps("denied"), **FIRED), PASS),
    Case("denial-is-final", "class", evidence(visits=(DENIED,), steps=steps("protocol"), **FIRED), WARN, "denied"),
    Case("denial-is-final", "again", evidence(visits=(DENIED, DENIED), steps=steps("denied"), **FIRED), FAIL, "1 more"),
    Case("denial-is-final", "token", evidence(token(1), visits=(DENIED,), **FIRED), FAIL, "asked for a token"),
    Case(
        "denial-is-final",
        "token-before",
        evidence(token(1), AT_LOGIN, visits=(DENIED,), steps=steps("denied"), **FIRED),
        PASS,
    ),
    Case("denial-is-final", "token-after", evidence(AT_LOGIN, token(3), visits=(DENIED,), **FIRED), FAIL, "a token"),
    Case("denial-is-final", "nobody", evidence(visits=(visit(),), **FIRED), INCONCLUSIVE),
    Case(
        "lifetime-as-string-is-honoured",
        "renewed",
        evidence(token(1), api(2), token(3, answer=good(SECOND), at=START + DAY), api(4, SECOND, at=START + DAY + 1)),
        PASS,
    ),
    Case(
        "lifetime-as-string-is-honoured",
        "dead-token",
        evidence(token(1), api(2), api(3, status=401, at=START + DAY + 1), token(4, at=START + DAY + 1)),
        WARN,
        "after the life",
    ),
    Case("lifetime-as-string-is-honoured", "rejected", evidence(token(1), steps=steps("protocol")), FAIL, "protocol"),
    Case(
        "lifetime-as-string-is-honoured",
        "rejected-elsewhere",
        evidence(token(1, provider="movingimage"), steps=steps("protocol"), provider="movingimage"),
        Verdict.ALLOWED,
        "no JSON number",
    ),
    Case(
        "lifetime-as-string-is-honoured",
        "renews-nothing",
        evidence(token(1), api(2), steps=steps("ok", "ok", "reauth")),
        Verdict.ALLOWED,
        "renews nothing",
    ),
    Case(
        "lifetime-as-string-is-honoured",
        "ended-by-status",
        evidence(token(1), api(2), steps=(*steps("ok", "ok"), replace(steps("error")[0], id=3, status=401))),
        Verdict.ALLOWED,
        "renews nothing",
    ),
    Case(
        "lifetime-as-string-is-honoured",
        "ended-before",
        evidence(
            token(1),
            api(2),
            steps=(*steps("ok"), replace(steps("ok")[0], id=2, status=401), replace(steps("error")[0], id=3)),
        ),
        FAIL,
        "ended with",
    ),
    Case(
        "lifetime-as-string-is-honoured",
        "at-the-end",
        evidence(token(1), api(2, status=401, at=START + DAY)),
        WARN,
        "after the life",
    ),
    Case(
        "lifetime-as-string-is-honoured",
        "cannot-renew",
        evidence(token(1), api(2), steps=steps("ok", "ok", "error")),
        FAIL,
        "ended with",
    ),
    Case("lifetime-as-string-is-honoured", "a-number", evidence(token(1, answer=good(expires_in=86400))), INCONCLUSIVE),
    Case("lifetime-as-string-is-honoured", "words", evidence(token(1, answer=good(expires_in="soon"))), INCONCLUSIVE),
    Case("lifetime-as-string-is-honoured", "no-call", evidence(token(1)), INCONCLUSIVE),
    Case(
        "lifetime-as-string-is-honoured", "no-time", evidence(token(1), api(2), api(3)), INCONCLUSIVE, "after the life"
    ),
    Case("one-token-for-many-calls", "one", evidence(token(1), *(api(n) for n in range(2, 7))), PASS),
    Case("one-token-for-many-calls", "two", evidence(token(1), api(2), token(3), api(4)), WARN),
    Case(
        "one-token-for-many-calls", "each", evidence(*(e(n) for n in (1, 3, 5) for e in (token, api))), FAIL, "3 tokens"
    ),
    Case(
        "one-token-for-many-calls", "refusals-are-no-tokens", evidence(INVALID_CLIENT, token(2), api(3), api(4)), PASS
    ),
    Case("one-token-for-many-calls", "one-call", evidence(token(1), api(2)), INCONCLUSIVE),
    Case("one-token-for-many-calls", "error", evidence(token(1), api(2), steps=steps("transport")), FAIL),
    Case(
        "latest-refresh-token-is-used",
        "newest",
        evidence(
            exchange_code(1),
            refresh(2, answer=good(SECOND, REFRESH_2)),
            refresh(3, REFRESH_2, answer=good(SECOND, REFRESH_3)),
        ),
        PASS,
        "2 renewals",
    ),
    Case(
        "latest-refresh-token-is-used",
        "first-for-ever",
        evidence(
            exchange_code(1),
            refresh(2, answer=good(SECOND, REFRESH_2)),
            refresh(3, status=400, answer=refused("invalid_grant")),
            steps=steps("ok", "reauth"),
        ),
        FAIL,
        "replaced",
    ),
    Case(
        "latest-refresh-token-is-used",
        "never-another",
        evidence(exchange_code(1), *(refresh(n, answer=good(SECOND, None)) for n in (2, 3))),
        Verdict.SKIP,
        "none to mix up",
    ),
    Case("latest-refresh-token-is-used", "one", evidence(exchange_code(1), refresh(2)), INCONCLUSIVE),
    Case("latest-refresh-token-is-used", "none", evidence(exchange_code(1)), INCONCLUSIVE),
    Case("latest-refresh-token-is-used", "error", evidence(exchange_code(1), refresh(2), steps=steps("reauth")), FAIL),
    Case(
        "refused-refresh-token-is-dropped",
        "reauth",
        evidence(
            exchange_code(1), refresh(2, status=400, answer=refused("invalid_grant")), steps=steps("ok", "reauth")
        ),
        PASS,
    ),
    Case(
        "refused-refresh-token-is-dropped",
        "class",
        evidence(
            exchange_code(1), refresh(2, status=400, answer=refused("invalid_grant")), steps=steps("ok", "protocol")
        ),
        WARN,
        "reauth",
    ),
    Case(
        "refused-refresh-token-is-dropped",
        "again",
        evidence(
            exchange_code(1),
            *(refresh(n, status=400, answer=refused("invalid_grant")) for n in (2, 3, 4)),
            steps=steps("reauth"),
        ),
        FAIL,
        "2 more",
    ),
    Case(
        "refused-refresh-token-is-dropped",
        "dead-token",
        evidence(exchange_code(1), refresh(2, status=400, answer=refused("invalid_grant")), api(3, status=401)),
        FAIL,
        "old access token",
    ),
    Case(
        "refused-refresh-token-is-dropped",
        "new-login",
        evidence(
            exchange_code(1),
            refresh(2, status=400, answer=refused("invalid_grant")),
            exchange_code(3, CODE_2, answer=good(SECOND)),
            api(4, SECOND),
        ),
        PASS,
        "sign in again",
    ),
    Case("refused-refresh-token-is-dropped", "never", evidence(exchange_code(1), refresh(2)), INCONCLUSIVE),
    Case(
        "one-renewal-after-401",
        "renewed",
        evidence(token(1), api(2), api(3, status=401), refresh(4, answer=good(SECOND)), api(5, SECOND)),
        PASS,
    ),
    Case(
        "one-renewal-after-401",
        "surfaced",
        evidence(token(1), api(2), api(3, status=401), steps=steps("ok", "reauth")),
        WARN,
        "without trying",
    ),
    Case(
        "one-renewal-after-401",
        "same-token",
        evidence(token(1), api(2), *(api(n, status=401) for n in (3, 4, 5)), steps=steps("ok", "reauth")),
        FAIL,
        "2 more",
    ),
    Case(
        "one-renewal-after-401",
        "many",
        evidence(token(1), api(2), api(3, status=401), refresh(4), refresh(5), api(6, SECOND)),
        FAIL,
        "2 token requests",
    ),
    Case(
        "one-renewal-after-401",
        "no-success",
        evidence(token(1), api(2), api(3, status=401), refresh(4), steps=steps("ok", "protocol")),
        FAIL,
        "did not succeed",
    ),
    Case("one-renewal-after-401", "lie", evidence(token(1), api(2), api(3, status=401)), FAIL, "reported ok"),
    Case(
        "one-renewal-after-401",
        "timeout",
        evidence(token(1), api(2), api(3, status=401), steps=steps("ok", "timeout")),
        FAIL,
        "in time",
    ),
    Case("one-renewal-after-401", "never", evidence(token(1), api(2)), INCONCLUSIVE),
    Case("scope-is-comma-separated", "commas", evidence(token(1)), PASS),
    Case(
        "scope-is-comma-separated",
        "space-first",
        evidence(token(1, TWO_SCOPES, status=400, answer=refused("invalid_scope")), token(2)),
        FAIL,
        'this client sent "read_videos write_videos", joined with a space as RFC 6749 3.3 has it',
    ),
    Case(
        "scope-is-comma-separated",
        "space-in-the-authorization-url",
        evidence(visits=(visit(asked={"scope": "read_videos write_videos"}),)),
        FAIL,
        SCOPE,
    ),
    *(
        Case(
            "scope-is-comma-separated",
            f"space-where-the-client-is-told-{name}",
            evidence(token(1, {"scope": "read_all write_all"}), context=context),
            FAIL,
            'commas ("read_all,write_all")',
        )
        for name, context in (("nothing", {}), ("a-blank", {"scope": ""}))
    ),
    Case(
        "state-is-fresh-and-random",
        "one-login-seen",
        evidence(
            api(1, None, endpoint="authorize", url=visit(state="aB3" * 15).url),
            visits=(visit(state="aB3" * 15, back="aB3" * 15),),
        ),
        INCONCLUSIVE,
        "only one login",
    ),
    Case("scope-is-comma-separated", "no-scope", evidence(visits=(visit(asked={"scope": ""}),)), INCONCLUSIVE),
    Case("scope-is-comma-separated", "raises", evidence(token(1), steps=steps("protocol")), FAIL),
    Case("scope-is-comma-separated", "one-scope", evidence(token(1, {"scope": "read_videos"})), INCONCLUSIVE),
    *trials_answers.CASES,
    *trials_api.CASES,
    *trials_refresh.CASES,
    *trials_logins.CASES,
    *trials_id_tokens.CASES,
    *trials_partners.CASES,
    *trials_partners.ALWAYS,
    *trials_odd_answers.CASES,
    *trials_network.CASES,
    *trials_lifespan.CASES,
    *trials_renewals.CASES,
    *trials_responses.CASES,
    *trials_issuers.CASES,
    *trials_unreachable.CASES,
    *trials_web_apps.CASES,
    *trials_identity.CASES,
    *trials_dialects.CASES,
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.label)
def test_check(case: Case) -> None:
    """Each row of the table."""
    holds(case)


def test_every_check_of_a_scenario_is_tried_for_pass_fail_and_inconclusive() -> None:
    """No row missing (the happy ladder and the always-on checks have tables of their own)."""
    always = {check.id for check in checks.ALWAYS}
    ladder = {check.id for check in checks.happy.CHECKS}
    for check in checks.ALL:
        if check.id in always | ladder:
            continue
        verdicts = {case.verdict for case in CASES if case.check == check.id}
        meant = verdicts | ({FAIL} if WARN in verdicts else set()) | ({PASS} if Verdict.ALLOWED in verdicts else set())
        assert {PASS, FAIL, INCONCLUSIVE} <= meant, check.id


def test_no_message_repeats_a_secret() -> None:
    """Messages name secrets by kind and fingerprint."""
    for case in CASES:
        message = checks.check(case.check).judge(case.evidence).message
        for secret in (SECRET, ACCESS, REFRESH, CODE):
            assert secret not in message, case.label


def test_output_is_not_needed() -> None:
    """A client whose output says nothing is judged all the same."""
    assert checks.check("scope-accepted").judge(evidence(token(1), logs=log(""))).verdict is PASS
