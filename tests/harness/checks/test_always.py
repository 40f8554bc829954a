"""The checks that hold in every run, on hand-made evidence."""

import base64
from urllib.parse import quote

import pytest

from sparring.harness import checks
from sparring.harness.checks.process import within
from sparring.harness.evidence import Ending, Exchange
from sparring.harness.scenario import Budget, Scenario
from sparring.harness.scenarios import scenario
from sparring.harness.verdict import Verdict
from tests.harness.checks import trials_dialects, trials_secrets, trials_strangers
from tests.harness.checks.builder import (
    ACCESS,
    CALLBACK,
    CODE,
    CODE_2,
    FORM,
    REFRESH,
    SECRET,
    START,
    api,
    basic,
    decoy,
    evidence,
    exchange_code,
    log,
    refused,
    steps,
    token,
    visit,
)
from tests.harness.checks.cases import Case, holds

PASS, WARN, FAIL, SKIP = Verdict.PASS, Verdict.WARN, Verdict.FAIL, Verdict.SKIP
GRANT = {"grant_type": "client_credentials"}
ALL_IN_QUERY = {"grant_type": "client_credentials", "client_id": "client", "client_secret": SECRET}

CASES = [
    Case("token-request-is-post", "post", evidence(token(1)), PASS),
    Case("token-request-is-post", "get-first", evidence(token(1, method="GET", status=405), token(2)), FAIL, "GET"),
    Case(
        "token-request-is-post",
        "get-and-put",
        evidence(token(1, method="PUT", status=405), token(2, method="GET", status=405), token(3)),
        FAIL,
        "asked with GET, PUT.",
    ),
    Case(
        "token-request-is-post",
        "preflight",
        evidence(token(1, method="OPTIONS", headers=(), body=b"", status=204), token(2)),
        PASS,
    ),
    Case("token-request-is-post", "none", evidence(), SKIP),
    Case("token-content-type", "form", evidence(token(1)), PASS),
    Case(
        "token-content-type",
        "charset",
        evidence(token(1, headers=(("content-type", "application/x-www-form-urlencoded; charset=utf-8"),))),
        PASS,
    ),
    Case(
        "token-content-type",
        "json",
        evidence(token(1, headers=(("content-type", "application/json"),), body=b"{}"), token(2)),
        FAIL,
        "application/json",
    ),
    Case("token-content-type", "no-form", evidence(token(1, body=b"&&")), FAIL, "does not decode"),
    Case("token-content-type", "line-break", evidence(token(1, {"\ngrant_type": "x"})), FAIL, "line break"),
    Case("token-content-type", "query", evidence(token(1, body=b"", query=ALL_IN_QUERY)), PASS, "query"),
    Case(
        "token-content-type",
        "query-elsewhere",
        evidence(token(1, body=b"", query=ALL_IN_QUERY, provider="clickview"), provider="clickview"),
        FAIL,
        "empty",
    ),
    Case("token-content-type", "get-is-judged-elsewhere", evidence(token(1, method="GET", body=b"")), SKIP),
    Case("token-params-once", "once", evidence(token(1)), PASS),
    Case(
        "token-params-once", "twice", evidence(token(1, [("grant_type", "x"), ("grant_type", "x")])), FAIL, "grant_type"
    ),
    Case("token-params-once", "body-and-query", evidence(token(1, GRANT, query=GRANT)), FAIL),
    Case("token-params-once", "empty", evidence(token(1, {"scope": ""})), WARN, "scope"),
    Case("token-params-once", "empty-secret", evidence(token(1, {"client_secret": ""})), PASS),
    Case("auth-single-method", "body", evidence(token(1)), PASS),
    Case("auth-single-method", "basic", evidence(token(1, GRANT, headers=(*FORM, basic()))), PASS),
    Case("auth-single-method", "both", evidence(token(1, headers=(*FORM, basic()))), FAIL, "at once"),
    Case("auth-single-method", "body-and-query", evidence(token(1, query=ALL_IN_QUERY)), FAIL, "query"),
    Case("auth-single-method", "body-and-another-query", evidence(token(1, query={"tenant": "acme"})), PASS),
    Case(
        "auth-single-method",
        "bare-id",
        evidence(token(1, {**GRANT, "client_id": "client"}, headers=(*FORM, basic()))),
        WARN,
        "client_id",
    ),
    Case("secret-never-in-url", "clean", evidence(token(1), api(2)), PASS),
    Case("secret-never-in-url", "query", evidence(token(1, body=b"", query=ALL_IN_QUERY)), FAIL, "client_secret"),
    Case(
        "secret-never-in-url",
        "as-documented",
        evidence(token(1, body=b"", query=ALL_IN_QUERY), as_documented=True),
        WARN,
    ),
    Case("secret-never-in-url", "api", evidence(api(1, url=f"https://x/videos?t={ACCESS}")), FAIL, "access_token"),
    Case(
        "secret-never-in-url",
        "referer",
        evidence(api(1, headers=(("referer", f"https://x/?c={CODE}"),))),
        FAIL,
        "Referer",
    ),
    Case("secret-never-in-url", "not-the-authorization-url", evidence(visits=(visit(asked={"x": SECRET}),)), SKIP),
    Case("secret-never-front-channel", "clean", evidence(visits=(visit(),)), PASS),
    Case("secret-never-front-channel", "url", evidence(visits=(visit(asked={"client_secret": SECRET}),)), FAIL, "URL"),
    Case("secret-never-front-channel", "wrong-one", evidence(visits=(visit(asked={"client_secret": "no"}),)), FAIL),
    Case(
        "secret-never-front-channel", "page", evidence(visits=(visit(callback_body=f"<p>{ACCESS}</p>"),)), FAIL, "page"
    ),
    Case("secret-never-front-channel", "no-browser", evidence(token(1)), SKIP),
    Case("secret-never-in-logs", "clean", evidence(logs=log("all fine")), PASS),
    Case("secret-never-in-logs", "raw", evidence(logs=log(f"got {ACCESS}")), FAIL, "access_token"),
    Case("secret-never-in-logs", "percent", evidence(logs=log(f"x={quote(SECRET, safe='')}")), FAIL, "client_secret"),
    Case("secret-never-in-logs", "percent-path", evidence(logs=log(f"x={quote(SECRET)}")), FAIL),
    Case(
        "secret-never-in-logs",
        "basic-header",
        evidence(logs=log(base64.b64encode(f"client:{SECRET}".encode()).decode())),
        FAIL,
    ),
    Case(
        "secret-never-in-logs",
        "base64-url-safe",
        evidence(logs=log(base64.urlsafe_b64encode(f"ab{SECRET}c".encode()).decode())),
        FAIL,
    ),
    Case("secret-never-in-logs", "code", evidence(logs=log(f"GET /cb?code={CODE}")), WARN, "code"),
    Case("secret-never-in-logs", "cache", evidence(logs=log(REFRESH, "tokens.json", 0o600)), PASS),
    Case("secret-never-in-logs", "loose-cache", evidence(logs=log(REFRESH, "tokens.json", 0o644)), WARN, "0644"),
    Case(
        "secret-never-in-logs",
        "visit-url-is-judged-elsewhere",
        evidence(
            visits=(visit(asked={"client_secret": SECRET}),), logs=log(visit(asked={"client_secret": SECRET}).url)
        ),
        PASS,
    ),
    Case("secret-never-in-logs", "no-logs", evidence(), SKIP),
    Case("token-never-to-other-host", "nothing", evidence(), PASS),
    Case("token-never-to-other-host", "plain-get", evidence(decoy(1)), PASS, "without credentials"),
    Case(
        "token-never-to-other-host",
        "header",
        evidence(decoy(1, headers=(("authorization", "Bearer whatever"),))),
        FAIL,
        "Authorization",
    ),
    Case("token-never-to-other-host", "body", evidence(decoy(1, method="POST", body=f"t={ACCESS}".encode())), FAIL),
    Case(
        "token-never-to-other-host", "query", evidence(decoy(1, url=f"https://d/?t={REFRESH}")), FAIL, "refresh_token"
    ),
    Case("bearer-header-only", "header", evidence(api(1)), PASS),
    Case("bearer-header-only", "query", evidence(api(1, url=f"https://x/?access_token={ACCESS}")), FAIL, "query"),
    Case(
        "bearer-header-only",
        "body",
        evidence(
            api(1, headers=(*FORM, ("authorization", f"Bearer {ACCESS}")), body=f"access_token={ACCESS}".encode()),
        ),
        FAIL,
        "body",
    ),
    Case("bearer-header-only", "two", evidence(api(1, headers=(("authorization", "Bearer a"),) * 2)), FAIL, "2"),
    Case("bearer-header-only", "scheme", evidence(api(1, headers=(("authorization", "mac a"),))), FAIL, "scheme"),
    Case("bearer-header-only", "spelling", evidence(api(1, headers=(("authorization", "bearer a"),))), WARN, "bearer"),
    Case("bearer-header-only", "no-token", evidence(api(1, None)), WARN),
    Case("bearer-header-only", "no-call", evidence(), SKIP),
    Case("code-single-use", "once", evidence(exchange_code(1), exchange_code(2, CODE_2)), PASS),
    Case(
        "code-single-use", "twice", evidence(exchange_code(1), exchange_code(2, status=400)), FAIL, "2 token requests"
    ),
    Case(
        "code-single-use",
        "probing",
        evidence(exchange_code(1, status=401, headers=(*FORM, basic())), exchange_code(2)),
        WARN,
        "probing",
    ),
    Case("code-single-use", "no-code", evidence(token(1)), SKIP),
    Case("redirect-uri-equality", "equal", evidence(exchange_code(1), visits=(visit(),)), PASS),
    Case(
        "redirect-uri-equality",
        "slash",
        evidence(exchange_code(1, redirect_uri=CALLBACK + "/"), visits=(visit(),)),
        FAIL,
        "names",
    ),
    Case(
        "redirect-uri-equality",
        "missing",
        evidence(exchange_code(1, redirect_uri=None), visits=(visit(),)),
        FAIL,
        "none",
    ),
    Case(
        "redirect-uri-equality",
        "neither",
        evidence(exchange_code(1, redirect_uri=None), visits=(visit(asked={"redirect_uri": ""}),)),
        PASS,
    ),
    Case(
        "redirect-uri-equality",
        "not-registered",
        evidence(visits=(visit(asked={"redirect_uri": "http://localhost:40123/cb"}),)),
        FAIL,
        "registered",
    ),
    Case("redirect-uri-equality", "no-login", evidence(token(1)), SKIP),
    Case("request-budget", "within", evidence(token(1), api(2)), PASS),
    Case(
        "request-budget", "over", evidence(*(token(n, {"n": str(n)}) for n in range(1, 5))), WARN, "4 requests at token"
    ),
    Case(
        "request-budget",
        "burst",
        evidence(*(api(n, status=401, at=START + n / 100) for n in range(1, 5))),
        WARN,
        "4 times",
    ),
    *(
        Case(
            "request-budget",
            f"over-at-{endpoint}",
            evidence(*(api(n, endpoint=endpoint, at=START + n) for n in range(1, most + 2))),
            WARN,
            f"{most + 1} requests at {endpoint}; a careful client needs {most}.",
        )
        for endpoint, most in (("register", 3), ("api", 5), ("jwks", 3), ("discovery", 3))
    ),
    Case("request-budget", "slow-repeats", evidence(*(api(n, status=401, at=START + n) for n in range(1, 5))), PASS),
    Case("request-budget", "nothing", evidence(), SKIP),
    Case("client-terminates", "ends", evidence(), PASS),
    Case("client-terminates", "hangs", evidence(ending=Ending(problems=("It did not end.",))), FAIL, "did not end"),
    Case(
        "client-terminates",
        "hangs-twice",
        evidence(ending=Ending(problems=("It did not end.", "It left a child."))),
        FAIL,
        "It did not end. It left a child.",
    ),
    Case("client-terminates", "exit-code", evidence(ending=Ending(exit_code=1)), WARN, "exit code 1"),
    Case("client-terminates", "crashed", evidence(ending=Ending(exit_code=1), steps=steps("crash")), PASS),
    Case("client-terminates", "never-began", evidence(steps=()), SKIP),
    *trials_dialects.ALWAYS,
    *trials_secrets.ALWAYS,
    *trials_strangers.ALWAYS,
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.label)
def test_check(case: Case) -> None:
    """Each row of the table."""
    holds(case)


