"""Hand-made evidence for the checks of logins: state, code challenge, grant, and odd callbacks."""

import hashlib
from base64 import urlsafe_b64encode
from typing import Any
from urllib.parse import urlencode

from sparring.harness.evidence import Exchange, Visit
from sparring.harness.verdict import Verdict
from tests.harness.checks.builder import (
    CALLBACK,
    CODE,
    CODE_2,
    SECRET,
    api,
    evidence,
    exchange_code,
    refused,
    steps,
    token,
    visit,
)
from tests.harness.checks.cases import Case

PASS, WARN, FAIL = Verdict.PASS, Verdict.WARN, Verdict.FAIL
INCONCLUSIVE, SKIP = Verdict.INCONCLUSIVE, Verdict.SKIP
FIRED: dict[str, Any] = {"fired": ("fault",)}
STATES = ("Zk3vTqk0hJ2m1bJm9xk1oYw2o8nYt4uQe7cRf5aVbNs", "hO1vT8b2Qm0rY5cXk9sLd3fGj7pWz4uAe6nBq1iMtRw")
UUIDS = ("0b7c1f0e-3c0b-4c2a-9f0a-0d5e6f7a8b9c", "2f6c0f5e-6a1e-4d4f-8a53-6a3e0d0f7b11")
VERIFIERS = ("A" * 43, "b~._-" + "C" * 123)
CONFIDENTIAL: dict[str, Any] = {"provider": "movingimage"}
NUMERALS = ("40837162951837264059182736450918", "95160483720561839274615089372641")
BASE64 = ("q9Zk+Tn1/2mXhB0dYw7LsA==", "Pf3/Je8+uRc5ViG6oKtN1w==")


def s256(verifier: str) -> str:
    """The code challenge of a verifier."""
    return urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def logins(*states: str) -> tuple[Visit, ...]:
    """One login with each of these states."""
    return tuple(visit(f"canary-code-{n}", state=state, back=state) for n, state in enumerate(states))


def asked_for(n: int, login: Visit, provider: str = "ingest") -> Exchange:
    """The browser's request for that login."""
    return api(n, None, 302, endpoint="authorize", url=login.url, provider=provider)


def challenged(code: str, verifier: str, method: str | None = "S256", challenge: str | None = None) -> Visit:
    """A login with the challenge of that verifier."""
    asked = {"code_challenge": challenge or s256(verifier)}
    return visit(code, asked=asked if method is None else {**asked, "code_challenge_method": method})


def proved(n: int, code: str, verifier: str | None) -> Exchange:
    """The exchange of a code with that verifier, or without any."""
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK, "client_secret": SECRET}
    return token(n, form if verifier is None else {**form, "code_verifier": verifier})


def _unproved(n: int, **more: Any) -> Exchange:
    """The exchange of a code by a client that does not say who it is."""
    return token(n, {"grant_type": "authorization_code", "code": CODE, "redirect_uri": CALLBACK}, **more)


BARE_LOGIN = visit(asked={"redirect_uri": ""})
TWO = (challenged(CODE, VERIFIERS[0]), challenged(CODE_2, VERIFIERS[1]))
SAME = (TWO[0], challenged(CODE_2, VERIFIERS[0]))
BY_CHALLENGE = visit(state="", asked={"code_challenge": "c"})
BY_NONCE = visit(state="", asked={"nonce": "n", "scope": "openid api"})
PROOFS = (proved(1, CODE, VERIFIERS[0]), proved(2, CODE_2, VERIFIERS[1]))
WITH_VERIFIER = proved(1, CODE, VERIFIERS[0])
REFUSED = token(
    1,
    {"grant_type": "authorization_code", "code": CODE, "code_verifier": "v"},
    status=400,
    answer=refused("invalid_grant"),
)
MISSPELT = token(
    1, {"grant_type": "authorisation_code", "code": CODE}, status=400, answer=refused("unsupported_grant_type")
)
TWICE = visit(replayed=True, replay_status=404)
FRAGMENT = visit(callback=f"{CALLBACK}#{urlencode({'code': CODE, 'state': 'st-1'})}")

