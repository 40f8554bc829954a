"""Hand-made evidence for the checks of where secrets show."""

import json
from dataclasses import replace

from sparring.harness.evidence import LogFile
from sparring.harness.verdict import Verdict
from tests.harness.checks.builder import (
    ACCESS,
    CALLBACK,
    CODE,
    REFRESH,
    REFRESH_2,
    SECOND,
    SECRET,
    api,
    decoy,
    evidence,
    exchange_code,
    good,
    log,
    register,
    token,
    visit,
)
from tests.harness.checks.cases import Case
from tests.harness.checks.trials_logins import VERIFIERS, proved, s256
from tests.harness.checks.trials_partners import rotor

PASS, WARN, FAIL = Verdict.PASS, Verdict.WARN, Verdict.FAIL
VERIFIER = VERIFIERS[0]
FRONT_CODE = "canary-code-of-the-fragment"
HALF_A_PAIR = "canary-\ud83d-access"
WITH_SECRET = visit(asked={"client_secret": SECRET})
WITH_A_WRONG_ONE = visit(asked={"client_secret": "no"})
NOT_ENCODED = replace(WITH_SECRET, url=WITH_SECRET.url.replace("client_id=client", "client_id=caf\u00e9"))
CLEAN, LEAKING, WRONG = (
    api(n, None, 302, endpoint="authorize", url=asked.url)
    for n, asked in enumerate((visit(), WITH_SECRET, WITH_A_WRONG_ONE), start=1)
)


def _printed(name: str, verdict: Verdict, line: dict[str, str], says: str = "") -> Case:
    """A line on the stdout of a partner's client."""
    return Case("secret-never-in-logs", name, rotor(register(2), logs=log(json.dumps(line), "stdout")), verdict, says)


ALWAYS = [
    Case("secret-never-front-channel", "second-request", evidence(CLEAN, LEAKING), FAIL, "URL carries client_secret"),
    Case("secret-never-front-channel", "wrong-one-in-a-request", evidence(CLEAN, WRONG), FAIL, "has a client_secret"),
    Case(
        "secret-never-front-channel",
        "verifier-as-state",
        evidence(
            proved(1, CODE, VERIFIER),
            visits=(visit(asked={"code_challenge": s256(VERIFIER), "code_challenge_method": "S256"}, state=VERIFIER),),
        ),
        FAIL,
        "URL carries code_verifier",
    ),
    Case(
        "secret-never-front-channel",
        "old-code-on-the-way-back",
        evidence(visits=(visit(state=f"/cb?code={CODE}"), visit(callback_body=f"<p>Signed in by {CODE}</p>"))),
        PASS,
    ),
    Case(
        "secret-never-in-logs",
        "visit-url-in-json-is-judged-elsewhere",
        evidence(visits=(NOT_ENCODED,), logs=log(json.dumps({"sparring": "visit", "url": NOT_ENCODED.url}), "stdout")),
        PASS,
    ),
    _printed("result-of-one-run", PASS, {"outcome": "ok", "token": SECOND}),
    _printed("answer-without-an-outcome", PASS, {"sparring": "done", "token": SECOND}),
    _printed("log-in-json", FAIL, {"level": "debug", "token": SECOND}, "access_token"),
    Case("secret-never-in-logs", "json-of-php", evidence(logs=log(SECRET.replace("/", "\\/"))), FAIL, "client_secret"),
    Case(
        "secret-never-in-logs", "json-of-dotnet", evidence(logs=log(SECRET.replace("+", "\\u002B"))), FAIL, "client_s"
    ),
    Case("secret-never-in-logs", "json-of-gson", evidence(logs=log(SECRET.replace("=", "\\u003d"))), FAIL, "client_s"),
    Case("secret-never-in-logs", "number-in-a-line", rotor(register(2), logs=log("42\n", "stdout")), PASS),
    Case(
        "secret-never-in-logs",
        "cache-and-output",
        evidence(logs=(*log(REFRESH, "tokens.json", 0o600), *log(f"got {ACCESS} and {REFRESH}"))),
        FAIL,
        "shows access_token (0c1d3b45), refresh_token (f8fc5112).",
    ),
    Case(
        "secret-never-in-logs",
        "two-doubts",
        evidence(
            logs=(*log(REFRESH, "tokens.json"), LogFile(name="old.json", text=REFRESH, mode=0o644)),
        ),
        WARN,
        "tokens.json (unknown mode)",
    ),
    Case("secret-never-in-logs", "verifier", evidence(proved(1, CODE, VERIFIER), logs=log(VERIFIER)), WARN, "verifier"),
    Case(
        "secret-never-in-logs",
        "verifier-of-a-query",
        evidence(token(1, query={"code_verifier": VERIFIER}, body=b""), logs=log(VERIFIER)),
        WARN,
        "code_verifier",
    ),
    Case(
        "secret-never-in-logs",
        "renewed-refresh-token",
        evidence(exchange_code(1, answer=good(refresh=REFRESH_2)), logs=log(REFRESH_2)),
        FAIL,
        "shows refresh_token",
    ),
    Case(
        "secret-never-in-logs",
        "code-of-a-fragment",
        evidence(visits=(visit(callback=f"{CALLBACK}#code={FRONT_CODE}"),), logs=log(FRONT_CODE)),
        WARN,
        "shows code",
    ),
    Case(
        "secret-never-in-logs",
        "eight-characters",
        evidence(context={"client_secret": "k3jd82mq"}, logs=log("secret=k3jd82mq")),
        FAIL,
        "client_secret",
    ),
    Case(
        "secret-never-in-logs",
        "half-a-pair-of-surrogates",
        evidence(token(1, answer=good(HALF_A_PAIR)), logs=log(json.dumps(good(HALF_A_PAIR, None)))),
        FAIL,
        "shows access_token",
    ),
    Case(
        "token-never-to-other-host",
        "header-of-its-own",
        evidence(decoy(1, headers=(("x-access-token", ACCESS),))),
        FAIL,
        "access_token",
    ),
    Case("token-never-to-other-host", "bytes", evidence(decoy(1, method="PUT", body=b"\x00\xff\xfe")), PASS),
    Case("bearer-header-only", "preflight", evidence(replace(api(1, None), method="OPTIONS"), api(2)), PASS),
]
"""Rows for checks that hold in every run."""