def test_every_always_on_check_is_tried_for_pass_and_for_its_worst() -> None:
    """No always-on check without a row that passes and one that does not."""
    for check in checks.ALWAYS:
        verdicts = {case.verdict for case in CASES if case.check == check.id}
        assert PASS in verdicts, check.id
        assert verdicts & {WARN, FAIL}, check.id


def test_no_message_repeats_a_secret() -> None:
    """Messages name secrets by kind and fingerprint."""
    for case in CASES:
        message = checks.check(case.check).judge(case.evidence).message
        for secret in (SECRET, ACCESS, REFRESH, CODE):
            assert secret not in message, case.label


def test_the_budget_belongs_to_the_scenario() -> None:
    """The same requests, two budgets."""
    seen = evidence(*(token(n, {"n": str(n)}) for n in range(1, 5)), provider="ingest")
    assert within(Budget(token=4))(seen).verdict is PASS
    generous = {check.id: check for check in checks.always(scenario("cache-until-expiry"))}
    assert generous["request-budget"].judge(seen).verdict is PASS


@pytest.mark.parametrize("endpoint", ["token", "register", "api", "jwks", "discovery"])
def test_every_endpoint_has_a_budget_of_its_own(endpoint: str) -> None:
    """And none is taken for another's."""
    seen = evidence(*(api(n, endpoint=endpoint, at=START + n) for n in range(1, 4)))
    assert within(Budget(**{endpoint: 3}))(seen).verdict is PASS
    over = within(Budget(**{endpoint: 2}))(seen)
    assert over.message == f"3 requests at {endpoint}; a careful client needs 2."
    assert over.exchanges == (3,)