CASES = [
    Case("state-is-fresh-and-random", "fresh", evidence(visits=logins(*STATES)), PASS),
    Case("state-is-fresh-and-random", "uuids", evidence(visits=logins(*UUIDS)), PASS),
    Case("state-is-fresh-and-random", "constant", evidence(visits=logins(STATES[0], STATES[0])), FAIL, "shared 1"),
    Case("state-is-fresh-and-random", "short", evidence(visits=logins("a1b2c3", "d4e5f6")), WARN, "128"),
    Case(
        "state-is-fresh-and-random",
        "counter",
        evidence(visits=logins(f"{STATES[0]}-1", f"{STATES[0]}-2")),
        WARN,
        "guessed",
    ),
    Case("state-is-fresh-and-random", "numerals", evidence(visits=logins(*NUMERALS)), WARN, "106 bits"),
    Case("state-is-fresh-and-random", "base64", evidence(visits=logins(*BASE64)), PASS),
    Case(
        "state-is-fresh-and-random",
        "counted-from-the-second-on",
        evidence(visits=logins(STATES[0], f"{STATES[0]}-2")),
        WARN,
        "0 bits",
    ),
    Case(
        "state-is-fresh-and-random",
        "begins-alike",
        evidence(visits=logins(f"web_{STATES[0][:21]}", f"web_{STATES[1][:21]}")),
        WARN,
        "126 bits",
    ),
    Case(
        "state-is-fresh-and-random",
        "ends-alike",
        evidence(visits=logins(f"{STATES[0][:21]}_browser", f"{STATES[1][:21]}_browser")),
        WARN,
        "126 bits",
    ),
    Case("state-is-fresh-and-random", "one-run", evidence(visits=logins(STATES[0]), driver="oneshot"), PASS),
    Case("state-is-fresh-and-random", "one-login", evidence(visits=logins(STATES[0])), INCONCLUSIVE),
    Case("state-is-fresh-and-random", "nobody", evidence(token(1)), INCONCLUSIVE),
    Case("state-is-fresh-and-random", "none", evidence(visits=(visit(state=""),)), FAIL, "no state"),
    Case(
        "state-is-fresh-and-random",
        "verified-challenge-instead",
        evidence(asked_for(1, BY_CHALLENGE, "movingimage"), visits=(BY_CHALLENGE,), **CONFIDENTIAL),
        WARN,
        "a code challenge protects it",
    ),
    Case(
        "state-is-fresh-and-random",
        "ignored-challenge-instead",
        evidence(visits=(BY_CHALLENGE,)),
        FAIL,
    ),
    Case(
        "state-is-fresh-and-random",
        "nonce-instead",
        evidence(asked_for(1, BY_NONCE, "panopto"), visits=(BY_NONCE,), provider="panopto"),
        WARN,
        "a nonce protects it",
    ),
    Case(
        "no-token-request-without-state",
        "verified-challenge-instead",
        evidence(visits=(BY_CHALLENGE,), **CONFIDENTIAL, **FIRED),
        WARN,
        "protects it",
    ),
    Case("pkce-with-s256", "fresh", evidence(*PROOFS, visits=TWO), PASS),
    Case("pkce-with-s256", "before-the-exchange", evidence(visits=TWO), PASS),
    Case("pkce-with-s256", "one-run", evidence(PROOFS[0], visits=TWO[:1], driver="oneshot"), PASS),
    Case("pkce-with-s256", "one-login", evidence(PROOFS[0], asked_for(2, TWO[0]), visits=TWO[:1]), INCONCLUSIVE),
    Case("pkce-with-s256", "nobody", evidence(token(1)), INCONCLUSIVE),
    Case("pkce-with-s256", "absent", evidence(visits=(visit(),)), WARN, "no code_challenge"),
    Case("pkce-with-s256", "absent-and-public", evidence(visits=(visit(),), public=True), FAIL, "no code_challenge"),
    Case(
        "pkce-with-s256",
        "constant",
        evidence(*(asked_for(n, login) for n, login in enumerate(SAME, start=1)), visits=SAME),
        FAIL,
        "shared 1",
    ),
    Case(
        "pkce-with-s256",
        "plain",
        evidence(PROOFS[0], visits=(challenged(CODE, "", "plain", VERIFIERS[0]),)),
        WARN,
        "`plain`",
    ),
    Case("pkce-with-s256", "no-method", evidence(visits=(challenged(CODE, "", None, VERIFIERS[0]),)), WARN, "`plain`"),
    Case("pkce-with-s256", "not-proved", evidence(proved(1, CODE, None), visits=TWO), FAIL, "no code_verifier"),
    Case("pkce-with-s256", "short", evidence(proved(1, CODE, "v"), visits=TWO), FAIL, "1 characters"),
    Case("pkce-with-s256", "another", evidence(proved(1, CODE, VERIFIERS[1]), visits=TWO), FAIL, "not that of"),
    Case(
        "pkce-with-s256",
        "not-proved-after-a-login-in-vain",
        evidence(proved(1, CODE, None), visits=TWO[::-1]),
        FAIL,
        "no code_verifier",
    ),
    Case("no-verifier-where-it-is-refused", "none", evidence(proved(1, CODE, None), provider="panopto"), INCONCLUSIVE),
    Case("no-verifier-where-it-is-refused", "none-sent", evidence(exchange_code(1)), PASS),
    Case(
        "no-verifier-where-it-is-refused",
        "recovered",
        evidence(REFUSED, exchange_code(2, CODE_2)),
        WARN,
        "second login",
    ),
    Case(
        "no-verifier-where-it-is-refused",
        "gives-up",
        evidence(REFUSED, steps=steps("protocol")),
        FAIL,
        "protocol",
    ),
    Case("no-verifier-where-it-is-refused", "no-exchange", evidence(visits=(visit(),)), INCONCLUSIVE),
    Case("grant-type-is-spelt-right", "right", evidence(exchange_code(1)), PASS),
    Case("grant-type-is-spelt-right", "copied", evidence(MISSPELT, exchange_code(2)), FAIL, "the provider's own guide"),
    Case(
        "grant-type-is-spelt-right", "other", evidence(token(1, {"grant_type": "code", "code": CODE})), FAIL, "`code`"
    ),
    Case("grant-type-is-spelt-right", "no-exchange", evidence(token(1)), INCONCLUSIVE),
    Case(
        "code-single-use",
        "probing-without-a-secret",
        evidence(_unproved(1, status=401, answer=refused("invalid_client")), exchange_code(2)),
        WARN,
        "probing",
    ),
    Case(
        "code-single-use",
        "twice-without-a-secret",
        evidence(*(_unproved(n, status=401, answer=refused("invalid_client")) for n in (1, 2))),
        FAIL,
        "2 token requests",
    ),
    Case(
        "redirect-uri-equality",
        "another-logins",
        evidence(exchange_code(1, CODE_2, redirect_uri=None), visits=(BARE_LOGIN, visit(CODE_2))),
        FAIL,
        "the token request has none",
    ),
    Case(
        "redirect-uri-equality",
        "slash-at-the-second-login",
        evidence(
            exchange_code(1), exchange_code(2, CODE_2, redirect_uri=f"{CALLBACK}/"), visits=(visit(), visit(CODE_2))
        ),
        FAIL,
        f"names {CALLBACK}/; the login was for {CALLBACK}.",
    ),
    Case(
        "redirect-uri-equality",
        "registered-one-first-then-slash",
        evidence(
            exchange_code(1), exchange_code(2, CODE_2, redirect_uri=f"{CALLBACK}/"), visits=(BARE_LOGIN, visit(CODE_2))
        ),
        FAIL,
        f"names {CALLBACK}/; the login was for {CALLBACK}.",
    ),
    Case(
        "redirect-uri-equality",
        "neither-of-two",
        evidence(
            *(asked_for(n, visit(asked={"redirect_uri": f"{CALLBACK}{n}"})) for n in (1, 2)),
            exchange_code(3),
            context={"client_id": "client", "client_secret": SECRET},
        ),
        FAIL,
        f"the login was for {CALLBACK}1 or {CALLBACK}2.",
    ),
    Case("code-single-use", "misspelt-first", evidence(MISSPELT, exchange_code(2)), PASS),
    Case("callback-is-taken-once", "refused", evidence(exchange_code(1), api(2), visits=(TWICE,), **FIRED), PASS),
    Case(
        "callback-is-taken-once",
        "nobody-listens",
        evidence(exchange_code(1), visits=(visit(replayed=True),), **FIRED),
        PASS,
    ),
    Case(
        "callback-is-taken-once",
        "exchanged-twice",
        evidence(exchange_code(1), exchange_code(2, status=400), visits=(TWICE,), **FIRED),
        FAIL,
        "exchanged twice",
    ),
    Case(
        "callback-is-taken-once",
        "session-lost",
        evidence(exchange_code(1), visits=(TWICE,), steps=steps("ok", "reauth"), **FIRED),
        FAIL,
        "reauth",
    ),
    Case(
        "callback-is-taken-once",
        "server-error",
        evidence(exchange_code(1), visits=(visit(replayed=True, replay_status=500),), **FIRED),
        WARN,
        "500",
    ),
    Case("callback-is-taken-once", "once", evidence(exchange_code(1), visits=(visit(),), **FIRED), INCONCLUSIVE),
    Case("callback-is-taken-once", "stdin", evidence(visits=(visit(callback_status=None),)), SKIP, "line of text"),
    Case(
        "callback-without-a-code-ends",
        "error",
        evidence(visits=(FRAGMENT,), steps=steps("protocol"), **FIRED),
        PASS,
    ),
    Case(
        "callback-without-a-code-ends",
        "invented",
        evidence(exchange_code(1, "", status=400), visits=(FRAGMENT,), steps=steps("protocol"), **FIRED),
        FAIL,
        "all the same",
    ),
    Case(
        "callback-without-a-code-ends", "timeout", evidence(visits=(FRAGMENT,), steps=steps("timeout"), **FIRED), FAIL
    ),
    Case("callback-without-a-code-ends", "crash", evidence(visits=(FRAGMENT,), steps=steps("crash"), **FIRED), WARN),
    Case(
        "callback-without-a-code-ends",
        "in-both",
        evidence(visits=(visit(callback=f"{CALLBACK}?code={CODE}#code={CODE}"),), **FIRED),
        INCONCLUSIVE,
    ),
    Case("callback-without-a-code-ends", "in-the-query", evidence(visits=(visit(),), **FIRED), INCONCLUSIVE),
]