def test_a_budget_says_what_it_found() -> None:
    """Nothing, enough, or a storm."""

    def told(*exchanges: Exchange) -> tuple[Verdict, str, tuple[int, ...]]:
        finding = within(Budget())(evidence(*exchanges))
        return finding.verdict, finding.message, finding.exchanges

    assert told() == (SKIP, "No request was made.", ())
    assert told(token(1), api(2)) == (PASS, "Within the budget.", ())
    storm = "The same failing request was repeated 4 times at once."
    assert told(*(api(n, status=401, at=START + n / 100) for n in range(1, 5))) == (WARN, storm, (1, 2, 3, 4))


def test_a_scenario_that_owns_the_decoy_is_not_judged_twice() -> None:
    """The always-on check leaves the other origin to that scenario."""

    def ids(one: Scenario) -> set[str]:
        return {check.id for check in checks.always(one)}

    assert ids(scenario("token-endpoint-redirect-307")) == ids(scenario("clickview-happy")) - {
        "token-never-to-other-host"
    }


def test_short_values_are_not_searched_for() -> None:
    """A value like ``ada`` occurs by chance."""
    seen = evidence(context={"client_secret": "ada"}, secrets=(), logs=log("adamant"))
    assert checks.check("secret-never-in-logs").judge(seen).verdict is PASS


def test_the_finding_of_a_refused_token_request_does_not_need_json() -> None:
    """An HTML page at the token endpoint is an answer like any other."""
    page = token(1, status=503, answer=refused("x"))
    assert checks.check("token-request-is-post").judge(evidence(page)).verdict is PASS
